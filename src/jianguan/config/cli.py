"""The command line `jianguan`.

Contract of every command: exit status 0 good, 1 the thing checked is bad, 2 wrong use or nothing to check it with (no
installation, no database), 3 some rows were bad. With `--json` one JSON document goes to standard output and nothing
else, also where there is no answer: `{"error": …}`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from jianguan import __version__

# Where each command lives. They are imported when they run, so that `jianguan --help` is quick.
COMMANDS = {
    "bench": "bench:bench",
    "certificate": "certificate:certificate",
    "clock": "clock:clock",
    "codes": "codes:codes",
    "db": "db:db",
    "demo": "demo:demo",
    "doctor": "doctor:doctor",
    "init": "init:init",
    "journal": "journal:journal",
    "packs": "packs:packs",
    "rules": "rules:rules",
    "sequencer": "serve:sequencer",
    "serve": "serve:serve",
    "worker": "serve:worker",
}


class LazyGroup(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command: click.Command = getattr(import_module(f"jianguan.config.commands.{module}"), attribute)
        return command

    def main(self, args: Sequence[str] | None = None, *positional: Any, **options: Any) -> NoReturn:
        """Run a command; what keeps it from answering becomes a sentence and exit status 2."""
        arguments = list(sys.argv[1:] if args is None else args)
        try:
            sys.exit(super().main(arguments, *positional, **{**options, "standalone_mode": False}))
        except click.Abort:
            _give_up("Stopped.", arguments)
        except click.ClickException as error:
            error.show()
            _give_up(error.format_message(), arguments, shown=True)
        except SystemExit as end:
            if not isinstance(end.code, str):
                raise
            _give_up(end.code, arguments)
        except Exception as error:
            if not (sentence := _without_database(error)):
                raise
            _give_up(sentence, arguments)


def _give_up(sentence: str, arguments: Sequence[str], *, shown: bool = False) -> NoReturn:
    if not shown:
        click.echo(sentence, err=True)
    if "--json" in arguments:
        click.echo(json.dumps({"error": sentence}, ensure_ascii=False))
    sys.exit(2)


def _without_database(error: Exception) -> str:
    """The sentence for an error that only says that there is no database to ask."""
    from django.db import OperationalError, ProgrammingError
    from psycopg.errors import UndefinedTable

    from jianguan.platform.database.embedded import DatabaseUnavailableError

    if isinstance(error, DatabaseUnavailableError):
        return str(error)
    if isinstance(error, OperationalError):
        return f"The database does not answer: {error}".strip()
    if isinstance(error, ProgrammingError) and isinstance(error.__cause__, UndefinedTable):
        return "The database is not prepared. Run: jianguan init"
    return ""


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jianguan")
def main() -> None:
    """Jianguan 建管: whole-process supervision of construction."""
