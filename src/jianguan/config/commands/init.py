"""`jianguan init`: prepare an installation."""

from __future__ import annotations

import click

from jianguan.config import installation
from jianguan.config.environment import check_address


class Address(click.ParamType):
    """The public address of an installation."""

    name = "url"

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> str:
        try:
            return check_address(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}", param, context)


@click.command()
@click.option(
    "--base-url",
    type=Address(),
    default="http://127.0.0.1:8000",
    show_default=True,
    help="public address; stands in QR codes",
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
