"""Reading promises and their checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from jianguan.kernel.messages import Message, message
from jianguan.kernel.tables import Localized
from jianguan.licensing.promises.models import Bar, LaterCheck, Promise, State, Way
from jianguan.platform import clock
from jianguan.platform.accounts.service import NOTHING, Actor, within
from jianguan.platform.documents import service as documents
from jianguan.platform.documents.service import Document

DONE = (State.KEPT, State.MENDED, State.SANCTIONED, State.SPARED)


def way_of(case_id: UUID) -> Way | None:
    """How an application is made; None where nobody chose yet."""
    return Way.objects.filter(case_id=case_id).first()


def of_submission(case_id: UUID, version: int) -> Promise | None:
    """The promise of one version of a submission."""
    return Promise.objects.filter(case_id=case_id, version=version).first()


def of_cases(case_ids: Sequence[UUID]) -> QuerySet[Promise]:
    """The promises of some cases, all versions, oldest first."""
    return Promise.objects.filter(case_id__in=case_ids).order_by("case_id", "version")


def by_id(promise_id: UUID) -> Promise | None:
    """One promise."""
    return Promise.objects.filter(pk=promise_id).first()


def check_of(case_id: UUID) -> LaterCheck | None:
    """The check that followed the promise of a case."""
    return LaterCheck.objects.filter(case_id=case_id).first()


def barred(uscc: str) -> Bar | None:
    """Why an enterprise may not promise today; None where it may."""
    return barred_now().filter(uscc=uscc).order_by("-last_day").first() if uscc else None


def barred_now() -> QuerySet[Bar]:
    """Enterprises that may not promise today 失信承诺名单; whose time is over is no longer shown to anybody."""
    today = clock.today()
    return Bar.objects.filter(first_day__lte=today, last_day__gte=today)


def says_barred(bar: Bar, matter: str = "") -> Message:
    """Why an enterprise may not promise, and until when; `matter` is its name in the reader's language."""
    return message(
        "Your enterprise may not apply by promise until %(day)s: a promise for %(matter)s was false. Hand in the documents instead.",
        day=bar.last_day,
        matter=matter or bar.matter_name["zh"],
    )


def visible_to(actor: Actor) -> QuerySet[LaterCheck]:
    """Checks a person may open: those of their jurisdictions, or of their own enterprise."""
    seen = within(actor.prefixes("case.read"))
    return LaterCheck.objects.filter(Q(applicant_id=actor.organisation_id) if actor.is_enterprise else seen)


def mine(actor: Actor) -> QuerySet[LaterCheck]:
    """Open checks a person is to make or decide: of the roles held there, unless they approved; announced sanctions."""
    seen = NOTHING
    for role, prefixes in actor.role_scopes().items():
        seen |= Q(role=role, state__in=(State.WAITING, State.MENDING)) & within(prefixes)
    seen |= Q(state=State.HEARING) & within(actor.prefixes("certificate.decide"))
    return (
        visible_to(actor)
        .filter(seen, ended_at=None)
        .exclude(approved_by=actor.id, state__in=(State.WAITING, State.MENDING))
    )


def overdue(rows: QuerySet[LaterCheck]) -> QuerySet[LaterCheck]:
    """Those whose day has passed."""
    return rows.filter(ended_at=None, due_on__lt=clock.today())


def matching(rows: QuerySet[LaterCheck], text: str) -> QuerySet[LaterCheck]:
    """Those whose case or applicant fits what was typed."""
    typed = text.strip()
    fits = Q(number__istartswith=typed) | Q(title__icontains=typed) | Q(applicant_name__icontains=typed)
    return rows.filter(fits) if typed else rows


def slot(check: LaterCheck) -> str:
    """To which finding documents are added now: the first, or the one after mending."""
    return "again" if check.state in (State.MENDING, State.HEARING, State.MENDED) else "first"


def documents_of(check: LaterCheck, which: str) -> list[Document]:
    """The documents of a finding."""
    return list(documents.of_subject("promise_check", check.id).filter(slot=which))


def documents_at_hand(check: LaterCheck) -> list[Document]:
    """The documents of the finding that is being entered."""
    return documents_of(check, slot(check))


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one matter: applications that could be promised, those that were, and what checks found."""

    matter: str
    name: Localized
    applications: int
    promised: int
    waiting: int
    overdue: int
    done: int
    broken: int
    sanctioned: int

    @property
    def share(self) -> int:
        """Promised applications, in per cent."""
        return round(100 * self.promised / self.applications) if self.applications else 0


def figures(actor: Actor) -> list[Figures]:
    """The figures of a person's jurisdictions by matter, in three queries."""
    seen = within(actor.prefixes("case.read"))
    ways = Way.objects.filter(seen, submitted_at__isnull=False).values("matter").order_by("matter")
    late = Q(ended_at=None, due_on__lt=clock.today())
    checks = visible_to(actor).values("matter").order_by("matter")
    counted = checks.annotate(
        waiting=Count("id", Q(ended_at=None)), overdue=Count("id", late), done=Count("id", Q(ended_at__isnull=False)),
        broken_ones=Count("id", Q(broken=True)), sanctioned=Count("id", Q(state=State.SANCTIONED)),
    )  # fmt: skip
    named = (
        Way.objects.filter(seen).order_by("matter", "-case_id").distinct("matter").values_list("matter", "matter_name")
    )
    names = {matter: Localized(**name) for matter, name in named}
    found: Mapping[str, Mapping[str, Any]] = {row["matter"]: row for row in counted}
    return [
        Figures(
            row["matter"], names[row["matter"]], row["applications"], row["promises"],
            *(found.get(row["matter"], {}).get(name, 0) for name in ("waiting", "overdue", "done", "broken_ones", "sanctioned")),
        )
        for row in ways.annotate(applications=Count("case_id"), promises=Count("case_id", Q(promised=True)))
    ]  # fmt: skip


def soon(rows: QuerySet[LaterCheck], until: date) -> QuerySet[LaterCheck]:
    """Open ones due until a day."""
    return rows.filter(ended_at=None, due_on__lte=until)


def in_place(rows: QuerySet[LaterCheck], prefix: str) -> QuerySet[LaterCheck]:
    """Those of a jurisdiction."""
    return rows.filter(within([prefix])) if prefix else rows


def bar_of(check: LaterCheck) -> Bar | None:
    """The bar a check led to."""
    return Bar.objects.filter(check_row=check).first()


def promises_visible_to(actor: Actor) -> QuerySet[Promise]:
    """Promises a person may read: of their jurisdictions, or of their own enterprise."""
    seen = within(actor.prefixes("case.read"))
    return Promise.objects.filter(Q(applicant_id=actor.organisation_id) if actor.is_enterprise else seen)
