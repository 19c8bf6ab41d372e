"""Reading cases, through one permission filter."""

from __future__ import annotations

import functools
import operator
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jianguan.kernel.messages import message
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.service import Certificate
from jianguan.licensing.matters import packs
from jianguan.licensing.matters.models import Act, Case, Cases, PackProposal, PackVersion, ProposalState
from jianguan.licensing.matters.pack import Matter
from jianguan.licensing.matters.rules import WITHDRAW
from jianguan.licensing.matters.statuses import ENDED, Status
from jianguan.licensing.process import service as process
from jianguan.licensing.process.service import WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import NOTHING, Actor, Explanation, within
from jianguan.platform.database.merged import merged
from jianguan.platform.errors import NotFound

COUNTED = 1_000  # the most urgent, by which figures are counted; beyond this they say "more than"


def visible_to(actor: Actor) -> Cases:
    """Cases a person may open: submitted ones of their jurisdictions, all of their own enterprise."""
    submitted = within(actor.prefixes("case.read")) & ~Q(status=Status.DRAFT)
    own = Q(applicant_id=actor.organisation_id) if actor.is_enterprise else NOTHING
    return Case.objects.filter(submitted | own)


def explain(actor: Actor, case: Case) -> Explanation:
    """Why a person may open a case, or what is missing."""
    if not actor.is_enterprise:
        return accounts.explain_permission(actor, "case.read", case.region)
    own = case.applicant_id == actor.organisation_id
    allowed = message("Allowed: it is an application of your enterprise.")
    missing = message("Missing: it is not an application of your enterprise.")
    return Explanation(own, (allowed if own else missing,))


# Open steps of a role, and cases under way, in the order of the index for jurisdictions of a prefix length.
_STEPS = "SELECT * FROM process_workitem WHERE state = 'open' AND role = %s AND {inside}"
_UNENDED = "SELECT * FROM matters_case WHERE ended_at IS NULL AND {inside}"
_INDEXED = (6, 4, 2)


def _inside(prefix: str) -> tuple[str, tuple[str, ...]] | None:
    """The condition that a row lies in a jurisdiction, as the indexes have it; None for the whole installation."""
    length = next((length for length in _INDEXED if len(prefix) >= length), None)
    if length is None:
        return None
    first = f"LEFT(region, {length}) = %s"
    return (
        (first, (prefix,))
        if len(prefix) == length
        else (f"{first} AND region LIKE %s", (prefix[:length], f"{prefix}%"))
    )


def inbox(actor: Actor) -> QuerySet[WorkItem]:
    """Open steps a person may finish: of their roles, held by nobody else; quick in the order "due_on", "id"."""
    return _free(actor, in_scope(actor))


def held_by_others(actor: Actor) -> QuerySet[WorkItem]:
    """Open steps of a person's roles that colleagues hold; few, and read from the index of what is held."""
    return _waiting(actor).filter(holder_id__isnull=False).exclude(holder_id__in=_own(actor))


def held(actor: Actor) -> QuerySet[WorkItem]:
    """Open steps a person holds."""
    return _waiting(actor).filter(holder_id=actor.id)


def _free(actor: Actor, items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """Without what others hold, and without cases the person keeps out of."""
    out = process.left_out(actor.id).values("instance")
    return items.filter(Q(holder_id=None) | Q(holder_id__in=_own(actor))).exclude(instance__in=out)


def _own(actor: Actor) -> list[UUID]:
    """Whose held steps a person may finish: their own, and those of absent colleagues they stand in for."""
    return [actor.id, *sorted(actor.absent_colleagues)]


def in_scope(actor: Actor) -> QuerySet[WorkItem]:
    """Open steps of the roles a person holds, where they are held; quick in the order "due_on", "id".

    A role held in the whole installation has no index of its own: its steps are picked out of those of all roles.
    """
    scopes = [(role, _inside(prefix)) for role, prefixes in actor.role_scopes().items() for prefix in prefixes]
    parts = [(_STEPS.format(inside=inside[0]), (role, *inside[1])) for role, inside in scopes if inside]
    return merged(WorkItem, parts, "due_on, id") if parts and len(parts) == len(scopes) else _waiting(actor)


def _waiting(actor: Actor) -> QuerySet[WorkItem]:
    """The same steps as one condition: quicker where many are read in no order."""
    scopes = [Q(role=role) & within(prefixes) for role, prefixes in actor.role_scopes().items()]
    return WorkItem.objects.filter(functools.reduce(operator.or_, scopes, NOTHING), state="open")


def matching(
    items: QuerySet[WorkItem], *, text: str = "", matter: str = "", region: str = "", stage: str = ""
) -> QuerySet[WorkItem]:
    """Those of the steps whose case fits the filters of a list."""
    if region:
        items = items.filter(within([region]))
    if stage:
        items = items.filter(stage=stage)
    if text or matter:
        cases = Case.objects.filter(pk=OuterRef("instance_id"))
        cases = cases.filter(matter=matter) if matter else cases
        cases = cases.filter(_fits(text)) if text else cases
        items = items.filter(Exists(cases))
    return items


def _fits(text: str) -> Q:
    typed = text.strip()
    return Q(number__istartswith=typed) | Q(title__icontains=typed) | Q(applicant_name__icontains=typed)


def search(cases: Cases, text: str) -> Cases:
    """Those of the cases whose number, title or applicant fits what was typed."""
    return cases.filter(_fits(text)) if text.strip() else cases


@dataclass(slots=True)
class InboxFigures:
    """How many steps wait, in all, by stage, and by how late they are; the most urgent `COUNTED` are counted."""

    total: int
    by_stage: Counter[str]
    due_today: int
    overdue: int

    @property
    def more(self) -> bool:
        return self.total > COUNTED


def figures(actor: Actor) -> InboxFigures:
    """The figures of an inbox in one query."""
    today = clock.today()
    rows = inbox(actor).order_by("due_on", "id").only("stage", "due_on")[: COUNTED + 1]
    found = InboxFigures(0, Counter(), 0, 0)
    for stage, due, count in _counted(rows):
        found.total += count
        found.by_stage[stage] += count
        found.due_today += count if due == today else 0
        found.overdue += count if due is not None and due < today else 0
    return found


def _counted(rows: QuerySet[WorkItem]) -> list[tuple[str, date | None, int]]:
    """How often each of the rows stands there; the ORM cannot group what it has cut off."""
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT stage, due_on, COUNT(*) FROM ({sql}) AS waiting GROUP BY stage, due_on", values)  # noqa: S608
        return cursor.fetchall()


def steps_for(actor: Actor, case_id: UUID) -> list[WorkItem]:
    """The open steps of a case that are in a person's hands, oldest first; none that another person has to do."""
    return list(_free(actor, _waiting(actor)).filter(instance=case_id).order_by("opened_at", "id"))


def of_office(case_id: UUID) -> set[UUID]:
    """Officers who acted in a case so far."""
    acts = Act.objects.filter(case=case_id).exclude(stage="submission").exclude(outcome=WITHDRAW)
    return {actor for actor in acts.values_list("actor_id", flat=True) if actor}


def open_step(case_id: UUID, node: str) -> UUID:
    """The open work item at a step of a case.

    Raises:
        NotFound: the case does not stand there.
    """
    found = WorkItem.objects.filter(instance=case_id, node=node, state="open").values_list("pk", flat=True).first()
    if found is None:
        raise NotFound
    return found


def done_by(actor: Actor) -> QuerySet[WorkItem]:
    """Steps a person finished."""
    return WorkItem.objects.filter(closed_by=actor.id, state="done")


def under_way(actor: Actor) -> Cases:
    """Submitted cases of a person's jurisdictions that have not ended; quick in the order "due_on", "id"."""
    scopes = [_inside(prefix) for prefix in actor.prefixes("case.read")]
    parts = [(_UNENDED.format(inside=inside[0]), inside[1]) for inside in scopes if inside]
    rows = (
        merged(Case, parts, "due_on, id")
        if parts and len(parts) == len(scopes)
        else visible_to(actor).filter(ended_at=None)
    )
    return rows.exclude(status=Status.DRAFT)


def overdue(actor: Actor) -> Cases:
    """Cases under way in a person's jurisdictions whose promised day has passed."""
    return under_way(actor).filter(due_on__lt=clock.today())


def of_items(items: list[WorkItem]) -> dict[UUID, Case]:
    """The cases of some steps, in one query."""
    return Case.objects.with_pack().in_bulk([item.instance_id for item in items])


def by_number(number: str) -> Case | None:
    """The case with a number 办件编号."""
    return Case.objects.filter(number=number.strip().upper()).first()


def own(actor: Actor, case_id: UUID) -> Case | None:
    """A case of the actor's enterprise, also a draft."""
    rows = Case.objects.with_pack()
    return rows.filter(pk=case_id, applicant_id=actor.organisation_id).first() if actor.is_enterprise else None


def drafts_of(actor: Actor, matter: str = "") -> Cases:
    """Drafts of the actor's enterprise, newest first."""
    rows = Case.objects.filter(applicant_id=actor.organisation_id, status=Status.DRAFT).order_by("-id")
    return rows.filter(matter=matter) if matter else rows


def by_receipt(number: str, uscc: str) -> Case | None:
    """The case with a number, for whoever also knows the credit code of its applicant (公众进度查询)."""
    case = by_number(number)
    if case is None or not uscc.strip():
        return None
    applicant = accounts.organisation(case.applicant_id)
    return case if applicant.uscc == uscc.strip().upper() else None


def of_applicant(actor: Actor) -> Cases:
    """Cases of the actor's enterprise, drafts too."""
    return Case.objects.with_pack().filter(applicant_id=actor.organisation_id)


def of_project(project_id: UUID) -> Cases:
    """Submitted cases of a project, newest first."""
    return Case.objects.filter(project_id=project_id).exclude(status=Status.DRAFT).order_by("-id")


def is_open(case: Case) -> bool:
    """Whether the case has not ended."""
    return case.status not in ENDED


def may_ask_for_correction(case: Case, matter: Matter) -> bool:
    """Whether a correction may still be asked for: everything is told at once, as often as the matter says."""
    return case.corrections.count() < matter.corrections


def versions(matter: str) -> QuerySet[PackVersion]:
    """All published versions of a matter, newest first, with the number of cases that pin each."""
    rows = PackVersion.objects.defer("content").filter(matter=matter)
    return rows.annotate(pinned=Count("cases")).order_by("-version")


def assignees(case_id: UUID) -> dict[str, list[UUID]]:
    """People named in the reviews of a case, by what they were named for; the newest word counts."""
    case = Case.objects.with_pack().get(pk=case_id)
    forms = packs.of_version(case.pack).matter.acts
    chosen: dict[str, list[UUID]] = {}
    for act in Act.objects.filter(case=case).order_by("id"):
        assigns = forms[act.node].assigns if act.node in forms else None
        if assigns and "assignees" in act.details:
            chosen[assigns.purpose] = [UUID(account_id) for account_id in act.details["assignees"]]
    return chosen


def held_certificates(actor: Actor, kinds: Collection[str]) -> QuerySet[Certificate]:
    """Certificates of these kinds in force that the actor's enterprise holds, newest first."""
    rows = certificates.current().filter(kind__in=kinds, status=certificates.Status.VALID)
    return rows.filter(holder_uscc=actor.uscc) if actor.uscc else rows.none()


def is_open_proposal(proposal_id: UUID) -> bool:
    """Whether a proposal waits for a decision or for its correction."""
    open_states = (ProposalState.FAULTY, ProposalState.WAITING)
    return PackProposal.objects.filter(pk=proposal_id, state__in=open_states).exists()


def proposals() -> QuerySet[PackProposal]:
    """Proposed packs without their files."""
    return PackProposal.objects.defer("content")


def newest_version(matter: str) -> PackVersion | None:
    """The newest published version of a matter, be it in force already or not."""
    return PackVersion.objects.defer("content").filter(matter=matter).order_by("-version").first()
