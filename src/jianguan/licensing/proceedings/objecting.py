"""Objections 异议（陈述申辩）: entered by the applicant in time, answered once by a person who did not act in the case."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from jianguan.kernel.messages import Message, message
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case
from jianguan.licensing.proceedings import facts, queries, rules
from jianguan.licensing.proceedings.actions import Done, attach_to, number_in, refuse, subject, tell
from jianguan.licensing.proceedings.models import Objection, Result
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict, Forbidden, NotFound
from jianguan.platform.journal.service import record


@dataclass(frozen=True, slots=True)
class Object:
    """Enter an objection against a decision or notice of a case; `key` is that of `queries.Open`."""

    command_id: UUID
    case_id: UUID
    key: str
    reasons: str


@action
def object_(actor: Actor, command: Object) -> Done:
    """Enter an objection.

    Raises:
        NotFound: not an application of the actor's enterprise.
        Conflict: it is too late, there is nothing of the kind, or an objection was raised already.
        Refusal: no reasons were given.
    """
    case = _own(actor, command.case_id)
    refuse(rules.unsaid({"reasons": command.reasons}))
    case = matters.locked(case.id)
    raised = list(Objection.objects.filter(case_id=case.id))
    chosen = next((one for one in queries.open_to_objection(case, raised) if one.key == command.key), None)
    if chosen is None:
        says = message("Against this no objection can be raised (any more): the period is over, or one was raised.")
        raise Conflict(says, {"key": says})
    made = Objection.objects.create(
        case_id=case.id, region=case.region, number=number_in("YY", case), against=chosen.against,
        reference=chosen.reference, reasons=command.reasons.strip(), entered_by=actor.id, entered_at=clock.now(),
    )  # fmt: skip
    data = {"number": made.number, "case": case.number, "against": made.against, "reference": made.reference}
    record(facts.OBJECTED, subject(case), actor, data, personal={"reasons": made.reasons})
    return Done(str(made.id))


def attach(actor: Actor, objection_id: UUID, filename: str, data: bytes) -> documents.Document:
    """Add a document to an objection that is not answered yet; sending it twice adds it once.

    Raises:
        NotFound: no such objection of the actor's enterprise.
        Conflict: it is answered.
        Refusal: the file is not acceptable; nothing is kept then.
    """
    with transaction.atomic():
        found = Objection.objects.select_for_update().filter(pk=objection_id).first()
        if found is None:
            raise NotFound
        _own(actor, found.case_id)
        if found.result:
            raise Conflict(message("This objection is answered already."))
        return attach_to(("objection", found.id), actor, filename, data)


def _own(actor: Actor, case_id: UUID) -> Case:
    if not actor.is_enterprise:
        raise NotFound
    return queries.case_of(actor, case_id)


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer an objection: uphold it, or maintain what was decided, with reasons."""

    command_id: UUID
    objection_id: UUID
    result: str
    words: str


@action
def answer(actor: Actor, command: Answer) -> Done:
    """Answer an objection. An upheld one does not open the case again: the applicant is told what to do.

    Raises:
        NotFound: no such objection for this person.
        Forbidden: the actor answers no objections there, or acted in the case.
        Conflict: it is answered already.
        Refusal: result or reasons are missing.
    """
    found, case = queries.objection(actor, command.objection_id)
    if says := why_not_answer(actor, found, case):
        raise Forbidden(says)
    wrong = rules.unsaid({"words": command.words})
    if command.result not in Result:
        wrong["result"] = message("Choose one of the results.")
    refuse(wrong)
    found = Objection.objects.select_for_update().get(pk=found.pk)
    if found.result:
        raise Conflict(message("This objection is answered already."))
    found.result, found.answer = command.result, command.words.strip()
    found.answered_by, found.answered_at = actor.id, clock.now()
    found.save()
    shas = [document.blob_id for document in documents.of_subject("objection", found.id)]
    data = {"number": found.number, "case": case.number, "result": found.result}
    record(facts.ANSWERED, subject(case), actor, data, documents=shas, personal={"answer": found.answer})
    tell(case, _told(found), f"/e/cases/{case.id}/", f"objection:{found.id}")
    return Done(str(found.id))


def why_not_answer(actor: Actor, found: Objection, case: Case) -> Message | None:
    """Why a person may not answer an objection: no grant, or they acted in the case (separation)."""
    if actor.is_enterprise or not actor.may(queries.ANSWER, found.region):
        return message("You answer no objections here.")
    if actor.id in matters.of_office(case.id):
        return message("You acted in this case: another person has to answer the objection.")
    return None


def _told(found: Objection) -> Message:
    if found.result == Result.UPHELD:
        return message(
            "Your objection %(number)s was upheld. The decision stands until it is replaced: apply again and refer to "
            "this number.",
            number=found.number,
        )
    remedies = matters.remedies()
    return message(
        "Your objection %(number)s was answered: the decision is maintained. Read the reasons. You may apply for "
        "reconsideration within %(days)s days of the decision, or go to court within %(months)s months.",
        number=found.number, days=remedies.reconsideration_days, months=remedies.litigation_months,
    )  # fmt: skip
