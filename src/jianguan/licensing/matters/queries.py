"""Reading cases, through one permission filter."""

from __future__ import annotations

import functools
import operator
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jianguan.kernel.messages import message
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.service import Certificate
from jianguan.licensing.matters import packs
from jianguan.licensing.matters.models import Act, Case, PackProposal, PackVersion
from jianguan.licensing.matters.pack import Matter
from jianguan.licensing.matters.statuses import ENDED, Status
from jianguan.licensing.process.service import WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import NOTHING, Actor, Explanation, within
from jianguan.platform.database.merged import merged
from jianguan.platform.errors import NotFound

COUNTED = 10_000  # beyond this, figures say "more than"


def visible_to(actor: Actor) -> QuerySet[Case]:
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


# Open steps of a role in a jurisdiction, in the order of the index for prefixes of that length (see `WorkItem`).
_IN_ORDER = (
    "SELECT * FROM process_workitem WHERE state = 'open' AND role = %s AND LEFT(region, {length}) = %s "
    "AND region LIKE %s ORDER BY due_on, id"
)
_INDEXED = (6, 4, 2)


def inbox(actor: Actor) -> QuerySet[WorkItem]:
    """Open steps a person may finish: those of the roles held, where they are held; quick in the order "due_on", "id".

    A role held in the whole installation has no index of its own: its steps are picked out of those of all roles.
    """
    scopes = [(role, prefix) for role, prefixes in actor.role_scopes().items() for prefix in prefixes]
    lengths = [next((length for length in _INDEXED if len(prefix) >= length), 0) for _, prefix in scopes]
    if not scopes or not all(lengths):
        return _waiting(actor)
    parts = zip(scopes, lengths, strict=True)
    return merged(WorkItem, [(_IN_ORDER.format(length=n), (role, p[:n], f"{p}%")) for (role, p), n in parts])


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


def search(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Those of the cases whose number, title or applicant fits what was typed."""
    return cases.filter(_fits(text)) if text.strip() else cases


@dataclass(frozen=True, slots=True)
class InboxFigures:
    """How many steps wait, in all, by stage, and by how late they are; counted up to `COUNTED`."""

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
    rows: list[tuple[str, date | None]] = list(_waiting(actor).values_list("stage", "due_on")[: COUNTED + 1])
    return InboxFigures(
        total=len(rows),
        by_stage=Counter(stage for stage, _ in rows),
        due_today=sum(due == today for _, due in rows),
        overdue=sum(due is not None and due < today for _, due in rows),
    )


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


def overdue(actor: Actor) -> QuerySet[Case]:
    """Open cases of a person's jurisdictions whose promised day has passed."""
    return visible_to(actor).filter(ended_at=None, due_on__lt=clock.today())


def of_items(items: list[WorkItem]) -> dict[UUID, Case]:
    """The cases of some steps, in one query."""
    return Case.objects.select_related("pack").defer("pack__content").in_bulk([item.instance_id for item in items])


def by_number(number: str) -> Case | None:
    """The case with a number 办件编号."""
    return Case.objects.filter(number=number.strip().upper()).first()


def own(actor: Actor, case_id: UUID) -> Case | None:
    """A case of the actor's enterprise, also a draft."""
    rows = Case.objects.select_related("pack").defer("pack__content")
    return rows.filter(pk=case_id, applicant_id=actor.organisation_id).first() if actor.is_enterprise else None


def drafts_of(actor: Actor, matter: str = "") -> QuerySet[Case]:
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


def of_applicant(actor: Actor) -> QuerySet[Case]:
    """Cases of the actor's enterprise, drafts too."""
    return Case.objects.select_related("pack").defer("pack__content").filter(applicant_id=actor.organisation_id)


def of_project(project_id: UUID) -> QuerySet[Case]:
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
    case = Case.objects.select_related("pack").defer("pack__content").get(pk=case_id)
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


def proposals() -> QuerySet[PackProposal]:
    """Proposed packs without their files."""
    return PackProposal.objects.defer("content")


def newest_version(matter: str) -> PackVersion | None:
    """The newest published version of a matter, be it in force already or not."""
    return PackVersion.objects.defer("content").filter(matter=matter).order_by("-version").first()
