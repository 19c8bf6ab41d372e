"""Acts on the tree of works: changing works and sections, splitting works, merging works.

A split or merge ends works and enters others that say where they came from; nothing is deleted, and undoing it is
another merge or split. What was issued keeps its words: a permit of works that are split holds for all the parts;
permits of works that are merged stay with these, and hold for what came of them through the history (`Works.ancestors`).

Every act locks the project first, so that codes, splits, merges and permits of one project happen one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from jianguan.kernel.messages import Message, message
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal.service import Kind, record
from jianguan.platform.regions import service as regions
from jianguan.registry.projects import facts
from jianguan.registry.projects.actions import (
    Registered,
    lock_project,
    lock_works,
    next_works_code,
    no_longer_standing,
    standing_works,
    subject,
)
from jianguan.registry.projects.models import (
    Change,
    PermittedWorksItem,
    Project,
    Section,
    SectionWorks,
    Succession,
    Works,
)
from jianguan.registry.projects.rules import sums_differ

MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Part:
    """What is said of works that come from others; areas in ㎡, length in m."""

    name: str
    area_above: Decimal | None = None
    area_below: Decimal | None = None
    length: Decimal | None = None
    floors_above: int | None = None
    floors_below: int | None = None


@dataclass(frozen=True, slots=True)
class Regrouped:
    """Codes of the works that are new."""

    codes: list[str]


@dataclass(frozen=True, slots=True)
class SplitWorks:
    """Split single works 分解 into several, from today on; a reason where the measures do not add up."""

    command_id: UUID
    works_id: UUID
    parts: tuple[Part, ...]
    reason: str = ""


@action
def split_works(actor: Actor, command: SplitWorks) -> Regrouped:
    """Split works: they end today, the parts stand in their sections and under their permit from today.

    Raises:
        Forbidden: the actor does not keep the libraries there.
        Conflict: the works were split or merged already.
        Refusal: fewer than two parts, parts without a name, or measures that do not add up without a reason.
    """
    row = _kept(actor, _project_of(command.works_id))
    old = _standing(row, [command.works_id])
    _check_parts(command.parts)
    _check_sums(old, command.parts, command.reason)
    made = [_enter(row, part, old) for part in command.parts]
    _succeed(actor, command.command_id, Succession.SPLIT, command.reason, old, made)
    _move_permit(old[0], made)
    return _said(facts.WORKS_SPLIT, row, actor, old, made, command.reason)


@dataclass(frozen=True, slots=True)
class MergeWorks:
    """Merge several single works 合并 of one project into one, from today on."""

    command_id: UUID
    project_id: UUID
    works_ids: tuple[UUID, ...]
    into: Part
    reason: str = ""


@action
def merge_works(actor: Actor, command: MergeWorks) -> Regrouped:
    """Merge works: they end today with their permits staying on them, the new works stand in all their sections.

    Raises:
        Forbidden: the actor does not keep the libraries there.
        Conflict: some were split or merged already.
        Refusal: fewer than two, works of another project, no name, or measures that do not add up without a reason.
    """
    row = _kept(actor, command.project_id)
    if len(set(command.works_ids)) < 2:  # that is what merging means
        says = message("Choose at least two single works to merge.")
        raise Refusal(says, {"works_ids": says})
    old = _standing(row, command.works_ids)
    _check_parts([command.into], prefix="")
    _check_sums(old, [command.into], command.reason)
    made = [_enter(row, command.into, old)]
    _succeed(actor, command.command_id, Succession.MERGE, command.reason, old, made)
    return _said(facts.WORKS_MERGED, row, actor, old, made, command.reason)


@dataclass(frozen=True, slots=True)
class ChangeWorks:
    """Say something else of single works; their code stays."""

    command_id: UUID
    works_id: UUID
    reason: str
    name: str
    structure: str = ""
    area_above: Decimal | None = None
    area_below: Decimal | None = None
    floors_above: int | None = None
    floors_below: int | None = None
    height: Decimal | None = None
    span: Decimal | None = None
    length: Decimal | None = None
    cost: Decimal | None = None


@action
def change_works(actor: Actor, command: ChangeWorks) -> Registered:
    """Change what the library says of works from today on. A permit that names them keeps its words.

    Raises:
        Forbidden: the actor does not keep the libraries there.
        Conflict: the works were split or merged already.
        Refusal: no name, no reason, or nothing differs.
    """
    row = _kept(actor, _project_of(command.works_id))
    works = _standing(row, [command.works_id])[0]
    given = asdict(command)
    said = {name: given[name] for name in given if name not in ("command_id", "works_id", "reason")}
    said["name"] = said["name"].strip()
    before = {name: getattr(works, name) for name in said}
    _keep_change(actor, row, works.code, before, said, command.reason)
    Works.objects.filter(pk=works.pk).update(**said)
    data = {"works": works.id, "code": works.code, "name": said["name"], "reason": command.reason.strip()}
    record(facts.WORKS_CHANGED, subject(row), actor, data)
    return Registered(str(works.id), works.code)


@dataclass(frozen=True, slots=True)
class ChangeSection:
    """Give a section another name or other works; its code stays."""

    command_id: UUID
    section_id: UUID
    reason: str
    name: str
    works_ids: tuple[UUID, ...]


@action
def change_section(actor: Actor, command: ChangeSection) -> Registered:
    """Change a section from today on; works that leave it stay in its history.

    Raises:
        Forbidden: the actor does not keep the libraries there.
        Refusal: no name, no reason, no works, works that do not stand in the project, or nothing differs.
    """
    found = Section.objects.filter(pk=command.section_id).first()
    if found is None:
        raise NotFound
    row = _kept(actor, found.project_id)
    section = Section.objects.get(pk=found.pk)
    works = standing_works(row, command.works_ids)
    held = {item.works_id: item for item in section.items.filter(valid_until=None).select_related("works")}
    chosen = {one.pk for one in works}
    before = {"name": section.name, "works": sorted(item.works.code for item in held.values())}
    after = {"name": command.name.strip(), "works": sorted(one.code for one in works)}
    _keep_change(actor, row, section.code, before, after, command.reason)
    today = clock.today()
    section.items.filter(valid_until=None).exclude(works__in=chosen).update(valid_until=today)
    SectionWorks.objects.bulk_create(
        [SectionWorks(section=section, works=one, valid_from=today) for one in works if one.pk not in held]
    )
    Section.objects.filter(pk=section.pk).update(name=after["name"])
    data = {"section": section.id, "code": section.code, "works": after["works"], "reason": command.reason.strip()}
    record(facts.SECTION_CHANGED, subject(row), actor, data)
    return Registered(str(section.id), section.code)


def may_regroup(actor: Actor, row: Project) -> bool:
    """Whether a person may change, split and merge works of a project: whoever keeps the libraries there."""
    return actor.may("registry.write", row.region)


def _project_of(works_id: UUID) -> UUID:
    works = Works.objects.filter(pk=works_id).first()
    if works is None:
        raise NotFound
    return works.project_id


def demand_regrouping(actor: Actor, row: Project) -> None:
    """Refuse who may not change, split and merge works of a project."""
    if not may_regroup(actor, row):
        raise Forbidden(message("You may not change the libraries of %(region)s.", region=regions.name(row.region)))


def _kept(actor: Actor, project_id: UUID) -> Project:
    row = lock_project(project_id)
    demand_regrouping(actor, row)
    return row


def _standing(row: Project, works_ids: Sequence[UUID]) -> list[Works]:
    """The works, locked; all of this project, all standing."""
    works = lock_works(works_ids)
    if len(works) != len(set(works_ids)) or any(one.project_id != row.pk for one in works):
        says = message("Only works of one and the same project can be merged.")
        raise Refusal(says, {"works_ids": says})
    if ended := no_longer_standing(works):
        raise Conflict(ended)
    return sorted(works, key=lambda one: one.code)


def _check_parts(parts: Sequence[Part], prefix: str = "part_{}_") -> None:
    if prefix and not 2 <= len(parts) <= MOST_PARTS:
        raise Refusal(message("Split into at least 2 and at most %(most)s single works.", most=MOST_PARTS))
    says = message("Enter the name of the single works.")
    wrong = {f"{prefix.format(n)}name": says for n, part in enumerate(parts, 1) if not part.name.strip()}
    if wrong:
        raise Refusal(says, wrong)


def _check_sums(old: Sequence[Works], new: Sequence[Part], reason: str) -> None:
    differing = sums_differ(old, new)
    if differing and not reason.strip():
        raise Refusal(differing[0], {"reason": differing[0]})


def _enter(row: Project, part: Part, old: Sequence[Works]) -> Works:
    """New works from old ones; what is not said of them is as it was where the old ones agree."""
    today, first = clock.today(), old[0]
    kept = {
        name: getattr(first, name)
        for name in ("structure", "height", "span")
        if len({getattr(one, name) for one in old}) == 1
    }
    ancestors = sorted({one.pk for one in old}.union(*(one.ancestors for one in old)))
    said = asdict(part) | {"name": part.name.strip()}
    works = Works.objects.create(
        project=row, code=next_works_code(row), valid_from=today, ancestors=ancestors, **kept, **said
    )
    sections = SectionWorks.objects.filter(works__in=old, valid_until=None).values_list("section", flat=True)
    SectionWorks.objects.bulk_create(
        [SectionWorks(section_id=section, works=works, valid_from=today) for section in sorted(set(sections))]
    )
    return works


def _succeed(actor: Actor, act_id: UUID, kind: str, reason: str, old: Iterable[Works], made: Iterable[Works]) -> None:
    """End the old works and say what came of them."""
    today, ids = clock.today(), [one.pk for one in old]
    Works.objects.filter(pk__in=ids).update(valid_until=today)
    SectionWorks.objects.filter(works__in=ids, valid_until=None).update(valid_until=today)
    Succession.objects.bulk_create(
        [
            Succession(
                act_id=act_id, kind=kind, day=today, reason=reason.strip(), actor_id=actor.id,
                project_id=new.project_id, predecessor_id=before, successor=new,
            )
            for before in ids
            for new in made
        ]
    )  # fmt: skip


def _move_permit(old: Works, parts: Iterable[Works]) -> None:
    """The parts of permitted works are under its permit; its face and its certificate say what they said."""
    today = clock.today()
    for item in PermittedWorksItem.objects.filter(works=old, valid_until=None):
        PermittedWorksItem.objects.filter(pk=item.pk).update(valid_until=today)
        PermittedWorksItem.objects.bulk_create(
            [
                PermittedWorksItem(permitted_works_id=item.permitted_works_id, works=part, valid_from=today)
                for part in parts
            ]
        )


def _said(
    kind: Kind, row: Project, actor: Actor, old: Iterable[Works], made: Iterable[Works], reason: str
) -> Regrouped:
    codes = [one.code for one in made]
    before = [one.code for one in old]
    data = {"from": before, "to": codes, "code": f"{'、'.join(before)} → {'、'.join(codes)}", "reason": reason.strip()}
    record(kind, subject(row), actor, data)
    return Regrouped(codes)


def _keep_change(
    actor: Actor, row: Project, code: str, before: dict[str, Any], after: dict[str, Any], reason: str
) -> None:
    wrong: dict[str, Message] = {}
    if not after["name"]:
        wrong["name"] = message("Enter a name.")
    if not reason.strip():
        wrong["reason"] = message("Say why: the reason stays in the history.")
    differing = [name for name in before if before[name] != after[name]]
    if not wrong and not differing:
        wrong["name"] = message("Nothing differs from what the library says.")
    if wrong:
        raise Refusal(next(iter(wrong.values())), wrong)
    Change.objects.create(
        project=row, code=code, day=clock.today(), before={name: _plain(before[name]) for name in differing},
        after={name: _plain(after[name]) for name in differing}, reason=reason.strip(), actor_id=actor.id,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
