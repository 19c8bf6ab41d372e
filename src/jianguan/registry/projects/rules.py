"""The tree of a project, put together without the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jianguan.registry.projects.models import PermittedWorksItem, SectionWorks, Works


@dataclass(frozen=True, slots=True)
class Bough:
    """That works belong to a section, and the permits they have there."""

    held: SectionWorks
    permits: list[PermittedWorksItem]


@dataclass(frozen=True, slots=True)
class Branch:
    """Single works with their sections, and the permits that stand below none of them."""

    works: Works
    sections: list[Bough]
    permits: list[PermittedWorksItem]


def branches(works: Iterable[Works]) -> list[Branch]:
    """Works → sections → permitted works, the newest last; histories stay in it.

    A permit stands below the section it names; one that names none, below the only section its works belonged to when
    it was issued.
    """
    return [_branch(item) for item in works]


def _branch(works: Works) -> Branch:
    sections = sorted(works.in_sections.all(), key=lambda held: (held.valid_from, held.pk))
    permits = sorted(works.permits.all(), key=lambda permit: (permit.valid_from, permit.pk))
    place = {permit.pk: _section_of(permit, sections) for permit in permits}
    below = [Bough(held, [p for p in permits if place[p.pk] == held.pk]) for held in sections]
    return Branch(works, below, [p for p in permits if place[p.pk] is None])


def _section_of(permit: PermittedWorksItem, sections: list[SectionWorks]) -> int | None:
    named = permit.permitted_works.section_id
    fitting = [held for held in sections if (held.section_id == named if named else _holds(held, permit))]
    return fitting[-1].pk if named and fitting else fitting[0].pk if len(fitting) == 1 else None


def _holds(held: SectionWorks, permit: PermittedWorksItem) -> bool:
    return held.valid_from <= permit.valid_from and (held.valid_until is None or held.valid_until > permit.valid_from)
