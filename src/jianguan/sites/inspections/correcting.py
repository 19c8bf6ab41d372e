"""Corrections of submitted inspections: asked for by an inspector, endorsed by the deputy head, approved by the head."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from jianguan.kernel.messages import message
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal.service import record
from jianguan.sites.inspections import facts, queries
from jianguan.sites.inspections.inspecting import WORDS, Done, subject
from jianguan.sites.inspections.models import Correction, CorrectionState, Inspection, State

DECIDED_BY = {CorrectionState.REQUESTED: "inspection.endorse", CorrectionState.ENDORSED: "inspection.approve"}


@dataclass(frozen=True, slots=True)
class RequestCorrection:
    """Ask for the correction of a submitted inspection."""

    command_id: UUID
    inspection_id: UUID
    reason: str


@action
def request_correction(actor: Actor, command: RequestCorrection) -> Done:
    """Ask for a correction; the inspection stays locked until deputy head and head have agreed.

    Raises:
        NotFound: no such inspection for this person.
        Forbidden: the actor is none of its inspectors.
        Conflict: it was not submitted, or a correction is under way.
        Refusal: no reason was given.
    """
    inspection = queries.found(actor, command.inspection_id)
    if not queries.is_inspector(actor, inspection):
        raise Forbidden(message("Only the inspectors of this inspection ask for its correction."))
    locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
    if locked.state != State.SUBMITTED or queries.open_correction(inspection):
        raise Conflict(message("This inspection is open, or a correction of it is under way already."))
    reason = _said(command.reason, "reason")
    made = Correction.objects.create(
        inspection=inspection, reason=reason, requested_by=actor.id, requested_at=clock.now()
    )
    record(facts.CORRECTION_REQUESTED, subject(inspection), actor, {"number": inspection.number, "reason": reason})
    return Done(str(made.id))


@dataclass(frozen=True, slots=True)
class DecideCorrection:
    """Agree to a correction or refuse it, with words."""

    command_id: UUID
    correction_id: UUID
    agreed: bool
    words: str


@action
def decide_correction(actor: Actor, command: DecideCorrection) -> Done:
    """Decide as deputy head, then as head; when both agreed the inspection is open for its inspectors.

    Raises:
        NotFound: no such correction for this person.
        Forbidden: it is not this person's turn, or they acted in it before.
        Conflict: it was decided already.
        Refusal: no words were given.
    """
    row = Correction.objects.select_for_update(of=("self",)).filter(pk=command.correction_id).first()
    if row is None:
        raise NotFound
    inspection = queries.found(actor, row.inspection_id)
    stage = CorrectionState(row.state)
    if stage not in DECIDED_BY:
        raise Conflict(message("This correction was decided already."))
    if not may_decide(actor, row, inspection.region):
        raise Forbidden(
            message("First the deputy head and then the head of the station decide, and neither asked for it.")
        )
    words = _said(command.words, "words")
    if stage == CorrectionState.REQUESTED:
        row.deputy_by, row.deputy_at, row.deputy_words = actor.id, clock.now(), words
        row.state = CorrectionState.ENDORSED
    else:
        row.head_by, row.head_at, row.head_words = actor.id, clock.now(), words
        row.state = CorrectionState.APPROVED
    if not command.agreed:
        row.state = CorrectionState.REFUSED
    row.save()
    if row.state == CorrectionState.APPROVED:
        Inspection.objects.filter(pk=inspection.pk).update(state=State.CORRECTING)
    data = {"number": inspection.number, "as": str(stage), "agreed": command.agreed, "words": words}
    record(facts.CORRECTION_DECIDED, subject(inspection), actor, data)
    return Done(str(row.id))


def may_decide(actor: Actor, row: Correction, region: str) -> bool:
    """Whether it is this person's turn: the permission of the stage, and no hand in it before."""
    permission = DECIDED_BY.get(CorrectionState(row.state))
    return bool(permission and actor.may(permission, region) and actor.id not in (row.requested_by, row.deputy_by))


def _said(text: str, field: str) -> str:
    words = text.strip()
    if not words or len(words) > WORDS:
        says = message("Say why, in at most %(count)s characters.", count=WORDS)
        raise Refusal(says, {field: says})
    return words
