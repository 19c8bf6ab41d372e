"""`jianguan db`: the embedded database."""

from __future__ import annotations

import click

from jianguan.config import installation
from jianguan.platform.database.embedded import open_cluster


@click.group()
def db() -> None:
    """The embedded database (where DATABASE_URL names no other)."""


@db.command()
def up() -> None:
    """Start it and print its address."""
    cluster = open_cluster(installation.var() / "db")
    cluster.start()
    click.echo(cluster.url())


@db.command()
def down() -> None:
    """Stop it cleanly."""
    open_cluster(installation.var() / "db").stop()
