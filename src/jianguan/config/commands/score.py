"""`jianguan score`: results of inspections from their sheets."""

from __future__ import annotations

from pathlib import Path

import click

from jianguan.config import installation
from jianguan.config.commands.output import BAD, answer, json_option
from jianguan.kernel.scoring import CategoryResult, Result, SheetError, read_inspection, score, shown


@click.group(name="score")
def command() -> None:
    """Score inspections."""


@command.command()
@click.argument("sheets", metavar="FILE.json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def jgj59(sheets: Path, as_json: bool) -> None:
    """Score the sheets of a safety inspection by JGJ 59-2011: tables, categories, total, grade, and every zero with its rule.

    FILE.json holds tables with the points of their items, what is absent, and why. Exit status 1: they cannot be scored.
    """
    installation.prepare_without_database()
    from jianguan.sites.inspections import service as inspections

    scheme = inspections.standard("jgj59")
    try:
        result = score(scheme, read_inspection(scheme, sheets.read_bytes()))
    except SheetError as error:
        answer({"file": str(sheets), "error": str(error)}, f"bad: {error}", as_json=as_json, status=BAD)
    answer(result.to_json(), "\n".join(_words(result)), as_json=as_json)


def _words(result: Result) -> list[str]:
    lines = [text for line in result.categories for text in _category(line)]
    zeros = [
        f"zero: {sheet.table.key} {sheet.label}".rstrip() + f": {zero.clause} {zero.says}"
        for sheet, zero in result.zeros
    ]
    return [*lines, *zeros, f"total {shown(result.total)}: {result.grade.name.en} ({result.grade.name.zh})"]


def _category(line: CategoryResult) -> list[str]:
    name = f"{line.category.name.zh} ({line.category.weight})"
    if line.absent:
        return [f"{name}: absent, {line.absent}"]
    sheets = [
        f"  {sheet.table.key} {sheet.table.name.zh} {sheet.label}".rstrip()
        + f": {sheet.earned} of {sheet.possible} → {shown(sheet.score)}"
        for sheet in line.sheets
    ]
    return [f"{name}: {shown(line.mean)} of 100 → {shown(line.points)}", *sheets]
