"""Acts of keeping out of a case 回避: declared, ordered, asked for by the applicant, decided on, lifted."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from jianguan.kernel.messages import message
from jianguan.licensing.duties import facts, settings
from jianguan.licensing.duties.actions import Done, demand_heading, page_of, subject
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case
from jianguan.licensing.process import service as process
from jianguan.licensing.process.service import Recusal, Way, WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Account, Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, NotFound, Refusal
from jianguan.platform.journal.service import record
from jianguan.platform.notices import service as notices
from jianguan.platform.notices.service import Recipient


@dataclass(frozen=True, slots=True)
class Recuse:
    """Keep out of a case oneself, or as head order somebody to."""

    command_id: UUID
    case_id: UUID
    account_id: UUID
    reason: str
    words: str = ""


@action
def recuse(actor: Actor, command: Recuse) -> Done:
    """From now on the person may not act in the case in any role; what they hold of it waits for all again.

    Raises:
        NotFound: no case the actor may see.
        Forbidden: neither for oneself nor as head of the place.
        Refusal: the reason is not on the list, or there is no such officer.
    """
    if actor.is_enterprise or not matters.visible_to(actor).filter(pk=command.case_id).exists():
        raise NotFound
    case = matters.locked(command.case_id)
    _refuse_ended(case)
    if actor.id != command.account_id:
        demand_heading(actor, case)
    _demand_reason(command.reason, command.words, needs_words=command.reason == "other")
    asked = Recusal(
        instance_id=case.id, reason=command.reason, words=command.words.strip(), asked_by=actor.id, asked_at=clock.now()
    )  # fmt: skip
    _begin(asked, actor, case, command.account_id)
    return Done(str(case.id), case.number or "")


@dataclass(frozen=True, slots=True)
class AskRecusal:
    """As applicant, ask that somebody keep out of one's case."""

    command_id: UUID
    case_id: UUID
    named: str
    reason: str
    words: str


@action
def ask_recusal(actor: Actor, command: AskRecusal) -> Done:
    """Ask for it; the head of the place decides.

    Raises:
        NotFound: not an application of the actor's enterprise.
        Refusal: person or reason are missing.
    """
    case = matters.locked(command.case_id)
    if not actor.is_enterprise or case.applicant_id != actor.organisation_id:
        raise NotFound
    _refuse_ended(case)
    named, words = command.named.strip(), command.words.strip()
    if not named:
        says = message("Say who is meant, by name, post or what they did.")
        raise Refusal(says, {"named": says})
    _demand_reason(command.reason, words, needs_words=True)
    asked = Recusal.objects.create(
        instance_id=case.id, named=named, reason=command.reason, words=words, asked_by=actor.id, asked_at=clock.now()
    )
    said = {"number": case.number, "reason": command.reason}
    record(facts.RECUSAL_ASKED, subject(case), actor, said, personal={"named": named, "words": words})
    says = message("The applicant of case %(number)s asks that an officer keep out of it.", number=case.number or "")
    for head in accounts.heads(case.region):
        notices.send(Recipient(account_id=head.id), says, page_of(case.id), f"recusal-asked:{asked.id}:{head.id}")
    return Done(str(case.id), case.number or "")


@dataclass(frozen=True, slots=True)
class AnswerRecusal:
    """As head, grant what an applicant asked for by naming the officer, or (nobody named) decline it."""

    command_id: UUID
    recusal_id: UUID
    account_id: UUID | None
    answer: str


@action
def answer_recusal(actor: Actor, command: AnswerRecusal) -> Done:
    """Decide on what an applicant asked for; they are told.

    Raises:
        Forbidden: the actor does not head the work there.
        Conflict: it was decided already.
        Refusal: no words for the applicant.
    """
    asked, case = _locked_recusal(command.recusal_id, actor)
    if asked.decided_at is not None or asked.since is not None:
        raise Conflict(message("This was decided already."))
    _demand_answer(command.answer)
    asked.answer, asked.decided_by, asked.decided_at = command.answer.strip(), actor.id, clock.now()
    if command.account_id:
        _begin(asked, actor, case, command.account_id)
    else:
        asked.save()
        record(facts.RECUSAL_DECLINED, subject(case), actor, {"number": case.number})
    said = {"number": case.number or "", "answer": asked.answer}
    says = message("Your request for a recusal in %(number)s was decided on: %(answer)s", **said)
    notices.send(Recipient(organisation_id=case.applicant_id), says, f"/e/cases/{case.id}/", f"recusal:{asked.id}")
    return Done(str(case.id), case.number or "")


@dataclass(frozen=True, slots=True)
class LiftRecusal:
    """As head, let a person act in a case again."""

    command_id: UUID
    recusal_id: UUID
    answer: str


@action
def lift_recusal(actor: Actor, command: LiftRecusal) -> Done:
    """End a recusal now.

    Raises:
        Forbidden: the actor does not head the work there, or it is their own.
        Conflict: it is not in force.
    """
    standing, case = _locked_recusal(command.recusal_id, actor)
    if standing.since is None or standing.ended_at is not None:
        raise Conflict(message("This recusal is not in force."))
    _demand_answer(command.answer)
    standing.ended_at = standing.decided_at = clock.now()
    standing.decided_by, standing.answer = actor.id, command.answer.strip()
    standing.save()
    record(facts.RECUSAL_LIFTED, subject(case), actor, {"number": case.number, "account": standing.account_id})
    return Done(str(case.id), case.number or "")


def _begin(asked: Recusal, actor: Actor, case: Case, account_id: UUID) -> None:
    """Put a recusal in force in a locked case, and give back what the person holds of it."""
    if not Account.objects.filter(pk=account_id).exclude(organisation__kind="enterprise").exists():
        says = message("Choose an officer from the list.")
        raise Refusal(says, {"account": says})
    if account_id in process.recused(case.id):
        raise Conflict(message("This person keeps out of the case already."))
    asked.account_id, asked.since = account_id, clock.now()
    asked.save()
    for item in WorkItem.objects.filter(instance=case.id, state="open", holder_id=account_id):
        process.hand_over(item, None, Way.RECUSED, actor.id, asked.since)
    said = {"number": case.number, "account": account_id, "reason": asked.reason}
    record(facts.RECUSED, subject(case), actor, said, personal={"words": asked.words} if asked.words else None)
    says = message("A recusal is in force in case %(number)s.", number=case.number or "")
    for person in {account_id, *accounts.heads(case.region).values_list("pk", flat=True)} - {actor.id}:
        notices.send(Recipient(account_id=person), says, page_of(case.id), f"recused:{asked.id}:{person}")


def _refuse_ended(case: Case) -> None:
    if case.ended_at:
        raise Conflict(message("This case has ended."))


def _locked_recusal(recusal_id: UUID, actor: Actor) -> tuple[Recusal, Case]:
    """A recusal and its case, locked, for the head of the place."""
    case_id = Recusal.objects.filter(pk=recusal_id).values_list("instance_id", flat=True).first()
    if case_id is None:
        raise NotFound
    case = matters.locked(case_id)
    demand_heading(actor, case)
    return Recusal.objects.get(pk=recusal_id), case


def _demand_reason(reason: str, words: str, *, needs_words: bool) -> None:
    if reason not in settings.recusal().reasons:
        says = message("Choose a reason from the list.")
        raise Refusal(says, {"reason": says})
    if needs_words and not words.strip():
        says = message("Say why in a few words.")
        raise Refusal(says, {"words": says})


def _demand_answer(text: str) -> None:
    if not text.strip():
        says = message("Say why in a few words.")
        raise Refusal(says, {"answer": says})
