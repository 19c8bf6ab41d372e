"""Acts on inspections: beginning one, filling in its sheets and its cover, submitting it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from jianguan.kernel.messages import message
from jianguan.kernel.scoring import Result, shown
from jianguan.kernel.transparency.canonical import canonical
from jianguan.platform import clock
from jianguan.platform.accounts.service import Account, Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal, Stale
from jianguan.platform.journal.service import Subject, record
from jianguan.platform.numbering.service import next_in
from jianguan.platform.regions import service as regions
from jianguan.sites.inspections import entries, facts, queries, results
from jianguan.sites.inspections.checklists import STANDARDS, standard
from jianguan.sites.inspections.models import (
    ClauseCheck,
    ClauseOutcome,
    CorrectionState,
    Edition,
    Inspection,
    Inspector,
    Kind,
    PlanLine,
    Sheet,
    State,
)
from jianguan.sites.oversight import service as oversight
from jianguan.sites.oversight.service import SupervisionFile

LEAST = 2  # inspectors
LABEL, WORDS = 60, 500  # characters


@dataclass(frozen=True, slots=True)
class Done:
    """What an act made or changed."""

    id: str


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin an inspection of a site: kind, checklist, day, and who carries it out."""

    command_id: UUID
    file_id: UUID
    kind: str
    checklist: str
    planned_on: date
    inspectors: tuple[UUID, ...]
    plan_line_id: UUID | None = None


@action
def begin(actor: Actor, command: Begin) -> Done:
    """Begin an inspection; clauses that drawing review found violated come on top of its checklist.

    Raises:
        NotFound: no such file for this person.
        Forbidden: the file is not among those the actor supervises or plans for.
        Refusal: fewer than two inspectors, one who may not inspect there, or an unknown kind or checklist.
    """
    file = SupervisionFile.objects.filter(pk=command.file_id).first()
    if file is None:
        raise NotFound
    if not may_begin(actor, file):
        if not _is_supervisor(actor, file):
            raise NotFound
        raise Forbidden(message("You are not bound to these works: only their supervisors begin inspections of them."))
    chosen = _inspectors(file, command.inspectors)
    if command.kind not in Kind.values or command.kind == Kind.DOUBLE_RANDOM:
        says = message("Choose one of the kinds; double-random inspections come from a draw.")
        raise Refusal(says, {"kind": says})
    if command.checklist not in STANDARDS:
        says = message("Choose one of the checklists.")
        raise Refusal(says, {"checklist": says})
    line = _plan_line(command, file)
    made = make(actor, file, command.kind, command.checklist, command.planned_on, chosen, line)
    return Done(str(made.id))


def may_begin(actor: Actor, file: SupervisionFile) -> bool:
    """Whether a person begins inspections of a site: its supervisors now, and who plans there."""
    if actor.may("inspection.plan", file.region):
        return True
    return oversight.bound_to(actor).filter(pk=file.pk).exists()


def _is_supervisor(actor: Actor, file: SupervisionFile) -> bool:
    return any(actor.has_role(role, file.region) for role in queries.ROLES)


def _inspectors(file: SupervisionFile, wanted: tuple[UUID, ...]) -> list[Account]:
    able = queries.eligible(file)
    if len(set(wanted)) < LEAST:
        says = message("An inspection needs at least two inspectors.")
        raise Refusal(says, {"inspectors": says})
    if any(one not in able for one in wanted):
        says = message("Choose inspectors who supervise at this place and are not recused.")
        raise Refusal(says, {"inspectors": says})
    return [able[one] for one in dict.fromkeys(wanted)]


def _plan_line(command: Begin, file: SupervisionFile) -> PlanLine | None:
    if command.plan_line_id is None:
        return None
    line = PlanLine.objects.filter(pk=command.plan_line_id, kind=command.kind).first()
    if (
        line is None
        or not file.region.startswith(regions.jurisdiction(line.region))
        or line.file_id not in (None, file.pk)
    ):
        says = message("Choose a line of the plan that is for this kind and these works.")
        raise Refusal(says, {"plan_line_id": says})
    return line


def make(
    actor: Actor, file: SupervisionFile, kind: str, checklist: str, planned_on: date, chosen: list[Account], line: PlanLine | None,
) -> Inspection:  # fmt: skip
    """The rows of a new inspection and its journal entry, in the caller's transaction."""
    assert connection.in_atomic_block
    at, place = clock.now(), file.region[:6]
    year = clock.legal_day(at).year
    made = Inspection.objects.create(
        number=f"JC{place}{year}{next_in(f'inspection:{place}:{year}'):05d}", file=file, region=file.region, kind=kind,
        checklist=checklist, plan_line=line, planned_on=planned_on, begun_by=actor.id, begun_at=at,
    )  # fmt: skip
    Inspector.objects.bulk_create(
        Inspector(inspection=made, account_id=one.id, name=one.name, unit=one.organisation.name) for one in chosen
    )
    ClauseCheck.objects.bulk_create(
        ClauseCheck(inspection=made, record_id=record_id, position=position, said=said)
        for record_id, position, said in queries.violations(file)
    )
    data = {
        "number": made.number, "file": file.id, "kind": kind, "checklist": checklist, "planned_on": planned_on.isoformat(),
        "inspectors": [one.id for one in chosen],
    }  # fmt: skip
    record(facts.BEGUN, subject(made), actor, data)
    return made


@dataclass(frozen=True, slots=True)
class AddSheet:
    """Add a sheet for a machine, a scaffold or a section."""

    command_id: UUID
    inspection_id: UUID
    table: str
    label: str = ""


@action
def add_sheet(actor: Actor, command: AddSheet) -> Done:
    """Add an empty sheet.

    Raises:
        NotFound, Forbidden, Conflict: as for `locked`.
        Refusal: the checklist has no such table, the label is too long, or there is a sheet of that name.
    """
    inspection = locked(actor, command.inspection_id)
    label = command.label.strip()
    if command.table not in standard(inspection.checklist).tables:
        says = message("Choose a table of the checklist.")
        raise Refusal(says, {"table": says})
    if len(label) > LABEL:
        says = message("At most %(count)s characters.", count=LABEL)
        raise Refusal(says, {"label": says})
    if inspection.sheets.filter(table=command.table, label=label).exists():
        says = message("There is a sheet of this table with this name: name the machine, scaffold or section.")
        raise Refusal(says, {"label": says})
    inspection.absent = {key: why for key, why in inspection.absent.items() if key != _category(inspection, command)}
    inspection.save(update_fields=["absent"])
    made = Sheet.objects.create(
        inspection=inspection, table=command.table, label=label, saved_by=actor.id, saved_at=clock.now()
    )
    return Done(str(made.id))


def _category(inspection: Inspection, command: AddSheet) -> str:
    categories = standard(inspection.checklist).categories
    return next(one.key for one in categories if command.table in one.tables)


@dataclass(frozen=True, slots=True)
class RemoveSheet:
    """Take a sheet away that does not belong here."""

    command_id: UUID
    sheet_id: UUID
    revision: int


@action
def remove_sheet(actor: Actor, command: RemoveSheet) -> Done:
    """Remove a sheet; editions submitted before keep it.

    Raises:
        NotFound, Forbidden, Conflict: as for `locked`.
        Stale: somebody saved it meanwhile.
    """
    row, inspection = _locked_sheet(actor, command.sheet_id)
    if row.revision != command.revision:
        raise Stale(message("Somebody saved this sheet meanwhile. Look at it again."))
    row.delete()
    return Done(str(inspection.id))


@dataclass(frozen=True, slots=True)
class SaveSheet:
    """Save the entries of a sheet; `revision` is that of the sheet they were made on, `entries` loose (see `entries`).

    `rest`: items without an entry were inspected and lose nothing.
    """

    command_id: UUID
    sheet_id: UUID
    revision: int
    entries: Mapping[str, Any]
    rest: bool = False


@action
def save_sheet(actor: Actor, command: SaveSheet) -> Done:
    """Save a sheet as far as it is filled in.

    Raises:
        NotFound, Forbidden, Conflict: as for `locked`.
        Refusal: entries are wrong; says which.
        Stale: somebody else saved the sheet meanwhile; nothing was overwritten.
    """
    row, inspection = _locked_sheet(actor, command.sheet_id)
    table = standard(inspection.checklist).tables[row.table]
    kept, wrong = entries.checked(table, command.entries)
    if wrong:
        raise Refusal(message("Nothing was saved: correct the marked items."), wrong)
    if row.revision != command.revision:
        raise Stale(message("Somebody else saved this sheet meanwhile; nothing was overwritten."))
    if command.rest:
        kept = {key: {"state": entries.SEEN, "deductions": [], "lost": "0"} for key in table.items} | kept
    row.entries, row.revision, row.saved_by, row.saved_at = kept, row.revision + 1, actor.id, clock.now()
    row.save()
    return Done(str(row.id))


@dataclass(frozen=True, slots=True)
class SaveCover:
    """Save the cover: the day it took place, absent categories with their reasons, clauses with outcome and words."""

    command_id: UUID
    inspection_id: UUID
    revision: int
    held_on: date | None = None
    remark: str = ""
    absent: Mapping[str, str] = field(default_factory=dict)
    clauses: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # id → outcome, words


@action
def save_cover(actor: Actor, command: SaveCover) -> Done:
    """Save the cover as far as it is filled in.

    Raises:
        NotFound, Forbidden, Conflict: as for `locked`.
        Refusal: something does not fit; says which.
        Stale: somebody else saved the cover meanwhile; nothing was overwritten.
    """
    inspection = locked(actor, command.inspection_id)
    clauses = {str(one.id): one for one in inspection.clauses.all()}
    wrong = _wrong_cover(inspection, command, clauses)
    if wrong:
        raise Refusal(message("Nothing was saved: correct the marked fields."), wrong)
    if inspection.revision != command.revision:
        raise Stale(message("Somebody else saved this page meanwhile; nothing was overwritten."))
    inspection.held_on, inspection.remark = command.held_on, command.remark.strip()
    inspection.absent = {key: why.strip() for key, why in command.absent.items() if why.strip()}
    inspection.revision += 1
    inspection.save(update_fields=["held_on", "remark", "absent", "revision"])
    for key, (outcome, words) in command.clauses.items():
        clauses[key].outcome, clauses[key].words = outcome, words.strip()
        clauses[key].save(update_fields=["outcome", "words"])
    return Done(str(inspection.id))


def _wrong_cover(inspection: Inspection, command: SaveCover, clauses: Mapping[str, ClauseCheck]) -> entries.Wrong:
    wrong: entries.Wrong = {}
    if command.held_on and command.held_on > clock.today():
        wrong["held_on"] = message("The inspection takes place today at the latest.")
    if len(command.remark) > WORDS:
        wrong["remark"] = message("At most %(count)s characters.", count=WORDS)
    return wrong | _wrong_absences(inspection, command.absent) | _wrong_clauses(command.clauses, clauses)


def _wrong_absences(inspection: Inspection, absent: Mapping[str, str]) -> entries.Wrong:
    wrong: entries.Wrong = {}
    categories = {one.key: one for one in standard(inspection.checklist).categories}
    tables = set(inspection.sheets.values_list("table", flat=True))
    for key, why in absent.items():
        if key not in categories or (why.strip() and tables & set(categories[key].tables)):
            wrong[f"absent-{key}"] = message("This category has sheets: remove them, or leave the reason out.")
        elif len(why) > WORDS:
            wrong[f"absent-{key}"] = message("At most %(count)s characters.", count=WORDS)
    return wrong


def _wrong_clauses(said: Mapping[str, tuple[str, str]], clauses: Mapping[str, ClauseCheck]) -> entries.Wrong:
    wrong: entries.Wrong = {}
    for key, (outcome, words) in said.items():
        if key not in clauses or (outcome and outcome not in ClauseOutcome.values):
            wrong[f"clause-{key}"] = message("Choose one of the outcomes.")
        elif outcome == ClauseOutcome.VIOLATED and not words.strip():
            wrong[f"words-{key}"] = message("Say what is still violated, and where.")
        elif len(words) > WORDS:
            wrong[f"words-{key}"] = message("At most %(count)s characters.", count=WORDS)
    return wrong


@dataclass(frozen=True, slots=True)
class Submit:
    """Submit an inspection."""

    command_id: UUID
    inspection_id: UUID


@action
def submit(actor: Actor, command: Submit) -> Done:
    """Submit an inspection: its result is formed, what was entered is kept word for word, and it is locked.

    Raises:
        NotFound, Forbidden, Conflict: as for `locked`.
        Refusal: something is missing; says what.
    """
    inspection = locked(actor, command.inspection_id)
    if missing := queries.incomplete(inspection):
        raise Refusal(missing)
    sheets = queries.sheets_of(inspection)
    scheme = standard(inspection.checklist)
    standing = results.standing(scheme, sheets, inspection.absent)
    if standing.result is None:
        raise Refusal(standing.missing or message("Something is missing."))
    correction = inspection.corrections.filter(state=CorrectionState.APPROVED).first()
    content = _content(inspection, sheets, standing.result)
    edition = Edition.objects.create(
        inspection=inspection, number=inspection.editions.count() + 1, content=content,
        sha256=hashlib.sha256(canonical(content)).hexdigest(), reason=correction.reason if correction else "",
        made_by=actor.id, made_at=clock.now(),
    )  # fmt: skip
    if correction:
        correction.state = CorrectionState.DONE
        correction.save(update_fields=["state"])
    inspection.state, inspection.submitted_at = State.SUBMITTED, edition.made_at
    inspection.total, inspection.grade = shown(standing.result.total), standing.result.grade.key
    inspection.zeros = len({(sheet.table.key, sheet.label) for sheet, _ in standing.result.zeros})
    inspection.save()
    data = {
        "number": inspection.number, "file": inspection.file_id, "kind": inspection.kind, "edition": edition.number,
        "sha256": edition.sha256, "total": str(inspection.total), "grade": inspection.grade, "zeros": inspection.zeros,
    }  # fmt: skip
    record(facts.SUBMITTED, subject(inspection), actor, data)
    return Done(str(inspection.id))


def _content(inspection: Inspection, sheets: list[Sheet], result: Result) -> dict[str, Any]:
    """Everything that was entered, as an edition keeps it."""
    assert inspection.held_on is not None
    return {
        "v": 1, "number": inspection.number, "kind": inspection.kind, "permit": inspection.file.permit_number,
        "works": inspection.file.works_name, "checklist": inspection.checklist, "version": result.scheme.version,
        "held_on": inspection.held_on.isoformat(), "remark": inspection.remark, "absent": inspection.absent,
        "inspectors": [
            {"id": str(one.account_id), "name": one.name, "unit": one.unit} for one in inspection.inspectors.order_by("id")
        ],
        "sheets": [{"id": str(one.id), "table": one.table, "label": one.label, "entries": one.entries} for one in sheets],
        "clauses": [
            {"id": str(one.id), "said": one.said, "outcome": one.outcome, "words": one.words}
            for one in inspection.clauses.order_by("position", "id")
        ],
        "result": result.to_json(),
    }  # fmt: skip


def locked(actor: Actor, inspection_id: UUID) -> Inspection:
    """An inspection that the actor may change now, locked until the transaction ends.

    Raises:
        NotFound: no such inspection for this person.
        Forbidden: the actor is none of its inspectors.
        Conflict: it was submitted.
    """
    queries.found(actor, inspection_id)
    inspection = Inspection.objects.select_for_update(of=("self",)).select_related("file").get(pk=inspection_id)
    if not queries.is_inspector(actor, inspection):
        raise Forbidden(message("Only the inspectors of this inspection fill it in."))
    if not queries.is_open(inspection):
        raise Conflict(message("This inspection was submitted and is locked. Ask for a correction."))
    return inspection


def _locked_sheet(actor: Actor, sheet_id: UUID) -> tuple[Sheet, Inspection]:
    row, _ = queries.sheet(actor, sheet_id)
    inspection = locked(actor, row.inspection_id)
    return Sheet.objects.select_for_update().get(pk=row.pk), inspection


def subject(inspection: Inspection) -> Subject:
    """The inspection as a journal subject."""
    return Subject("inspection", inspection.id, inspection.region)
