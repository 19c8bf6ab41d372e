"""`jianguan init`: prepare an installation."""

from __future__ import annotations

import click

from jianguan.config import installation


@click.command()
@click.option(
    "--base-url", default="http://127.0.0.1:8000", show_default=True, help="public address; stands in QR codes"
)
@click.option("--mode", type=click.Choice(["production", "demo"]), default="production", show_default=True)
def init(base_url: str, mode: str) -> None:
    """Write the settings file, prepare the database, load places, calendar, dictionaries, roles and matters.

    Running it again brings an installation up to date and changes nothing else.
    """
    if not installation.exists():
        path = installation.create(mode, base_url)
        click.echo(f"Settings with fresh secrets: {path} (back this file up)")
    installation.prepare()
    from django.core.management import call_command

    from jianguan.config.demonstration.loading import load_basics

    call_command("migrate", verbosity=0, interactive=False)
    load_basics()
    click.echo("The database is up to date; places, calendar, dictionaries, roles and matters are loaded.")
