"""Reading catalogues (YAML) and works to be classed (JSON), and saying where they are wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

import yaml

from jianguan.kernel.dangerous_works.catalogue import (
    Catalogue,
    CatalogueError,
    Condition,
    Entry,
    KindOfWorks,
    Level,
    Measure,
)
from jianguan.kernel.dangerous_works.classifying import Works, WorksError
from jianguan.kernel.messages import message
from jianguan.kernel.tables import Localized

LEVELS = (Level.OVER_SCALE, Level.DANGEROUS)


def read_catalogue(content: bytes) -> Catalogue:
    """A catalogue from its file.

    Raises:
        CatalogueError: something is missing, or an entry asks what its kind does not.
    """
    try:
        document = yaml.safe_load(content)
        kinds = {row["key"]: _kind(row) for row in document["kinds"]}
        said = document["classes"]
        return Catalogue(
            document["key"], str(document["version"]), Localized(**document["name"]),
            {level: (_name(said[level]), Localized(**said[level]["clause"])) for level in LEVELS}, kinds,
        )  # fmt: skip
    except (yaml.YAMLError, KeyError, TypeError, ArithmeticError) as error:
        raise CatalogueError(f"{type(error).__name__}: {error}") from error


def _name(row: Mapping[str, Any]) -> Localized:
    return Localized(row["zh"], row["en"])


def _kind(row: Mapping[str, Any]) -> KindOfWorks:
    measures = {key: Measure(_name(said), said["unit"]) for key, said in row.get("measures", {}).items()}
    facts = {key: _name(said) for key, said in row.get("facts", {}).items()}
    entries = {level: tuple(_entry(one) for one in row.get(level, ())) for level in LEVELS}
    for entry in (entry for several in entries.values() for entry in several):
        for condition in entry.any:
            known: Mapping[str, object] = facts if condition.at_least is None else measures
            if condition.name not in known:
                raise CatalogueError(f"{entry.key} asks for {condition.name}, which {row['key']} does not have")
    return KindOfWorks(row["key"], _name(row), measures, facts, entries)


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(row["key"], _name(row), tuple(_condition(one) for one in row["any"]))


def _condition(row: Mapping[str, Any]) -> Condition:
    return Condition(row["fact"]) if "fact" in row else Condition(row["measure"], Decimal(str(row["at_least"])))


def read_works(content: bytes) -> list[Works]:
    """Works from JSON: `{"works": [{"kind": "formwork", "name": "…", "measures": {"support_span": 18}, "facts": []}]}`.

    Raises:
        WorksError: the JSON is not such a document; says where.
    """
    try:
        document = json.loads(content, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise WorksError(message("This is not JSON: %(error)s", error=error)) from error
    rows = document.get("works") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not rows:
        raise WorksError(message("An object with a list of “works” is expected."))
    return [_works(row, f"works[{number}]") for number, row in enumerate(rows, 1)]


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _works(row: Any, place: str) -> Works:
    if not isinstance(row, dict) or not isinstance(row.get("kind"), str):
        raise WorksError(message("%(place)s: works name their “kind”.", place=place))
    if unknown := row.keys() - {"kind", "name", "measures", "facts"}:
        raise WorksError(message("%(place)s: “%(key)s” is not known.", place=place, key=min(unknown)))
    measures, facts = row.get("measures", {}), row.get("facts", [])
    if not isinstance(measures, dict) or not isinstance(facts, list) or not all(isinstance(f, str) for f in facts):
        raise WorksError(message("%(place)s: “measures” are numbers by name, “facts” a list of names.", place=place))
    numbers = {key: _number(value, f"{place}.{key}") for key, value in measures.items()}
    return Works(row["kind"], numbers, tuple(facts), str(row.get("name", "")))


def _number(value: Any, place: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise WorksError(message("%(place)s: a number is expected, in the unit of the catalogue.", place=place))
    return Decimal(value)
