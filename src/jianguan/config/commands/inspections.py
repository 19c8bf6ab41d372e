"""`jianguan inspections`: checking published draws, offline."""

from __future__ import annotations

import json
from pathlib import Path

import click

from jianguan.config import installation
from jianguan.config.commands.output import BAD, GOOD, WRONG_USE, answer, json_option


@click.group()
def inspections() -> None:
    """Inspections of sites."""


@inspections.command("verify-draw")
@click.argument("file", metavar="FILE.json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def verify_draw(file: Path, as_json: bool) -> None:
    """Check a published double-random draw: its commitment, and the draw done again from lists and seed.

    FILE.json is what the public page of the draw offers. Needs neither an installation nor the network. That the commitment
    was in the journal before the draw is shown by the proof of its entry. Exit status 1: the draw is not sound.
    """
    installation.prepare_without_database()
    from jianguan.sites.inspections import service

    try:
        wrong = service.verify_draw(json.loads(file.read_bytes()))
    except (ValueError, RecursionError) as error:
        answer({"file": str(file), "error": str(error)}, f"no draw: {error}", as_json=as_json, status=WRONG_USE)
    document = {"file": str(file), "sound": not wrong, "findings": [str(one) for one in wrong]}
    words = (
        "\n".join(f"bad: {one}" for one in wrong)
        or "sound: lists, rules and seed are those sealed, and give this result"
    )
    answer(document, words, as_json=as_json, status=BAD if wrong else GOOD)
