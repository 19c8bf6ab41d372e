"""The tree of a project, put together without the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from jianguan.kernel.messages import Message, message
from jianguan.registry.projects.models import Change, PermittedWorksItem, SectionWorks, Succession, Works

TOLERANCE = Decimal("0.01")  # share by which measures may differ without a reason; a proposal of the platform
_MEASURES: Mapping[str, Message] = {
    "area_above": message("Area above ground"),
    "area_below": message("Area below ground"),
    "length": message("Length of the works"),
}
_DECIMALS = {"area_above", "area_below", "height", "span", "length", "cost"}


@dataclass(frozen=True, slots=True)
class Bough:
    """That works belong to a section, and the permits they have there."""

    held: SectionWorks
    permits: list[PermittedWorksItem]


@dataclass(frozen=True, slots=True)
class Branch:
    """Single works with their sections, and the permits that stand below none of them.

    Attributes:
        through: permits of works these were merged from, which hold for them.
        came_from: the works these were split or merged from.
    """

    works: Works
    sections: list[Bough]
    permits: list[PermittedWorksItem]
    through: list[PermittedWorksItem]
    came_from: list[Works]


Through = Mapping[UUID, list[PermittedWorksItem]]


def branches(
    works: Iterable[Works], through: Through | None = None, came_from: Mapping[UUID, list[Works]] | None = None
) -> list[Branch]:
    """Works → sections → permitted works, the newest last; histories stay in it.

    A permit stands below the section it names; one that names none, below the only section its works belonged to when
    it was issued. `through`: the permits of ancestors, by the id of the ancestor; `came_from`: by the id of the works.
    """
    return [_branch(item, through or {}, (came_from or {}).get(item.id, [])) for item in works]


def _branch(works: Works, through: Through, came_from: list[Works]) -> Branch:
    sections = sorted(works.in_sections.all(), key=lambda held: (held.valid_from, held.pk))
    permits = sorted(works.permits.all(), key=lambda permit: (permit.valid_from, permit.pk))
    place = {permit.pk: _section_of(permit, sections) for permit in permits}
    below = [Bough(held, [p for p in permits if place[p.pk] == held.pk]) for held in sections]
    inherited = {i.permitted_works_id: i for ancestor in works.ancestors for i in through.get(ancestor, [])}
    return Branch(works, below, [p for p in permits if place[p.pk] is None], list(inherited.values()), came_from)


def _section_of(permit: PermittedWorksItem, sections: list[SectionWorks]) -> int | None:
    named = permit.permitted_works.section_id
    fitting = [held for held in sections if (held.section_id == named if named else _holds(held, permit))]
    return fitting[-1].pk if named and fitting else fitting[0].pk if len(fitting) == 1 else None


def _holds(held: SectionWorks, permit: PermittedWorksItem) -> bool:
    return held.valid_from <= permit.valid_from and (held.valid_until is None or held.valid_until > permit.valid_from)


def holds_on(valid_from: date, valid_until: date | None, day: date) -> bool:
    """Whether an interval holds on a day; the day it ends is not part of it."""
    return valid_from <= day and (valid_until is None or valid_until > day)


def sums_differ(old: Sequence[Any], new: Sequence[Any]) -> list[Message]:
    """What of areas and length of a split or merge does not add up within the tolerance; unknown before is not compared."""
    found = []
    for name, label in _MEASURES.items():
        before, after = _sum(old, name), _sum(new, name) or Decimal()
        if before is not None and abs(after - before) > before * TOLERANCE:
            found.append(
                message(
                    "%(measure)s: %(before)s before and %(after)s after. Correct it or give a reason.",
                    measure=label, before=before, after=after,
                )
            )  # fmt: skip
    return found


def _sum(works: Sequence[Any], name: str) -> Decimal | None:
    values = [value for one in works if (value := getattr(one, name)) is not None]
    return sum(values, Decimal()) if values else None


def as_said_on(rows: Sequence[Any], changes: Iterable[Change], day: date) -> None:
    """Put works or sections back to what the library said at the end of a day; the rows are not to be saved.

    Args:
        changes: all changes of the project, oldest first.
    """
    by_code = {row.code: row for row in rows}
    for change in reversed([one for one in changes if one.day > day]):
        row = by_code.get(change.code)
        for name, value in change.before.items() if row else ():
            if name != "works":  # of sections: that is told by the intervals
                setattr(row, name, Decimal(value) if value and name in _DECIMALS else value)


@dataclass(slots=True)
class Regrouping:
    """One split or merge, for people: from which works came which."""

    kind: str
    day: date
    reason: str
    actor_id: UUID
    act_id: UUID
    old: list[Works]
    new: list[Works]


def regroupings(successions: Iterable[Succession]) -> list[Regrouping]:
    """The splits and merges of a project, in the order of the rows."""
    acts: dict[UUID, Regrouping] = {}
    for row in successions:
        empty = Regrouping(row.kind, row.day, row.reason, row.actor_id, row.act_id, [], [])
        act = acts.setdefault(row.act_id, empty)
        for one, ones in ((row.predecessor, act.old), (row.successor, act.new)):
            if one not in ones:
                ones.append(one)
    return list(acts.values())
