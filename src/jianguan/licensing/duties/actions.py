"""Acts on who handles a step: taking it, giving it back, passing it on, assigning it, reminding.

None of them moves the process. Each locks the case first and judges by `matters.acting_for`, as finishing the step does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jianguan.kernel.messages import Message, message
from jianguan.licensing.duties import facts, rules
from jianguan.licensing.duties.models import Urging
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case
from jianguan.licensing.process import service as process
from jianguan.licensing.process.service import Way, WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import HEADING, Account, Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal, Stale
from jianguan.platform.journal.service import Subject, record
from jianguan.platform.notices import service as notices
from jianguan.platform.notices.service import Recipient


@dataclass(frozen=True, slots=True)
class Done:
    """The case the act was in, and its number 办件编号."""

    case_id: str
    number: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Take an open step 签收."""

    command_id: UUID
    item_id: UUID


@action
def claim(actor: Actor, command: Claim) -> Done:
    """Take a step that nobody holds, or that an absent colleague holds for whom the actor stands in.

    Raises:
        Conflict: somebody else holds it; the sentence says who.
        Forbidden: the actor may not finish it.
    """
    item, case = _open_step(command.item_id)
    if item.holder_id == actor.id:
        return _done(case)
    if item.holder_id and item.holder_id not in actor.absent_colleagues:
        raise Conflict(matters.held_by(item.holder_id))
    matters.acting_for(actor, item, matters.of_version(case.pack), item.recused)
    return _hand_over(actor, item, case, actor.id, Way.CLAIMED)


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Give a step one holds back to all who may finish it 退回待办池."""

    command_id: UUID
    item_id: UUID


@action
def give_back(actor: Actor, command: GiveBack) -> Done:
    """Give a step back to all.

    Raises:
        Conflict: the actor does not hold it.
    """
    item, case = _open_step(command.item_id)
    _demand_held(actor, item)
    return _hand_over(actor, item, case, None, Way.GIVEN_BACK)


@dataclass(frozen=True, slots=True)
class Return:
    """Return a step to the colleague who passed it on 退还."""

    command_id: UUID
    item_id: UUID
    reason: str


@action
def return_step(actor: Actor, command: Return) -> Done:
    """Return a step to whoever passed it on to the actor.

    Raises:
        Conflict: the actor does not hold it, or nobody passed it on.
        Refusal: no reason was given, or the colleague cannot take it any more.
    """
    item, case = _open_step(command.item_id)
    _demand_held(actor, item)
    giver = rules.passed_on_by(process.handovers_of([item.id])[item.id])
    if giver is None:
        raise Conflict(message("Nobody passed this step on to you: give it back to all instead."))
    _demand_words(command.reason)
    return _give(actor, item, case, giver, Way.RETURNED, command.reason)


@dataclass(frozen=True, slots=True)
class PassOn:
    """Pass a step on to a colleague 转办."""

    command_id: UUID
    item_id: UUID
    to: UUID
    reason: str


@action
def pass_on(actor: Actor, command: PassOn) -> Done:
    """Pass a step one may finish on to a colleague who may finish it too.

    Raises:
        Forbidden: the actor may not finish it.
        Refusal: no reason, or the colleague may not finish it or is on leave.
    """
    item, case = _open_step(command.item_id)
    matters.acting_for(actor, item, matters.of_version(case.pack), item.recused)
    _demand_words(command.reason)
    return _give(actor, item, case, command.to, Way.DELEGATED, command.reason)


@dataclass(frozen=True, slots=True)
class Assign:
    """As head, give a step to a person 指派, whoever holds it now."""

    command_id: UUID
    item_id: UUID
    to: UUID
    reason: str = ""


@action
def assign(actor: Actor, command: Assign) -> Done:
    """Give a step to a person.

    Raises:
        Forbidden: the actor does not head the work there.
        Refusal: the person may not finish it or is on leave.
    """
    item, case = _open_step(command.item_id)
    demand_heading(actor, case)
    return _give(actor, item, case, command.to, Way.ASSIGNED, command.reason)


@dataclass(frozen=True, slots=True)
class TakeAway:
    """As head, take a step from its holder 收回; it waits for all again."""

    command_id: UUID
    item_id: UUID
    reason: str


@action
def take_away(actor: Actor, command: TakeAway) -> Done:
    """Take a step from its holder.

    Raises:
        Forbidden: the actor does not head the work there.
        Conflict: nobody holds it.
        Refusal: no reason was given.
    """
    item, case = _open_step(command.item_id)
    demand_heading(actor, case)
    _demand_words(command.reason)
    if item.holder_id is None:
        raise Conflict(message("Nobody holds this step."))
    says = message("%(head)s took case %(number)s from you: %(reason)s", **_about(actor, case, command.reason))
    notices.send(Recipient(account_id=item.holder_id), says, page_of(case.id), f"duty:{command.command_id}")
    return _hand_over(actor, item, case, None, Way.TAKEN_AWAY, command.reason)


@dataclass(frozen=True, slots=True)
class Urge:
    """As head, remind whoever has to finish a step 催办."""

    command_id: UUID
    item_id: UUID
    words: str


@action
def urge(actor: Actor, command: Urge) -> Done:
    """Remind the holder of a step, or all who may finish it where nobody holds it.

    Raises:
        Forbidden: the actor does not head the work there.
        Refusal: no words were given.
    """
    item, case = _open_step(command.item_id)
    demand_heading(actor, case)
    _demand_words(command.words, "words")
    says = message("%(head)s reminds you of case %(number)s: %(reason)s", **_about(actor, case, command.words))
    for account_id in _responsible(item):
        notices.send(
            Recipient(account_id=account_id), says, page_of(case.id), f"duty:{command.command_id}:{account_id}"
        )
    words = command.words.strip()
    Urging.objects.create(case_id=case.id, item_id=item.id, by_id=actor.id, words=words, at=clock.now())
    record(facts.URGED, subject(case), actor, {"number": case.number, "node": item.node, "words": words})
    return _done(case)


def _responsible(item: WorkItem) -> set[UUID]:
    """The holder of a step with whoever stands in for them, or all who may finish it."""
    if item.holder_id is None:
        found = accounts.handlers(item.role, item.region).values_list("pk", flat=True)
        return set(found) - set(item.recused)
    absence = accounts.away([item.holder_id]).get(item.holder_id)
    return {item.holder_id, absence.substitute_id} if absence else {item.holder_id}


# --- many at once


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one of several: done, or why not."""

    item_id: UUID
    refused: Message | None = None


def each(item_ids: Sequence[UUID], act: Callable[[UUID], object]) -> list[Result]:
    """Do the same with several steps, each in its own transaction: what is refused leaves the others as they are."""
    results = []
    for item_id in item_ids:
        try:
            act(item_id)
        except Refusal as refusal:
            results.append(Result(item_id, refusal.says))
        else:
            results.append(Result(item_id))
    return results


# --- what they share


def subject(case: Case) -> Subject:
    """The case as a journal subject."""
    return Subject("case", case.id, case.region)


def page_of(case_id: UUID) -> str:
    """Address of the page of a case for officers."""
    return f"/g/cases/{case_id}/"


def demand_heading(actor: Actor, case: Case) -> None:
    """Let through whoever heads the work at the place of a case and does not keep out of it.

    Raises:
        Forbidden: the actor does not head it, or keeps out.
    """
    if not actor.may(HEADING, case.region):
        raise Forbidden(message("This is for the head of the place."))
    if actor.id in process.recused(case.id):
        raise Forbidden(message("You keep out of this case (recusal): another head has to do this."))


def _open_step(item_id: UUID) -> tuple[WorkItem, Case]:
    """A step and its case, locked before they are read."""
    item = process.locked_item(item_id)
    if item is None:
        raise NotFound
    if item.state != "open":
        raise Stale(message("This step was finished meanwhile. Nothing was changed."))
    return item, Case.objects.with_pack().get(pk=item.instance_id)


def _demand_held(actor: Actor, item: WorkItem) -> None:
    if item.holder_id != actor.id:
        raise Conflict(matters.held_by(item.holder_id) if item.holder_id else message("Nobody holds this step."))


def _demand_words(text: str, field: str = "reason") -> None:
    if not text.strip():
        says = message("Say why in a few words.")
        raise Refusal(says, {field: says})


def _give(actor: Actor, item: WorkItem, case: Case, to: UUID, way: Way, reason: str) -> Done:
    """Give a step to another person and tell them."""
    if to == item.holder_id:
        says = message("Choose somebody else: this person holds the step already.")
        raise Refusal(says, {"to": says})
    _demand_fit(to, item, case)
    done = _hand_over(actor, item, case, to, way, reason)
    if to != actor.id:
        says = message("%(head)s gave you case %(number)s. %(reason)s", **_about(actor, case, reason))
        notices.send(Recipient(account_id=to), says, page_of(case.id), f"handover:{item.id}:{clock.now().isoformat()}")
    return done


def _demand_fit(account_id: UUID, item: WorkItem, case: Case) -> None:
    """Let through who may finish the step and is there.

    Raises:
        Refusal: with the reason at the field `to`.
    """
    account = Account.objects.select_related("organisation").filter(pk=account_id, is_active=True).first()
    if account is None:
        raise NotFound
    says = None
    if absence := accounts.away([account.id]).get(account.id):
        names = {"name": account.name, "substitute": absence.substitute.name}
        says = message("%(name)s is on leave; %(substitute)s stands in.", **names)
    elif not _competent(account, item, case):
        says = message("%(name)s may not finish this step: no role, recusal, or an earlier step.", name=account.name)
    if says:
        raise Refusal(says, {"to": says})


def _competent(account: Account, item: WorkItem, case: Case) -> bool:
    try:
        matters.demand_competence(accounts.actor(account), item, matters.of_version(case.pack), item.recused)
    except Forbidden:
        return False
    return True


def _hand_over(actor: Actor, item: WorkItem, case: Case, to: UUID | None, way: Way, reason: str = "") -> Done:
    before, words = item.holder_id, reason.strip()
    process.hand_over(item, to, way, actor.id, clock.now(), words)
    said = {"number": case.number, "node": item.node, "way": way.value, "from": before, "to": to, "reason": words}
    record(facts.HANDED_OVER, subject(case), actor, said)
    return _done(case)


def _done(case: Case) -> Done:
    return Done(str(case.id), case.number or "")


def _about(actor: Actor, case: Case, words: str) -> dict[str, Any]:
    return {"head": actor.name, "number": case.number or "", "reason": words.strip()}
