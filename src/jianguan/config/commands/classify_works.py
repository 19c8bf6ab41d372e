"""`jianguan classify-works`: the class of dangerous works."""

from __future__ import annotations

from pathlib import Path

import click

from jianguan.config.commands.output import BAD, answer, json_option
from jianguan.kernel.dangerous_works import Classified, WorksError, classify, read_works
from jianguan.sites.dangerous_works import service as dangerous_works


@click.command(name="classify-works")
@click.argument("works", metavar="FILE.json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def command(works: Path, as_json: bool) -> None:
    """Class the works of FILE.json by their measures and facts, with the clause and the threshold that give the class.

    Exit status 1: some of them cannot be classed.
    """
    catalogue = dangerous_works.national()
    try:
        found = [classify(catalogue, one) for one in read_works(works.read_bytes())]
    except WorksError as error:
        answer({"file": str(works), "error": str(error)}, f"bad: {error}", as_json=as_json, status=BAD)
    document = {"catalogue": f"{catalogue.key}/{catalogue.version}", "works": [one.to_json() for one in found]}
    answer(document, "\n".join(text for one in found for text in _words(one)), as_json=as_json)


def _words(one: Classified) -> list[str]:
    named = f"{one.works.name} ({one.kind.name.zh})" if one.works.name else one.kind.name.zh
    return [
        f"{named}: {one.name.zh}",
        *(f"  {m.clause.zh} {m.entry.key} {m.entry.name.zh}: {m.says}" for m in one.matches),
    ]
