"""What stands between a decision table and its publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from jianguan.kernel.expressions.values import DESCRIBED, Kind
from jianguan.kernel.messages import Message, message
from jianguan.kernel.tables.analysis import Analysis, analyse
from jianguan.kernel.tables.cells import ANY
from jianguan.kernel.tables.table import Table


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding; an error keeps the table from being published."""

    severity: Literal["error", "warning"]
    message: Message


def gate(table: Table, available: Mapping[str, Kind] | None = None) -> list[Problem]:
    """Everything that is wrong with `table`, errors first.

    `available` are the variables that whoever uses the table will offer, with their kinds; without it, inputs are not
    held against anything.
    """
    errors = chain(_findings(table, analyse(table)), _unknown_inputs(table, available))
    warnings = chain(_idle_inputs(table), _missing_clauses(table))
    return [
        *(Problem("error", problem) for problem in errors),
        *(Problem("warning", problem) for problem in warnings),
    ]


def _findings(table: Table, analysis: Analysis) -> Iterator[Message]:
    for overlap in analysis.overlaps:
        rows, where = " ".join(overlap.rows), _where(table, overlap.cells)
        if table.hit == "unique":
            yield message("Rows %(rows)s overlap: %(where)s.", rows=rows, where=where)
        else:
            yield message("Rows %(rows)s disagree: %(where)s.", rows=rows, where=where)
    for gap in analysis.gaps:
        yield message("No row applies and there is no default: %(where)s.", where=_where(table, gap.cells))
    for row in analysis.unreachable:
        yield message("Row %(row)s can never apply.", row=row)
    if not analysis.complete:
        yield message("The check is not complete: correct what it found, or split the table.")


def _where(table: Table, cells: tuple[str, ...]) -> Message | str:
    asked = [f"{column.key} {cell}" for column, cell in zip(table.inputs, cells, strict=True) if cell != ANY]
    return "; ".join(asked) or message("whatever the inputs are")


def _unknown_inputs(table: Table, available: Mapping[str, Kind] | None) -> Iterator[Message]:
    if available is None:
        return
    for column in table.inputs:
        kind = available.get(column.key)
        if kind is None:
            yield message("The input %(input)s is not offered by anything.", input=column.key)
        elif kind != column.kind:
            yield message(
                "The input %(input)s must be %(expected)s, but %(found)s is offered.",
                input=column.key,
                expected=DESCRIBED[column.kind],
                found=DESCRIBED[kind],
            )


def _idle_inputs(table: Table) -> Iterator[Message]:
    for n, column in enumerate(table.inputs):
        if all(row.cells[n].text == ANY for row in table.rows):
            yield message("The input %(input)s is asked for, but no row depends on it.", input=column.key)
        if column.kind == "text" and not column.values:
            yield message("The input %(input)s is text without a closed list of values.", input=column.key)


def _missing_clauses(table: Table) -> Iterator[Message]:
    if not table.basis:
        for row in table.rows:
            if not row.clause:
                yield message("Row %(row)s names no clause, and the table has no basis.", row=row.id)
