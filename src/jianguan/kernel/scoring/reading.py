"""Reading schemes (YAML) and inspections (JSON), and saying where they are wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import yaml

from jianguan.kernel.messages import message
from jianguan.kernel.scoring.scheme import Category, Deduction, Grade, Guarantee, Item, Scheme, SchemeError, Table
from jianguan.kernel.scoring.sheets import Absent, Inspection, Scored, Sheet, SheetError
from jianguan.kernel.tables import Localized

FULL = 100


def read_scheme(content: bytes) -> Scheme:
    """A scheme from its file.

    Raises:
        SchemeError: something is missing, a table or the weights do not make 100, or a table is in no category.
    """
    try:
        document = yaml.safe_load(content)
        tables = {str(row["key"]): _table(row) for row in document["tables"]}
        rule = document["guarantee"]
        scheme = Scheme(
            key=document["key"], version=str(document["version"]), name=Localized(**document["name"]), tables=tables,
            categories=tuple(
                Category(row["key"], _name(row), Decimal(str(row["weight"])), tuple(map(str, row["tables"])))
                for row in document["categories"]
            ),
            grades=tuple(Grade(row["key"], _name(row), Decimal(str(row["at_least"]))) for row in document["grades"]),
            guarantee=Guarantee(Decimal(str(rule["at_least"])), Decimal(str(rule["of"])), rule["missing"]),
        )  # fmt: skip
    except (yaml.YAMLError, KeyError, TypeError, InvalidOperation) as error:
        raise SchemeError(f"{type(error).__name__}: {error}") from error
    _refuse_unsound(scheme)
    return scheme


def _name(row: Mapping[str, Any]) -> Localized:
    return Localized(row["zh"], row["en"])


def _table(row: Mapping[str, Any]) -> Table:
    items = [
        Item(item["key"], _name(item), Decimal(str(item["points"])), kind == "guarantee", _deductions(item))
        for kind in ("guarantee", "general", "items")
        for item in row.get(kind, ())
    ]
    return Table(str(row["key"]), _name(row), row["clause"], row["confidence"], {item.key: item for item in items})


def _deductions(item: Mapping[str, Any]) -> tuple[Deduction, ...]:
    return tuple(_deduction(row) for row in item.get("deductions", ()))


def _deduction(row: Mapping[str, Any]) -> Deduction:
    least, most = (Decimal(str(points)) for points in row["points"])
    return Deduction(Localized(row["zh"], row.get("en", row["zh"])), least, most, row.get("per", ""))


def _refuse_unsound(scheme: Scheme) -> None:
    named = [table for category in scheme.categories for table in category.tables]
    if sorted(named) != sorted(scheme.tables):
        raise SchemeError(
            f"tables and categories do not name each other once: {sorted(set(named) ^ scheme.tables.keys())}"
        )
    for table in scheme.tables.values():
        if sum(item.points for item in table.items.values()) != FULL:
            raise SchemeError(f"the items of table {table.key} do not make {FULL} points")
    if sum(category.weight for category in scheme.categories) != FULL:
        raise SchemeError(f"the weights of the categories do not make {FULL}")
    if scheme.grades[-1].at_least != 0:
        raise SchemeError("the last grade begins at 0")


def read_inspection(scheme: Scheme, content: bytes) -> Inspection:
    """An inspection from JSON: sheets with the points each item keeps, or why it is absent.

        {"sheets": [{"table": "B.17", "label": "1#", "scores": {"load_limiters": 8, …}, "absent": {"access": "…"}}],
         "absent": {"formwork_support": "…"}}

    Instead of the points kept, an item may list `[{"points": 3, "text": "…"}, …]`, its deductions: an item loses at most
    what it has.

    Raises:
        SheetError: the JSON is not such a document; says where.
    """
    try:
        document = json.loads(content, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise SheetError(message("This is not JSON: %(error)s", error=error)) from error
    if not isinstance(document, dict) or not isinstance(document.get("sheets"), list):
        raise SheetError(message("An inspection is an object with a list of “sheets”."))
    if unknown := document.keys() - {"scheme", "sheets", "absent"}:
        raise SheetError(message("An inspection has no “%(key)s”.", key=min(unknown)))
    sheets = [_sheet(scheme, row, number) for number, row in enumerate(document["sheets"], 1)]
    return Inspection(sheets, _texts(document.get("absent", {}), "absent"))


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _sheet(scheme: Scheme, row: Any, number: int) -> Sheet:
    place = f"sheets[{number}]"
    if not isinstance(row, dict) or not isinstance(row.get("scores"), dict) or not isinstance(row.get("table"), str):
        raise SheetError(message("%(place)s: a sheet names its “table” and has “scores” by item.", place=place))
    table = scheme.tables.get(row["table"])
    if table is None:
        raise SheetError(message("The standard has no table “%(table)s”.", table=row["table"]))
    absent = _texts(row.get("absent", {}), f"{place}.absent")
    entries: dict[str, Scored | Absent] = {key: Absent(reason) for key, reason in absent.items()}
    for key, value in row["scores"].items():
        if key in absent:
            raise SheetError(message("%(place)s: “%(item)s” has a score and is absent.", place=place, item=key))
        entries[key] = Scored(_lost(table, key, value, f"{place}.{key}"))
    return Sheet(table.key, entries, str(row.get("label", "")))


def _lost(table: Table, key: str, value: Any, place: str) -> Decimal:
    item = table.items.get(key)
    if item is None:
        raise SheetError(message("Table %(table)s has no item “%(item)s”.", table=table.key, item=key))
    if isinstance(value, list):
        deductions = [_number(row.get("points") if isinstance(row, dict) else None, place) for row in value]
        if any(points < 0 for points in deductions):
            raise SheetError(message("%(place)s: a deduction is not negative.", place=place))
        return min(item.points, sum(deductions, Decimal()))
    kept = _number(value, place)
    if not 0 <= kept <= item.points:
        raise SheetError(message("%(place)s: the score is from 0 to %(points)s.", place=place, points=item.points))
    return item.points - kept


def _number(value: Any, place: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise SheetError(message("%(place)s: a number is expected.", place=place))
    return Decimal(value)


def _texts(value: Any, place: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise SheetError(message("%(place)s: reasons by name are expected.", place=place))
    return dict(value)
