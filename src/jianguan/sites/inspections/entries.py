"""What inspectors enter in a sheet: read from a form, checked, and handed to the scoring.

Loose entries are what was typed, item by item, with text where numbers are expected; checked ones are stored. Both have
the shape that `models.Sheet` tells, so that a form is drawn from either.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid5

from jianguan.kernel.messages import Message, message
from jianguan.kernel.scoring import Absent, Deduction, Item, Scored, Sheet, Table

OTHER = "other"  # key of the deduction in one's own words
SEEN, ABSENT = "seen", "absent"
MOST_TIMES = 99
LONGEST = 300
Entries = dict[str, dict[str, Any]]
Wrong = dict[str, Message]


def posted(table: Table, data: Mapping[str, str]) -> Entries:
    """The loose entries of a posted form; items of which nothing was said are left out."""
    found = {key: _posted(item, data) for key, item in table.items.items()}
    return {key: entry for key, entry in found.items() if entry["state"] or entry["why"] or entry["deductions"]}


def _posted(item: Item, data: Mapping[str, str]) -> dict[str, Any]:
    deductions = [
        {
            "key": str(n),
            "points": data.get(f"p-{item.key}-{n}", str(usual.least)).strip(),
            "count": data.get(f"c-{item.key}-{n}", "").strip(),
        }
        for n, usual in enumerate(item.deductions)
        if f"d-{item.key}-{n}" in data
    ]
    text, points = (data.get(f"{name}-{item.key}", "").strip() for name in ("o", "op"))
    if text or points:
        deductions.append({"key": OTHER, "text": text, "points": points, "count": "1"})
    why = data.get(f"why-{item.key}", "").strip()
    return {"state": data.get(f"s-{item.key}", ""), "why": why, "deductions": deductions}


def checked(table: Table, loose: Mapping[str, Mapping[str, Any]]) -> tuple[Entries, Wrong]:
    """The entries as they are stored, and what is wrong with them by name of input."""
    kept: Entries = {}
    wrong: Wrong = {}
    for key, entry in loose.items():
        item = table.items.get(key)
        if item is None:
            wrong[key] = message("Table %(table)s has no item “%(item)s”.", table=table.key, item=key)
        else:
            kept[key] = _checked(item, entry, wrong)
    guarantee = [item.key for item in table.items.values() if item.guarantee]
    if guarantee and all(kept.get(key, {}).get("state") == ABSENT for key in guarantee):
        wrong[f"s-{guarantee[0]}"] = message(
            "Table %(table)s needs its guarantee items: not all of them can be absent. Remove the sheet instead.",
            table=table.key,
        )
    return kept, wrong


def _checked(item: Item, entry: Mapping[str, Any], wrong: Wrong) -> dict[str, Any]:
    why, given = str(entry.get("why", "")).strip(), entry.get("deductions", ())
    if entry.get("state") == ABSENT:
        if given:
            wrong[f"s-{item.key}"] = message("An item that is absent loses no points: take one of the two back.")
        if not why or len(why) > LONGEST:
            wrong[f"why-{item.key}"] = message("Say why it is absent, in at most %(count)s characters.", count=LONGEST)
        return {"state": ABSENT, "why": why}
    deductions = [_deduction(item, row, wrong) for row in given]
    total = sum((Decimal(one["points"]) * one["count"] for one in deductions), Decimal())
    return {"state": SEEN, "deductions": deductions, "lost": str(min(total, item.points))}


def _deduction(item: Item, row: Mapping[str, Any], wrong: Wrong) -> dict[str, Any]:
    if row.get("key") == OTHER:
        return _other(item, row, wrong)
    try:
        usual = item.deductions[int(row["key"])]
    except (KeyError, ValueError, IndexError):
        wrong[f"s-{item.key}"] = message("This deduction does not belong to the item.")
        return {"key": OTHER, "text": "", "points": "0", "count": 1}
    points, count = _points(usual, str(row.get("points", ""))), _count(usual, str(row.get("count", "")))
    if points is None:
        wrong[f"p-{item.key}-{row['key']}"] = message(
            "Between %(least)s and %(most)s points.", least=usual.least, most=usual.most
        )
    if count is None:
        wrong[f"c-{item.key}-{row['key']}"] = message("A whole number from 1 to %(most)s.", most=MOST_TIMES)
    return {"key": row["key"], "text": usual.name.zh, "points": str(points or 0), "count": count or 1}


def _other(item: Item, row: Mapping[str, Any], wrong: Wrong) -> dict[str, Any]:
    points, text = _number(str(row.get("points", ""))), str(row.get("text", "")).strip()
    if points is None or not 0 < points <= item.points:
        wrong[f"op-{item.key}"] = message(
            "The item has %(points)s points: deduct more than 0 and at most these.", points=item.points
        )
        points = Decimal()
    if not text or len(text) > LONGEST:
        wrong[f"o-{item.key}"] = message("Say what was found, in at most %(count)s characters.", count=LONGEST)
    return {"key": OTHER, "text": text, "points": str(points), "count": 1}


def _points(usual: Deduction, typed: str) -> Decimal | None:
    if usual.least == usual.most:
        return usual.least
    points = _number(typed)
    return points if points is not None and usual.least <= points <= usual.most else None


def _count(usual: Deduction, typed: str) -> int | None:
    plain = unicodedata.normalize("NFKC", typed)
    if not usual.per or not plain:
        return 1
    return int(plain) if plain.isdecimal() and 1 <= int(plain) <= MOST_TIMES else None


def _number(typed: str) -> Decimal | None:
    """A number with at most two decimals, as people type it."""
    try:
        number = Decimal(unicodedata.normalize("NFKC", typed))
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    return number if isinstance(exponent, int) and exponent >= -2 and abs(number) <= 100 else None


def sheet(table: str, entries: Mapping[str, Mapping[str, Any]], label: str) -> Sheet:
    """A stored sheet for the scoring."""
    return Sheet(table, {key: _scored(entry) for key, entry in entries.items()}, label)


def _scored(entry: Mapping[str, Any]) -> Scored | Absent:
    return Absent(entry["why"]) if entry["state"] == ABSENT else Scored(Decimal(entry["lost"]))


def entry_id(sheet_id: UUID, item: str, deduction: str = "") -> UUID:
    """The id of an entry of a sheet, or of one of its deductions: the same through every saving and correction."""
    return uuid5(sheet_id, f"{item}/{deduction}" if deduction else item)


@dataclass(frozen=True, slots=True)
class Choice:
    """A usual deduction as the form offers it."""

    key: str
    usual: Deduction
    ticked: bool
    points: str
    count: str

    @property
    def ranges(self) -> bool:
        """Whether its points are to be chosen."""
        return self.usual.least != self.usual.most


@dataclass(frozen=True, slots=True)
class Row:
    """An item as the form shows it; `elsewhere` says that somebody else saved another entry meanwhile."""

    item: Item
    state: str
    why: str
    choices: list[Choice]
    text: str
    points: str
    errors: list[Message] = field(default_factory=list)
    wrong: frozenset[str] = frozenset()
    elsewhere: bool = False


def rows(
    table: Table, loose: Mapping[str, Mapping[str, Any]], wrong: Wrong, stored: Mapping[str, Any] | None = None
) -> list[Row]:
    """The rows of the form. `stored`: what stands in the database, where that is not what was typed."""
    return [_row(item, loose.get(key, {}), wrong, stored) for key, item in table.items.items()]


def _row(item: Item, entry: Mapping[str, Any], wrong: Wrong, stored: Mapping[str, Any] | None) -> Row:
    given = {row["key"]: row for row in entry.get("deductions", ())}
    choices = [
        Choice(
            str(n), usual, str(n) in given,
            str(given.get(str(n), {}).get("points", "")), str(given.get(str(n), {}).get("count", "")),
        )
        for n, usual in enumerate(item.deductions)
    ]  # fmt: skip
    own = given.get(OTHER, {})
    mine = {name: says for name, says in wrong.items() if name.split("-")[1:2] == [item.key]}
    elsewhere = stored is not None and _essence(stored.get(item.key)) != _essence(entry or None)
    return Row(
        item, entry.get("state", ""), entry.get("why", ""), choices, own.get("text", ""), str(own.get("points", "")),
        list(mine.values()), frozenset(mine), elsewhere,
    )  # fmt: skip


def _essence(entry: Mapping[str, Any] | None) -> object:
    """What two entries have to share to be the same for a reader."""
    if not entry:
        return None
    if entry.get("state") == ABSENT:
        return (ABSENT, entry.get("why"))
    return sorted(
        (
            row["key"],
            row.get("text", "") if row["key"] == OTHER else "",
            str(row.get("points") or ""),
            str(row.get("count") or "1"),
        )
        for row in entry.get("deductions", ())
    )
