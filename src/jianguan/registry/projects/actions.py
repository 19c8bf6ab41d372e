"""Acts on the library of projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Func, Q

from jianguan.kernel.identifiers import NumberError, check, project
from jianguan.kernel.messages import Message, message
from jianguan.platform import clock, search
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal.service import SYSTEM, Acting, Subject, record
from jianguan.platform.numbering.service import next_in
from jianguan.platform.regions import service as regions
from jianguan.registry.dictionaries import service as dictionaries
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.projects import facts
from jianguan.registry.projects.models import (
    KeyPost,
    Participation,
    PermittedWorks,
    PermittedWorksItem,
    Project,
    Section,
    SectionWorks,
    StageRecord,
    Works,
)

UNDER_CONSTRUCTION = "6"


@dataclass(frozen=True, slots=True)
class Registered:
    """The row an act made, with its code."""

    id: str
    code: str


@dataclass(frozen=True, slots=True)
class RegisterProject:
    """Register a project and give it its code for life 赋码."""

    command_id: UUID
    name: str
    type: str
    nature: str
    use: str
    region: str
    address: str
    owner_uscc: str
    total_investment: Decimal
    investment_code: str = ""
    total_area: Decimal | None = None
    total_length: Decimal | None = None
    scale: str = ""
    fund_source: str = ""


@action
def register_project(actor: Actor, command: RegisterProject) -> Registered:
    """Register a project.

    Raises:
        Forbidden: the actor neither keeps the libraries there nor belongs to the owner.
        Refusal: fields are wrong; all of them are named.
        Conflict: the place has used up its numbers of the day.
    """
    if not actor.may("registry.write", command.region) and actor.uscc != command.owner_uscc:
        raise Forbidden(message("Only the owner or the department may register this project."))
    return _register(actor, command)


def enter_project(command: RegisterProject) -> Registered:
    """Register a project as its case decided; part of the deciding transaction, which has checked the permission.

    Raises:
        Refusal, Conflict: as `register_project`.
    """
    assert connection.in_atomic_block
    return _register(SYSTEM, command)


def _register(actor: Acting, command: RegisterProject) -> Registered:
    owner = enterprises.by_uscc(command.owner_uscc)
    if wrong := _wrong_fields(command, known_owner=owner is not None):
        raise Refusal(message("The project was not registered: correct the marked fields."), wrong)
    assert owner is not None
    at = clock.now()
    division, day = command.region[:6], clock.legal_day(at)
    serial = next_in(f"project:{division}:{day}:{command.type}")
    try:
        code = project.make(division, day, category=command.type, serial=serial)
    except NumberError as error:  # more than 99 on one day: never wrapped around
        raise Conflict(error.message) from error
    row = Project.objects.create(
        code=code, name=command.name.strip(), name_tokens=search.tokens(command.name), type=command.type,
        nature=command.nature, use=command.use, region=command.region, address=command.address.strip(),
        owner_uscc=owner.uscc, owner_name=owner.name, total_investment=command.total_investment,
        investment_code=check("investment_project", command.investment_code).normal or "", total_area=command.total_area, total_length=command.total_length,
        scale=command.scale.strip(), fund_source=command.fund_source, data_source="1", data_level="A", registered_at=at,
    )  # fmt: skip
    Participation.objects.create(
        project=row, role="008", enterprise_uscc=owner.uscc, enterprise_name=owner.name, valid_from=day
    )
    data = {"code": code, "name": row.name, "investment_code": row.investment_code, "owner": owner.uscc}
    record(facts.PROJECT_REGISTERED, subject(row), actor, data)
    return Registered(str(row.id), code)


def _wrong_fields(command: RegisterProject, *, known_owner: bool) -> dict[str, Message]:
    wrong = {}
    if not command.name.strip():
        wrong["name"] = message("Enter the name of the project.")
    if not regions.exists(command.region):
        wrong["region"] = message("Choose a place from the list.")
    if not known_owner:
        wrong["owner_uscc"] = message("This owner is not in the library of enterprises yet.")
    if command.total_investment <= 0:
        wrong["total_investment"] = message("Enter the total investment in 10,000 yuan.")
    if command.investment_code and not (verdict := check("investment_project", command.investment_code)).valid:
        wrong["investment_code"] = verdict.problems[0]
    return wrong


@dataclass(frozen=True, slots=True)
class AddWorks:
    """Add single works 单体 to a project."""

    command_id: UUID
    project_id: UUID
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
def add_works(actor: Actor, command: AddWorks) -> Registered:
    """Add single works; their code is that of the project with a serial number.

    Raises:
        Forbidden: the actor neither keeps the libraries there nor belongs to the owner.
        Refusal: they have no name.
    """
    row = _writable(actor, command.project_id)
    _named(command.name, message("Enter the name of the single works."))
    works = Works.objects.create(
        project=row, code=next_works_code(row), name=command.name.strip(), structure=command.structure, area_above=command.area_above,
        area_below=command.area_below, floors_above=command.floors_above, floors_below=command.floors_below,
        height=command.height, span=command.span, length=command.length, cost=command.cost, valid_from=clock.today(),
    )  # fmt: skip
    record(facts.WORKS_ADDED, subject(row), actor, {"works": works.id, "code": works.code, "name": works.name})
    return Registered(str(works.id), works.code)


def next_works_code(row: Project) -> str:
    """A code for single works of a project whose row is locked; never given twice.

    Raises:
        Conflict: the project has used up its 999 codes.
    """
    try:
        return project.make_works(row.code, next_in(f"works:{row.code}"))
    except NumberError as error:
        raise Conflict(error.message) from error


@dataclass(frozen=True, slots=True)
class FormSection:
    """Form a section 标段 of works."""

    command_id: UUID
    project_id: UUID
    name: str
    works_ids: tuple[UUID, ...]


@action
def form_section(actor: Actor, command: FormSection) -> Registered:
    """Form a section of some works of the project.

    Raises:
        Forbidden: the actor neither keeps the libraries there nor belongs to the owner.
        Refusal: it has no name, or no works of this project.
    """
    row = _writable(actor, command.project_id)
    _named(command.name, message("Enter the name of the section."))
    works = standing_works(row, command.works_ids)
    code = f"{row.code}-B{next_in(f'section:{row.code}'):02d}"
    section = Section.objects.create(project=row, code=code, name=command.name.strip())
    SectionWorks.objects.bulk_create([SectionWorks(section=section, works=w, valid_from=clock.today()) for w in works])
    data = {"section": section.id, "code": code, "works": [w.code for w in works]}
    record(facts.SECTION_FORMED, subject(row), actor, data)
    return Registered(str(section.id), code)


def standing_works(row: Project, works_ids: Sequence[UUID]) -> list[Works]:
    """Works of a project that stand today, for a section.

    Raises:
        Refusal: there are none, or some are of another project or have ended.
    """
    works = list(Works.objects.filter(project=row, pk__in=works_ids, valid_until=None).order_by("code"))
    if not works or len(works) != len(set(works_ids)):
        says = message("Choose works of this project for the section.")
        raise Refusal(says, {"works_ids": says})
    return works


@dataclass(frozen=True, slots=True)
class RecordStage:
    """Enter the result of an earlier procedure: drawing review, award notice, contract, land or planning approval."""

    command_id: UUID
    project_id: UUID
    kind: str
    number: str
    recorded_on: date
    national_number: str = ""
    valid_until: date | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@action
def record_stage(actor: Actor, command: RecordStage) -> Registered:
    """Enter a stage record. Checks of applications rely on it, so an owner cannot enter those of their own project.

    Raises:
        Forbidden: the actor does not keep the libraries there.
        Refusal: kind, number or days are wrong.
        Conflict: the number is recorded for this project already.
    """
    row = lock_project(command.project_id)
    if not actor.may("registry.write", row.region):
        raise Forbidden(message("You may not change the libraries of %(region)s.", region=regions.name(row.region)))
    if wrong := _wrong_record(command):
        raise Refusal(message("The record was not entered: correct the marked fields."), wrong)
    number = command.number.strip()
    if StageRecord.objects.filter(project=row, kind=command.kind, number=number).exists():
        says = message("%(number)s is already recorded for this project.", number=number)
        raise Conflict(says, {"number": says})
    entry = StageRecord.objects.create(
        project=row, kind=command.kind, number=number, national_number=command.national_number, data=dict(command.data),
        recorded_on=command.recorded_on, valid_until=command.valid_until, source=actor.organisation_name,
    )  # fmt: skip
    data = {"record": entry.id, "kind": command.kind, "number": number, "recorded_on": command.recorded_on}
    record(facts.STAGE_RECORDED, subject(row), actor, data)
    return Registered(str(entry.id), number)


@dataclass(frozen=True, slots=True)
class Result:
    """What a decided case leaves in the library of a project."""

    project_id: UUID
    kind: str
    number: str
    recorded_on: date
    source: str
    data: Mapping[str, Any]
    case_id: UUID
    valid_until: date | None = None


def enter_result(result: Result) -> None:
    """Enter the result of a procedure of the platform as a stage record; a later edition replaces what it said.

    Part of the deciding transaction of the case, which has checked the permission.
    """
    assert connection.in_atomic_block
    row = lock_project(result.project_id)
    said = {
        "recorded_on": result.recorded_on, "valid_until": result.valid_until, "source": result.source,
        "data": {**result.data, "case": str(result.case_id)},
    }  # fmt: skip
    entry, _ = StageRecord.objects.update_or_create(project=row, kind=result.kind, number=result.number, defaults=said)
    data = {"record": entry.id, "kind": result.kind, "number": result.number, "case": result.case_id}
    record(facts.STAGE_RECORDED, subject(row), SYSTEM, data)


def _wrong_record(command: RecordStage) -> dict[str, Message]:
    wrong = {}
    if command.kind not in dictionaries.codes("stage_record"):
        wrong["kind"] = message("Choose the kind of the record from the list.")
    if not command.number.strip():
        wrong["number"] = message("Enter the number of the record.")
    if command.valid_until is not None and command.valid_until < command.recorded_on:
        wrong["valid_until"] = message("This is before the day of the record.")
    return wrong


@dataclass(frozen=True, slots=True)
class Participant:
    """An enterprise of the permit and its key people (id, name, post)."""

    role: str
    uscc: str
    name: str
    people: Sequence[tuple[UUID, str, str]]


@dataclass(frozen=True, slots=True)
class PermitWorks:
    """That a permit allows works, with what else becomes true by it."""

    project_id: UUID
    section_id: UUID | None
    works_ids: Sequence[UUID]
    name: str
    permit_number: str
    national_number: str
    contract_price: Decimal
    planned_start: date
    planned_finish: date
    permitted_on: date
    participants: Sequence[Participant]
    case_id: UUID


def lock_works(works_ids: Sequence[UUID]) -> list[Works]:
    """The works, locked in a fixed order, so that two permits for the same works wait for each other.

    Their project comes first, as in every act on the tree: what is being split or merged is waited for.
    """
    of_works = Works.objects.filter(pk__in=works_ids).values("project")
    list(Project.objects.select_for_update(no_key=True).filter(pk__in=of_works).order_by("pk").values_list("pk"))
    return list(Works.objects.select_for_update(of=("self",)).filter(pk__in=works_ids).order_by("pk"))


def permit_works(command: PermitWorks) -> PermittedWorks:
    """Enter permitted works into the tree, its participants and the locks of its key people.

    Part of the approving transaction of the permit's case; that action has checked the permission and records the fact.

    Raises:
        Conflict: some of the works are under a permit already, or have been split or merged meanwhile.
    """
    assert connection.in_atomic_block
    works = lock_works(command.works_ids)
    if ended := no_longer_standing(works):
        raise Conflict(ended)
    if taken := under_permit([w.pk for w in works]):
        raise Conflict(taken)
    permitted = PermittedWorks.objects.create(
        project_id=command.project_id, section_id=command.section_id, permit_number=command.permit_number,
        national_number=command.national_number, name=command.name, contract_price=command.contract_price,
        planned_start=command.planned_start, planned_finish=command.planned_finish, permitted_on=command.permitted_on,
        case_id=command.case_id,
    )  # fmt: skip
    PermittedWorksItem.objects.bulk_create(
        [PermittedWorksItem(permitted_works=permitted, works=w, valid_from=command.permitted_on) for w in works]
    )
    _enter_participants(permitted, command)
    Project.objects.filter(pk=command.project_id).update(stage=UNDER_CONSTRUCTION)
    return permitted


def _enter_participants(permitted: PermittedWorks, command: PermitWorks) -> None:
    common = {
        "project_id": command.project_id,
        "permitted_works": permitted,
        "valid_from": command.permitted_on,
        "case_id": command.case_id,
    }
    Participation.objects.bulk_create(
        [
            Participation(role=p.role, enterprise_uscc=p.uscc, enterprise_name=p.name, **common)
            for p in command.participants
        ]
    )
    KeyPost.objects.bulk_create(
        [
            KeyPost(role=post, person_id=person_id, person_name=name, enterprise_uscc=p.uscc, **common)
            for p in command.participants
            for person_id, name, post in p.people
        ]
    )


def no_longer_standing(works: Sequence[Works]) -> Message | None:
    """A sentence naming works that were split or merged, or None."""
    ended = next((one for one in works if one.valid_until is not None), None)
    if ended is None:
        return None
    return message(
        "%(works)s (%(code)s) was split or merged on %(day)s. Choose the works that came from it.",
        works=ended.name, code=ended.code, day=ended.valid_until,
    )  # fmt: skip


def under_permit(works_ids: Sequence[UUID]) -> Message | None:
    """A sentence naming works that are under a permit already, themselves or by what they were merged from, or None."""
    ancestors = Works.objects.filter(pk__in=works_ids).values(ancestor=Func(F("ancestors"), function="unnest"))
    held = Q(works__in=works_ids) | Q(works__in=ancestors)
    rows = PermittedWorksItem.objects.filter(held, valid_until=None).select_related("works", "permitted_works")
    taken = rows.order_by("works__code").first()
    if taken is None:
        return None
    return message(
        "%(works)s already has the construction permit %(number)s. Apply for a change of that permit instead.",
        works=taken.works.name,
        number=taken.permitted_works.permit_number,
    )


def subject(row: Project) -> Subject:
    """The project as a journal subject."""
    return Subject("project", row.id, row.region)


def _named(name: str, says: Message) -> None:
    if not name.strip():
        raise Refusal(says, {"name": says})


def lock_project(project_id: UUID) -> Project:
    """The project, locked: every act on its tree begins with this."""
    row = Project.objects.select_for_update().filter(pk=project_id).first()
    if row is None:
        raise NotFound
    return row


def may_write(actor: Actor, row: Project) -> bool:
    """Whether a person may add works and sections: who keeps the libraries there, and the owner."""
    return actor.may("registry.write", row.region) or actor.uscc == row.owner_uscc


def _writable(actor: Actor, project_id: UUID) -> Project:
    row = lock_project(project_id)
    if not may_write(actor, row):
        raise Forbidden(message("Only the owner or the department may change this project."))
    return row
