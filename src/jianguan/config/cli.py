"""The command line `jianguan`.

Contract of every command: exit status 0 good, 1 the thing checked is bad, 2 wrong use, 3 some rows were bad. With
`--json` one JSON document goes to standard output and nothing else.
"""

from __future__ import annotations

from importlib import import_module

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


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jianguan")
def main() -> None:
    """Jianguan 建管: whole-process supervision of construction."""
