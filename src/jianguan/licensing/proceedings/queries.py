"""Reading procedures, calls and objections, always through the cases a person may open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case
from jianguan.licensing.proceedings.models import Against, Call, Objection, Proceeding, State
from jianguan.licensing.proceedings.rules import last_day
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor, within
from jianguan.platform.errors import NotFound
from jianguan.platform.workdays import service as workdays

ANSWER = "objection.answer"


def case_of(actor: Actor, case_id: UUID) -> Case:
    """A case the actor may open.

    Raises:
        NotFound: there is none, or not for this person.
    """
    case = matters.visible_to(actor).with_pack().filter(pk=case_id).first()
    if case is None:
        raise NotFound
    return case


def proceeding(actor: Actor, proceeding_id: UUID) -> tuple[Proceeding, Case]:
    """A procedure of a case the actor may open, with the case.

    Raises:
        NotFound: there is none, or not for this person.
    """
    found = Proceeding.objects.filter(pk=proceeding_id).first()
    if found is None:
        raise NotFound
    return found, case_of(actor, found.case_id)


def objection(actor: Actor, objection_id: UUID) -> tuple[Objection, Case]:
    """An objection in a case the actor may open, with the case.

    Raises:
        NotFound: there is none, or not for this person.
    """
    found = Objection.objects.filter(pk=objection_id).first()
    if found is None:
        raise NotFound
    return found, case_of(actor, found.case_id)


def open_proceedings(actor: Actor) -> QuerySet[Proceeding]:
    """Procedures under way in an officer's jurisdictions."""
    return Proceeding.objects.filter(within(actor.prefixes("case.read")), state=State.OPEN)


def objections(actor: Actor, *, answered: bool) -> QuerySet[Objection]:
    """Objections in an officer's jurisdictions, those that wait or those that are answered."""
    rows = Objection.objects.filter(within(actor.prefixes("case.read")))
    return rows.exclude(result="") if answered else rows.filter(result="")


def handles(actor: Actor, case_id: UUID) -> bool:
    """Whether a case is in an officer's hands: an open step is theirs, or they acted in it before."""
    return not actor.is_enterprise and (
        bool(matters.steps_for(actor, case_id)) or actor.id in matters.of_office(case_id)
    )


def may_close(actor: Actor, found: Proceeding) -> bool:
    """Whether an officer may enter the record of a procedure or call it off: who ordered it, or has an open step."""
    return (
        found.state == State.OPEN
        and not actor.is_enterprise
        and (found.ordered_by == actor.id or bool(matters.steps_for(actor, found.case_id)))
    )


@dataclass(frozen=True, slots=True)
class Open:
    """What an applicant may object to: which decision, its number, when it was told, and until when."""

    against: Against
    reference: str
    told_on: date
    until: date

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.against}:{self.reference}"


def open_to_objection(case: Case, raised: Sequence[Objection]) -> list[Open]:
    """Decisions and notices of a case against which an objection may still be raised today."""
    told: list[tuple[Against, str, date]] = []
    if case.decided_on and case.ended_at and case.decision in (Against.REFUSED, Against.NOT_ACCEPTED):
        told.append((Against(case.decision), case.number or "", case.decided_on))
    told += [
        (Against.CORRECTION, notice.number, clock.legal_day(notice.issued_at)) for notice in case.corrections.all()
    ]
    limit, calendar = matters.remedies().objection, workdays.calendar()
    found = [Open(against, number, day, last_day(day, limit, calendar)) for against, number, day in told]
    before = {(one.against, one.reference) for one in raised}
    return [one for one in found if one.until >= clock.today() and (one.against, one.reference) not in before]


@dataclass(frozen=True, slots=True)
class OfCase:
    """What stands beside a case, newest first."""

    proceedings: Sequence[Proceeding]
    calls: Sequence[Call]
    objections: Sequence[Objection]


def of_case(case: Case, *, for_applicant: bool) -> OfCase:
    """Everything beside a case; an applicant gets no calls."""
    calls = [] if for_applicant else list(Call.objects.filter(case_id=case.id).order_by("-called_at"))
    proceedings = Proceeding.objects.filter(case_id=case.id).order_by("-id")
    objections = Objection.objects.filter(case_id=case.id).order_by("-id")
    return OfCase(list(proceedings), calls, list(objections))
