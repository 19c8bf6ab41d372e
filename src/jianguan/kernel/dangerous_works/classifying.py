"""Deciding the class of works."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jianguan.kernel.dangerous_works.catalogue import Catalogue, Condition, Entry, KindOfWorks, Level
from jianguan.kernel.messages import Message, message
from jianguan.kernel.tables import Localized

NOTHING = Localized("不属于危大工程", "Not dangerous works")


class WorksError(Exception):
    """Works that cannot be classed; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class Works:
    """Works to be classed: their kind, measures in the units of the catalogue, and the facts that hold."""

    kind: str
    measures: Mapping[str, Decimal] = field(default_factory=dict)
    facts: Collection[str] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A condition that is met: its entry, and the measured value where it is about one."""

    level: Level
    clause: Localized
    entry: Entry
    condition: Condition
    says: Message


@dataclass(frozen=True, slots=True)
class Classified:
    """The class, its name, and every condition that is met, the worse class first."""

    works: Works
    kind: KindOfWorks
    level: Level
    name: Localized
    matches: tuple[Match, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.works.name, "kind": {"key": self.kind.key, **self.kind.name.to_json()}, "class": self.level,
            "class_name": self.name.to_json(),
            "matches": [
                {"class": m.level, "clause": m.clause.to_json(), "entry": m.entry.key, "name": m.entry.name.to_json(), "says": str(m.says)}
                for m in self.matches
            ],
        }  # fmt: skip


def classify(catalogue: Catalogue, works: Works) -> Classified:
    """The class of works, with everything that gives it.

    Raises:
        WorksError: the kind, a measure or a fact is unknown, a measure is negative, or nothing is told at all.
    """
    kind = catalogue.kinds.get(works.kind)
    if kind is None:
        raise WorksError(message("The catalogue has no kind of works “%(kind)s”.", kind=works.kind))
    _refuse_unknown(kind, works)
    matches = tuple(
        Match(level, catalogue.levels[level][1], entry, condition, _says(kind, works, condition))
        for level in catalogue.levels
        for entry in kind.entries.get(level, ())
        for condition in entry.any
        if _met(works, condition)
    )
    level = matches[0].level if matches else Level.NONE
    return Classified(works, kind, level, catalogue.levels[level][0] if matches else NOTHING, matches)


def _refuse_unknown(kind: KindOfWorks, works: Works) -> None:
    if not works.measures and not works.facts:
        raise WorksError(message("%(kind)s: enter at least one measure or fact.", kind=kind.name.zh))
    if unknown := (works.measures.keys() - kind.measures.keys()) | (set(works.facts) - kind.facts.keys()):
        raise WorksError(message("%(kind)s: “%(name)s” is not asked.", kind=kind.name.zh, name=min(unknown)))
    for name, value in works.measures.items():
        if not value.is_finite() or value < 0:
            says = message(
                "%(kind)s: %(measure)s is not negative.", kind=kind.name.zh, measure=kind.measures[name].name.zh
            )
            raise WorksError(says)


def _met(works: Works, condition: Condition) -> bool:
    if condition.at_least is None:
        return condition.name in works.facts
    value = works.measures.get(condition.name)
    return value is not None and value >= condition.at_least


def _says(kind: KindOfWorks, works: Works, condition: Condition) -> Message:
    if condition.at_least is None:
        return message("%(fact)s.", fact=kind.facts[condition.name].zh)
    measure = kind.measures[condition.name]
    return message(
        "%(measure)s %(value)s %(unit)s, at least %(least)s %(unit)s.",
        measure=measure.name.zh, value=works.measures[condition.name], unit=measure.unit, least=condition.at_least,
    )  # fmt: skip
