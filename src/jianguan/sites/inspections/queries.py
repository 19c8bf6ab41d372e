"""Reading inspections, plans and draws, through one permission filter each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from jianguan.kernel.messages import Message, message
from jianguan.kernel.scoring import Scheme
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Account, Actor, Explanation, within
from jianguan.platform.errors import NotFound
from jianguan.registry.projects import service as projects
from jianguan.sites.inspections.checklists import STANDARDS, draw_weights, standard
from jianguan.sites.inspections.entries import ABSENT, entry_id
from jianguan.sites.inspections.models import (
    Correction,
    CorrectionState,
    Draw,
    Edition,
    Inspection,
    Inspector,
    Kind,
    PatrolQuota,
    PlanLine,
    Recusal,
    Sheet,
    State,
)
from jianguan.sites.inspections.rules import week_of
from jianguan.sites.oversight import service as oversight
from jianguan.sites.oversight.service import SupervisionFile

ROLES = ("quality_supervisor", "safety_supervisor")
OPEN_CORRECTIONS = (CorrectionState.REQUESTED, CorrectionState.ENDORSED, CorrectionState.APPROVED)


def visible_to(actor: Actor) -> QuerySet[Inspection]:
    """Inspections a person may open.

    Officers: those of files they are bound to or whose place they oversee, and those they carry out. Enterprises: what
    was submitted about projects they take part in.
    """
    if actor.is_enterprise:
        own = projects.applicable(actor.uscc or "", "participant").order_by().values("pk")
        return Inspection.objects.filter(submitted_at__isnull=False, file__project_id__in=own)
    carried_out = Inspector.objects.filter(inspection=OuterRef("pk"), account_id=actor.id)
    bound = oversight.bound_to(actor).order_by().values("pk")
    seen = Q(file__in=bound) | Q(Exists(carried_out)) | within(actor.prefixes("oversight.read"))
    return Inspection.objects.filter(seen)


def explain(actor: Actor, inspection: Inspection) -> Explanation:
    """Why an officer may open an inspection, or what is missing."""
    if inspection.inspectors.filter(account_id=actor.id).exists():
        return Explanation(True, (message("Allowed: you are an inspector of this inspection."),))
    return oversight.explain(actor, inspection.file)


def found(actor: Actor, inspection_id: UUID) -> Inspection:
    """An inspection with its file and inspectors.

    Raises:
        NotFound: there is none, or none for this person.
    """
    row = with_people(visible_to(actor)).filter(pk=inspection_id).first()
    if row is None:
        raise NotFound
    return row


def with_people(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """The inspections with file and inspectors: one more query."""
    return rows.select_related("file").prefetch_related(Prefetch("inspectors", Inspector.objects.order_by("id")))


def matching(
    rows: QuerySet[Inspection], text: str = "", region_prefix: str = "", **exactly: str
) -> QuerySet[Inspection]:
    """Those whose number, works or permit fit what was typed, at a place, of a kind, state or grade."""
    if region_prefix:
        rows = rows.filter(within([region_prefix]))
    rows = rows.filter(**{name: value for name, value in exactly.items() if value})
    if typed := text.strip():
        rows = rows.filter(Q(number=typed) | Q(file__permit_number=typed) | Q(file__works_name__icontains=typed))
    return rows


def carried_out_by(actor: Actor) -> QuerySet[Inspection]:
    """Inspections a person carries out."""
    return Inspection.objects.filter(Exists(Inspector.objects.filter(inspection=OuterRef("pk"), account_id=actor.id)))


def is_inspector(actor: Actor, inspection: Inspection) -> bool:
    """Whether a person carries out an inspection; its inspectors were read with it."""
    return any(one.account_id == actor.id for one in inspection.inspectors.all())


def eligible(file: SupervisionFile) -> dict[UUID, Account]:
    """Who may inspect a site: those bound to its file, and the supervisors of its place, without the recused."""
    recused = set(Recusal.objects.filter(file=file, ended_at=None).values_list("account_id", flat=True))
    held = {one.id: one for role in ROLES for one in accounts.holders(role, file.region)}
    return {key: one for key, one in held.items() if key not in recused}


def sheets_of(inspection: Inspection) -> list[Sheet]:
    """Its sheets in the order of the tables."""
    order = {key: position for position, key in enumerate(standard(inspection.checklist).tables)}
    return sorted(inspection.sheets.all(), key=lambda one: (order[one.table], one.id))


def sheet(actor: Actor, sheet_id: UUID) -> tuple[Sheet, Inspection]:
    """A sheet and its inspection.

    Raises:
        NotFound: there is none, or none for this person.
    """
    row = Sheet.objects.filter(pk=sheet_id).first()
    if row is None:
        raise NotFound
    return row, found(actor, row.inspection_id)


def violations(file: SupervisionFile) -> list[tuple[UUID, int, dict[str, Any]]]:
    """Clauses that drawing review found violated in the project: record, position, what it said (Y7).

    Opinions the review itself took back after an explanation are none.
    """
    return [
        (record.id, position, said)
        for record in projects.records_of(file.project_id)
        if record.kind == "drawing_review"
        for position, said in enumerate(record.data.get("violation_items") or ())
        if isinstance(said, dict) and said.get("closing") != "explained"
    ]


@dataclass(frozen=True, slots=True)
class Finding:
    """What an inspection found, as the source of a hazard or a notice; its id stays through saving and correction."""

    id: UUID
    sheet_id: UUID | None
    place: str
    says: str
    points: str


def findings(inspection: Inspection) -> list[Finding]:
    """Deductions of all sheets, and clauses that are still violated."""
    clauses = [
        Finding(one.id, None, str(one.said.get("part", "")), f"{one.said.get('clause', '')} {one.words}".strip(), "")
        for one in inspection.clauses.filter(outcome="violated").order_by("position")
    ]
    scheme = standard(inspection.checklist)
    return clauses + [one for row in sheets_of(inspection) for one in _deductions(scheme, row)]


def _deductions(scheme: Scheme, row: Sheet) -> Iterable[Finding]:
    table = scheme.tables[row.table]
    for key, entry in row.entries.items():
        if entry["state"] == ABSENT:
            continue
        for one in entry["deductions"]:
            place = f"{table.name.zh} {row.label}".strip()
            says = f"{table.items[key].name.zh}：{one['text']}"
            yield Finding(entry_id(row.id, key, one["key"]), row.id, place, says, one["points"])


def editions(inspection: Inspection) -> list[Edition]:
    """What was submitted, the newest first."""
    return list(inspection.editions.order_by("-number"))


def open_correction(inspection: Inspection) -> Correction | None:
    """The correction that is asked for or under way."""
    return inspection.corrections.filter(state__in=OPEN_CORRECTIONS).first()


def waiting_corrections(actor: Actor) -> QuerySet[Correction]:
    """Corrections that wait for a decision this person may take."""
    deputy = within(actor.prefixes("inspection.endorse"), "inspection__region") & Q(state=CorrectionState.REQUESTED)
    head = within(actor.prefixes("inspection.approve"), "inspection__region") & Q(state=CorrectionState.ENDORSED)
    # whoever acted in it before leaves the next decision to another person
    others = ~Q(requested_by=actor.id) & ~Q(deputy_by=actor.id, deputy_by__isnull=False)
    return Correction.objects.filter(deputy | head).filter(others).select_related("inspection__file")


# --- plans and draws


def plan_lines(actor: Actor) -> QuerySet[PlanLine]:
    """Plan lines of the places a person oversees or supervises at, and of the files they are bound to, with how many were held."""
    bound = oversight.bound_to(actor).order_by().values("pk")
    scopes = actor.role_scopes()
    places = [prefix for role in ROLES for prefix in scopes.get(role, ())]
    seen = within(actor.prefixes("oversight.read")) | (Q(file=None) & within(places)) | Q(file__in=bound)
    rows = PlanLine.objects.filter(seen)
    held = Count("inspections", filter=Q(inspections__submitted_at__isnull=False))
    return rows.select_related("file", "draw").annotate(held=held)


@dataclass(frozen=True, slots=True)
class Patrols:
    """Patrols of one file in a week, against its quota."""

    quota: PatrolQuota
    held: int

    @property
    def short(self) -> int:
        """How many are missing."""
        return max(0, self.quota.per_week - self.held)


def patrols(actor: Actor, day: date, limit: int = 200) -> list[Patrols]:
    """The quotas of the files a person may open, with the patrols submitted in the week of a day."""
    monday, sunday = week_of(day)
    in_week = Q(
        file__inspections__kind=Kind.PATROL, file__inspections__submitted_at__isnull=False,
        file__inspections__held_on__range=(monday, sunday),
    )  # fmt: skip
    rows = PatrolQuota.objects.filter(file__in=oversight.visible_to(actor).order_by().values("pk"))
    counted = rows.select_related("file").annotate(held=Count("file__inspections", filter=in_week))
    return [Patrols(row, row.held) for row in counted.order_by("file_id")[:limit]]


def recusals(file: SupervisionFile) -> list[Recusal]:
    """Who does not inspect a site now."""
    return list(Recusal.objects.filter(file=file, ended_at=None).order_by("entered_at"))


def draws() -> QuerySet[Draw]:
    """All draws; they are public, the seed apart, which is told when the draw is held."""
    return Draw.objects.select_related("plan_line")


def draws_of(actor: Actor) -> QuerySet[Draw]:
    """The draws a person makes: those of their places."""
    return draws().filter(within(actor.prefixes("inspection.plan")))


def results_of(draw: Draw) -> dict[str, Inspection]:
    """The inspections of a draw by file; the public sees the results of those that were submitted."""
    rows = Inspection.objects.filter(plan_line=draw.plan_line_id, kind=Kind.DOUBLE_RANDOM)
    return {str(row.file_id): row for row in rows}


def list_of_files(region_prefix: str) -> list[dict[str, Any]]:
    """Files of a place for a draw, with class of risk and weight, in the order of their permits."""
    weights = draw_weights()["risk"]
    files = SupervisionFile.objects.filter(within([region_prefix]), status="open").order_by("permit_number")
    last = dict(
        Inspection.objects.filter(file__in=files.order_by().values("pk"), submitted_at__isnull=False)
        .order_by("file_id", "-held_on", "-id")
        .distinct("file_id")
        .values_list("file_id", "grade")
    )
    return [_listed(file, _risk(file.id, last), weights) for file in files]


def _listed(file: SupervisionFile, risk: str, weights: dict[str, int]) -> dict[str, Any]:
    return {
        "id": str(file.id), "number": file.permit_number, "name": file.works_name, "risk": risk, "weight": weights[risk],
    }  # fmt: skip


def _risk(file_id: UUID, last: dict[UUID, str]) -> str:
    if file_id not in last:
        return "unseen"
    return "unqualified" if last[file_id] == "unqualified" else "ordinary"


def excluded(region_prefix: str, *, bound: bool) -> list[dict[str, str]]:
    """Whom a draw may not send where: the recused, and where `bound`, the supervisors of the file."""
    files = SupervisionFile.objects.filter(within([region_prefix]), status="open")
    pairs = {
        (str(one.account_id), str(one.file_id)): "recused"
        for one in Recusal.objects.filter(file__in=files, ended_at=None)
    }
    if bound:
        rows = oversight.Assignment.objects.filter(file__in=files, valid_until=None)
        pairs |= {(str(one.account_id), str(one.file_id)): "bound" for one in rows}
    return [{"inspector": who, "file": file, "reason": why} for (who, file), why in sorted(pairs.items())]


def checklists() -> list[tuple[str, Scheme]]:
    """The checklists there are, by key."""
    return [(key, standard(key)) for key in STANDARDS]


def incomplete(inspection: Inspection) -> Message | None:
    """The first thing on the cover that is missing before it may be submitted."""
    if inspection.held_on is None:
        return message("Say on which day the inspection took place.")
    if any(not one.outcome for one in inspection.clauses.all()):
        return message("Say for every clause from the drawing review how it stands on the site.")
    if inspection.inspectors.count() < 2:
        return message("An inspection needs at least two inspectors.")
    return None


def is_open(inspection: Inspection) -> bool:
    """Whether its sheets can be changed."""
    return inspection.state != State.SUBMITTED
