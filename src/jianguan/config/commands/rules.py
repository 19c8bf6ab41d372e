"""`jianguan rules`: decision tables."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import click

from jianguan.config.commands.output import BAD, answer, json_option
from jianguan.kernel.tables import EvaluationError, Table, TableError, load


@click.group()
def rules() -> None:
    """Decision tables."""


@rules.command()
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("inputs", metavar="INPUT.json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def evaluate(table: Path, inputs: Path, as_json: bool) -> None:
    """Evaluate the decision TABLE (a *.table.json file) with the values of INPUT.json, and say why.

    Exit status 1: the table is unsound, or these values do not fit it.
    """
    try:
        loaded = load(table.read_bytes())
        evaluation = loaded.evaluate(_values(loaded, inputs))
    except (TableError, EvaluationError) as error:
        answer({"table": str(table), "error": str(error)}, f"bad: {error}", as_json=as_json, status=BAD)
    words = "\n".join(str(line) for line in evaluation.explain("en"))
    answer(evaluation.to_json(), words, as_json=as_json)


def _values(table: Table, path: Path) -> dict[str, Any]:
    """Inputs as the table wants them: numbers exact, dates from their ISO text."""
    try:
        document = json.loads(path.read_bytes(), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"{path} is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise click.UsageError(f"{path} must hold one JSON object with the inputs by name")
    dates = {column.key for column in table.inputs if column.kind == "date"}
    return {key: _date(value) if key in dates else value for key, value in document.items()}


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _date(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value  # the table says what it expected
