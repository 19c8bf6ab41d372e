"""Handling a case: finishing steps, withdrawing, and what the system itself does in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db import transaction
from uuid6 import uuid7

from jianguan.kernel.messages import message
from jianguan.kernel.process import Delta, Transition
from jianguan.licensing.matters import competence, facts, moving, packs, promising, queries
from jianguan.licensing.matters.actions import correcting
from jianguan.licensing.matters.actions.submitting import subject
from jianguan.licensing.matters.companions import why_held
from jianguan.licensing.matters.models import Act, Case, Submission, UnsentDecision
from jianguan.licensing.matters.moving import Moved
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.rules import ACCEPT, NOT_ACCEPT, REFUSE, WITHDRAW, missing_words
from jianguan.licensing.matters.statuses import ENDED, Status
from jianguan.licensing.process import service as process
from jianguan.licensing.process.service import WorkItem
from jianguan.licensing.rules import service as rules
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, Principal
from jianguan.platform.commands.service import action
from jianguan.platform.database.writing import Writing
from jianguan.platform.errors import Conflict, NotFound, Refusal, Stale
from jianguan.platform.journal.service import SYSTEM, Kind, record


@dataclass(frozen=True, slots=True)
class FinishStep:
    """Finish an open step of a case with an outcome and an opinion.

    Attributes:
        submission: version of the submission the officer saw; a newer one makes the page stale.
        items: what is to be corrected, where the outcome asks for that.
        about: for each item the input of the form or of a document it is about, or nothing.
        marks: for items of the last correction, by number from 0, whether they are mended.
        assignees: people assigned by this step (supervisors), where it assigns some.
        overrides: for checks the officer finds otherwise than the system: check id and reason.
        batch: with which batch a certificate that follows is sealed; None where it is sealed by itself.
    """

    command_id: UUID
    item_id: UUID
    outcome: str
    opinion: str = ""
    clause: str = ""
    items: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    marks: tuple[tuple[int, str], ...] = ()
    assignees: tuple[UUID, ...] = ()
    overrides: tuple[tuple[UUID, str], ...] = ()
    submission: int = 0
    batch: UUID | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The case that moved."""

    id: str
    status: str


@action
def finish_step(actor: Actor, command: FinishStep) -> Finished:
    """Finish an open step.

    Raises:
        Forbidden: no grant for the step there, somebody else holds it, or another person has to do it (see `competence`).
        Stale: the step is no longer open, or the application was corrected since the page was opened.
        Refusal: the outcome needs words, a clause, items or reasons that are missing.
    """
    item, case = _item_and_case(command.item_id)
    pack = packs.of_version(case.pack)
    behalf = competence.acting_for(actor, item, pack, item.recused)
    _refuse_stale(case, item, command)
    _refuse_wordless(case, item, pack, command)
    _refuse_unfit_assignees(case, item, pack, command)
    demanded = dict(zip_longest(command.items, command.about[: len(command.items)], fillvalue=""))
    promising.refuse_demanding(case, pack, command.outcome, demanded, command.opinion)
    if command.outcome == "approve":
        _settle_failures(actor, case, command)
    moved = moving.move(case, _completion(case, item, pack, command), actor.id, command.outcome, command.batch)
    _keep_act(case, item, actor, command, behalf)
    reply_by = correcting.set_reply_day(case, pack, moved.delta)
    said = _said(case, item, command, moved) | ({"reply_by": reply_by.isoformat()} if reply_by else {})
    if behalf:
        said["on_behalf_of"] = behalf.id
    record(_kind(moved), subject(case), actor, said)
    return Finished(str(case.id), case.status)


def _item_and_case(item_id: UUID) -> tuple[WorkItem, Case]:
    """A step and its case, locked before they are read: who reads first sees what was there before the wait."""
    item = process.locked_item(item_id)
    if item is None:
        raise NotFound
    return item, Case.objects.with_pack().get(pk=item.instance_id)


def _completion(case: Case, item: WorkItem, pack: Pack, command: FinishStep) -> moving.Operation:
    decides = pack.matter.outcomes[command.outcome].tone != "caution"

    def complete(transition: Transition) -> Delta:
        running = case.due_on is not None and case.due_on >= clock.today()  # then nothing stops it
        if decides and not running and (held := why_held(case, item)):
            raise Conflict(held)
        return transition.complete(item.id, command.outcome)

    return complete


def _refuse_stale(case: Case, item: WorkItem, command: FinishStep) -> None:
    if item.state != "open":
        raise Stale(moving.already_done())
    newest = Submission.objects.filter(case=case).order_by("-version").values_list("version", flat=True).first() or 0
    if command.submission and command.submission != newest:
        raise Stale(
            message(
                "The applicant has submitted a correction since you opened this page. Look at it before you decide."
            )
        )


def _refuse_wordless(case: Case, item: WorkItem, pack: Pack, command: FinishStep) -> None:
    node = pack.net.nodes[item.node]
    outcome = pack.matter.outcomes.get(command.outcome)
    if command.outcome not in node.outcomes or outcome is None:
        raise Refusal(message("Choose one of the results."), {"outcome": message("Choose one of the results.")})
    if outcome.needs == "items" and not queries.may_ask_for_correction(case, pack.matter):
        raise Conflict(
            message("Everything to be corrected is told once, and this was done already. Decide on what is there.")
        )
    wrong = missing_words(outcome, command.opinion, command.clause, command.items)
    if unknown := set(command.about) - correcting.inputs_of(pack) - {""}:
        wrong["items"] = message("The application has no “%(name)s” that an item could be about.", name=min(unknown))
    if wrong:
        raise Refusal(message("Your decision was not recorded: complete the marked fields."), wrong)


def _refuse_unfit_assignees(case: Case, item: WorkItem, pack: Pack, command: FinishStep) -> None:
    if not command.assignees:
        return
    assigns = pack.matter.acts[item.node].assigns if item.node in pack.matter.acts else None
    eligible = accounts.holders(assigns.role, case.region).filter(pk__in=command.assignees) if assigns else ()
    if {account.id for account in eligible} != set(command.assignees):
        says = message("Choose people who are competent for this here.")
        raise Refusal(says, {"assignees": says})


def _settle_failures(actor: Actor, case: Case, command: FinishStep) -> None:
    """A failed statutory check stands in the way of approval until an officer says, and signs, why it is wrong."""
    reasons = {check_id: reason.strip() for check_id, reason in command.overrides}
    failed = rules.standing_failures(case.id)
    unexplained = [check for check in failed if not reasons.get(check.id)]
    if unexplained:
        wrong = {f"override-{check.id}": message("Say why you find otherwise than the check.") for check in unexplained}
        raise Refusal(
            message(
                "%(count)s statutory conditions are not met. Refuse, or say for each why the check is wrong.",
                count=len(failed),
            ),
            wrong,
        )
    rules.Override.objects.bulk_create(
        [
            rules.Override(check_row=check, actor_id=actor.id, reason=reasons[check.id], at=clock.now())
            for check in failed
        ]
    )


def _keep_act(case: Case, item: WorkItem, actor: Actor, command: FinishStep, behalf: Principal | None) -> None:
    details: dict[str, Any] = {"clause": command.clause} if command.clause else {}
    if command.items:
        details["notice"] = correcting.notify(case, actor, command.items, command.about)
    correcting.mark(case, actor, dict(command.marks))
    if command.assignees:
        details["assignees"] = [str(account_id) for account_id in command.assignees]
    if behalf:
        details["on_behalf_of"] = str(behalf.id)
    writing = Writing()
    writing.insert(
        "matters_act (id, case_id, node, stage, outcome, opinion, details, actor_id, at)",
        [(
            uuid7(), case.id, item.node, item.stage, command.outcome, command.opinion.strip(), json.dumps(details),
            actor.id, clock.now(),
        )],
    )  # fmt: skip
    writing.add("DELETE FROM matters_unsentdecision WHERE item_id = %s", item.id)
    writing.carry_out()


def _kind(moved: Moved) -> Kind:
    """The journal's word for what a move came to."""
    effects = {effect.code for effect in moved.delta.effects}
    for code, entry_kind in _AGAINST.items():
        if code in effects:
            return entry_kind
    if effects - {ACCEPT}:
        return facts.COMPLETED if moved.course.status in ENDED else facts.APPROVED
    if effects:
        return facts.ACCEPTED
    return facts.CORRECTION_ASKED if moved.delta.stops_begun else facts.ACTED


_AGAINST = {NOT_ACCEPT: facts.NOT_ACCEPTED, REFUSE: facts.REFUSED}


def _said(case: Case, item: WorkItem, command: FinishStep, moved: Moved) -> dict[str, Any]:
    return {
        "number": case.number,
        "node": item.node,
        "outcome": command.outcome,
        "opinion": command.opinion.strip(),
        "clause": command.clause,
        "items": list(command.items),
        "about": list(command.about),
        "marks": [list(marked) for marked in command.marks],
        "assignees": list(command.assignees),
        "status": case.status,
        **moved.notes,
    }


def keep_decision(actor: Actor, item_id: UUID, content: Mapping[str, Any]) -> None:
    """Keep what an officer typed at a step for later 暂存; repeating it replaces it.

    Raises:
        Forbidden: the step is not the actor's.
        Stale: it was finished meanwhile.
    """
    with transaction.atomic():
        item, case = _item_and_case(item_id)
        competence.acting_for(actor, item, packs.of_version(case.pack), item.recused)
        if item.state != "open":
            raise Stale(moving.already_done())
        kept = {"content": dict(content), "kept_at": clock.now()}
        UnsentDecision.objects.update_or_create(item_id=item.id, account_id=actor.id, defaults=kept)


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Withdraw an application 撤回."""

    command_id: UUID
    case_id: UUID
    reason: str


@action
def withdraw(actor: Actor, command: Withdraw) -> Finished:
    """Withdraw an application before it is decided.

    Raises:
        NotFound: not an application of the actor's enterprise.
        Conflict: it is decided already.
        Refusal: no reason was given (a draft needs none).
    """
    process.hold(command.case_id)
    case = Case.objects.with_pack().filter(pk=command.case_id, applicant_id=actor.organisation_id).first()
    if case is None or not actor.is_enterprise:
        raise NotFound
    if case.status != Status.DRAFT and not command.reason.strip():
        says = message("Say why you withdraw the application.")
        raise Refusal(says, {"reason": says})
    if case.status == Status.DRAFT:
        Case.objects.filter(pk=case.pk).update(status=Status.WITHDRAWN, ended_at=clock.now())
        case.status = Status.WITHDRAWN
    else:
        _cancel(case, actor, command.reason)
    Act.objects.create(
        case=case,
        node="",
        stage="",
        outcome=WITHDRAW,
        opinion=command.reason.strip(),
        actor_id=actor.id,
        at=clock.now(),
    )
    record(facts.WITHDRAWN, subject(case), actor, {"number": case.number, "reason": command.reason.strip()})
    return Finished(str(case.id), case.status)


def _cancel(case: Case, actor: Actor, reason: str) -> None:
    if case.status in ENDED or case.decided_on is not None:
        raise Conflict(message("This application was decided and can no longer be withdrawn."))
    moving.move(case, lambda transition: transition.cancel(reason), actor.id)


def certificate_issued(case_id: UUID, token_id: UUID, number: str) -> None:
    """The certificate a case waited for is there: finish the case. Repeating it changes nothing."""
    with transaction.atomic():
        process.hold(case_id)
        case = Case.objects.with_pack().get(pk=case_id)
        if case.status in ENDED:
            return
        moving.move(case, lambda transition: transition.signal(token_id), None)
        record(
            facts.COMPLETED,
            subject(case),
            SYSTEM,
            {"number": case.number, "certificate": number, "status": case.status},
        )


def fire_timer(instance_id: UUID, timer_id: UUID) -> bool:
    """Let a timer that is due act; returns whether anything happened (someone may have been faster)."""
    with transaction.atomic():
        process.hold(instance_id)
        case = Case.objects.with_pack().get(pk=instance_id)
        moved = moving.move(case, lambda transition: transition.fire(timer_id), None)
        if not moved.delta.log:
            return False
        data = {"number": case.number, "timer": moved.delta.timers_fired[0].node, "status": case.status}
        if (notice := correcting.lapse(case)) and notice.reply_by:
            data |= {"notice": notice.number, "reply_by": notice.reply_by.isoformat()}
        record(facts.LAPSED, subject(case), SYSTEM, data)
    return True
