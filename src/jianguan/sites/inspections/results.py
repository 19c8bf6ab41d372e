"""The result of an inspection, formed at once from what was saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from jianguan.kernel.messages import Message, message
from jianguan.kernel.scoring import Category, Inspection, Result, Scheme, SheetError, SheetResult, Table, score
from jianguan.sites.inspections import entries

_OUT = "-"  # stands for a reason where only a part is scored


class Filled(Protocol):
    """A sheet as it was filled in: stored, or in an edition."""

    @property
    def table(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def entries(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Line:
    """A sheet on the page of its inspection; `result` is None while it is not complete."""

    sheet: Any
    table: Table
    filled: int
    result: SheetResult | None


@dataclass(frozen=True, slots=True)
class Part:
    """A category of the summary table: its sheets so far, or why it is absent."""

    category: Category
    tables: Sequence[Table]
    lines: Sequence[Line]
    absent: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What an inspection comes to so far: the whole result, or the sentence that says what is missing."""

    parts: Sequence[Part]
    result: Result | None
    missing: Message | None


def whole(scheme: Scheme, sheets: Iterable[Filled], absent: Mapping[str, str]) -> Result:
    """The result of all sheets.

    Raises:
        SheetError: something is missing; says what.
    """
    return score(scheme, Inspection([entries.sheet(s.table, s.entries, s.label) for s in sheets], absent))


def standing(scheme: Scheme, sheets: Sequence[Filled], absent: Mapping[str, str]) -> Standing:
    """Every sheet with its own result, and the whole where nothing is missing."""
    lines = [_line(scheme, sheet) for sheet in sheets]
    parts = [
        Part(
            category, [scheme.tables[key] for key in category.tables],
            [line for line in lines if line.table.key in category.tables], absent.get(category.key, ""),
        )
        for category in scheme.categories
    ]  # fmt: skip
    try:
        return Standing(parts, whole(scheme, sheets, absent), None)
    except SheetError as error:
        return Standing(parts, None, _missing(lines) or error.message)


def _missing(lines: Sequence[Line]) -> Message | None:
    """The first sheet that is not filled in, by what people call it."""
    for line in lines:
        if line.filled < len(line.table.items):
            return message(
                "%(table)s %(label)s: %(count)s items are not filled in yet.",
                table=line.table.name.zh, label=line.sheet.label, count=len(line.table.items) - line.filled,
            )  # fmt: skip
    return None


def _line(scheme: Scheme, sheet: Filled) -> Line:
    table = scheme.tables[sheet.table]
    return Line(sheet, table, len(sheet.entries), alone(scheme, sheet))


def alone(scheme: Scheme, sheet: Filled) -> SheetResult | None:
    """What one sheet comes to; None while it is not complete."""
    others = {category.key: _OUT for category in scheme.categories if sheet.table not in category.tables}
    try:
        result = whole(scheme, [sheet], others)
    except SheetError:
        return None
    return next(one for line in result.categories for one in line.sheets)


@dataclass(frozen=True, slots=True)
class Kept:
    """A sheet as an edition keeps it."""

    id: str
    table: str
    label: str
    entries: Mapping[str, Any]


def of_edition(scheme: Scheme, content: Mapping[str, Any]) -> Standing:
    """What was submitted comes to; its reasons in the reader's language."""
    sheets = [Kept(one["id"], one["table"], one["label"], one["entries"]) for one in content["sheets"]]
    return standing(scheme, sheets, content["absent"])


@dataclass(frozen=True, slots=True)
class Loss:
    """An item that lost points or is absent, as the result shows it."""

    item: Any
    lost: str
    reasons: Sequence[str]
    absent: str


def losses(line: Line) -> list[Loss]:
    """The items of a sheet that are worth a line, in the order of the table."""
    found = []
    for key, item in line.table.items.items():
        entry = line.sheet.entries.get(key)
        if entry and entry["state"] == entries.ABSENT:
            found.append(Loss(item, "", (), entry["why"]))
        elif entry and entry["deductions"]:
            found.append(Loss(item, entry["lost"], [_reason(one) for one in entry["deductions"]], ""))
    return found


def _reason(one: Mapping[str, Any]) -> str:
    times = f" ×{one['count']}" if one["count"] > 1 else ""
    return f"{one['text']}（-{one['points']}{times}）"
