"""The command line `jianguan`.

Contract of every command: exit status 0 good, 1 the thing checked is bad, 2 wrong use or nothing to check it with (no
installation, no database, a mistake of ours), 3 some rows were bad. With `--json` one JSON document goes to standard
output and nothing else, also where there is no answer: `{"error": …}`.
"""

from __future__ import annotations

import io
import json
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from jianguan import __version__

# Where each command lives. They are imported when they run, so that `jianguan --help` is quick.
COMMANDS = {
    "archive": "archive:archive",
    "bench": "bench:bench",
    "certificate": "certificate:certificate",
    "classify-works": "classify_works:command",
    "clock": "clock:clock",
    "codes": "codes:codes",
    "db": "db:db",
    "demo": "demo:demo",
    "doctor": "doctor:doctor",
    "init": "init:init",
    "inspections": "inspections:inspections",
    "journal": "journal:journal",
    "packages": "packages:packages",
    "packs": "packs:packs",
    "rules": "rules:rules",
    "score": "score:command",
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
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # any terminal; JSON has the same escapes
        try:
            sys.exit(super().main(arguments, *positional, **{**options, "standalone_mode": False}))
        except SystemExit as end:
            if not isinstance(end.code, str):
                raise
            sentence = end.code
            click.echo(sentence, err=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no answer
            sentence = _explain(error)
        if "--json" in arguments:
            click.echo(json.dumps({"error": sentence}, ensure_ascii=False))
        sys.exit(2)


def _explain(error: Exception) -> str:
    """Say on standard error why there is no answer; returns the sentence."""
    if isinstance(error, click.ClickException):
        error.show()
        return error.format_message()
    sentence = _known(error)
    if not sentence:
        traceback.print_exc()
        sentence = f"This should not have happened: {type(error).__name__}: {error}"
    click.echo(sentence, err=True)
    return sentence


def _known(error: Exception) -> str:
    """The sentence for an error that is nobody's mistake in the program."""
    from django.db import OperationalError, ProgrammingError
    from psycopg.errors import UndefinedTable

    from jianguan.platform.database.embedded import DatabaseUnavailableError
    from jianguan.platform.errors import Refusal

    if isinstance(error, click.Abort):
        return "Stopped."
    if isinstance(error, DatabaseUnavailableError | Refusal):
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
