"""Acts beside a case: ordering procedures and entering their records, noting calls.

Whatever touches the clock of a case locks the case first (`matters.locked`), then the rows of this room.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from jianguan.kernel.messages import Message, message
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case
from jianguan.licensing.proceedings import facts, queries, rules
from jianguan.licensing.proceedings.kinds import kinds
from jianguan.licensing.proceedings.models import Call, Proceeding, State
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal.service import Subject, record
from jianguan.platform.notices import service as notices
from jianguan.platform.notices.service import Recipient
from jianguan.platform.numbering.service import next_in

RECORD = "record"  # slot of documents
DOCUMENTS = 30  # of one procedure or objection


@dataclass(frozen=True, slots=True)
class Done:
    """What an act made or changed."""

    id: str


@dataclass(frozen=True, slots=True)
class Order:
    """Order a procedure: what for, what is asked, and how many working days it is expected to take."""

    command_id: UUID
    case_id: UUID
    kind: str
    reason: str
    asked: str
    expected_days: int
    planned_on: date | None = None
    place: str = ""
    invited: str = ""


@action
def order(actor: Actor, command: Order) -> Done:
    """Order a procedure: the clock stands still from today, and the applicant is told how long it takes.

    Raises:
        NotFound: no such case for this person.
        Forbidden: no open step of the case is in the actor's hands.
        Refusal: something is not said, or the days do not fit.
        Conflict: one of the kind is under way, or the case is decided.
    """
    queries.case_of(actor, command.case_id)
    if command.kind not in kinds():
        says = message("Choose one of the kinds.")
        raise Refusal(says, {"kind": says})
    wrong = rules.unsaid({"reason": command.reason, "asked": command.asked})
    refuse(wrong | rules.wrong_order(command.planned_on, command.expected_days, clock.today()))
    case = matters.locked(command.case_id)
    items = matters.steps_for(actor, case.id)
    if not items:
        raise Forbidden(message("Only who has an open step of this case may order a procedure in it."))
    if Proceeding.objects.filter(case_id=case.id, kind=command.kind, state=State.OPEN).exists():
        raise Conflict(message("One of this kind is under way already. Enter its record first."))
    at = clock.now()
    made = Proceeding.objects.create(
        case_id=case.id, region=case.region, kind=command.kind, number=number_in("CX", case), item_id=items[0].id,
        stop_id=matters.stop_clock(case, command.kind), reason=command.reason.strip(), asked=command.asked.strip(),
        planned_on=command.planned_on, place=command.place.strip(), invited=command.invited.strip(),
        expected_days=command.expected_days, ordered_by=actor.id, ordered_at=at,
    )  # fmt: skip
    data = {
        "number": made.number, "case": case.number, "kind": made.kind, "reason": made.reason,
        "expected_days": made.expected_days,
    }  # fmt: skip
    record(facts.ORDERED, subject(case), actor, data)
    says = message(
        "In your application %(number)s a special procedure was ordered (notice %(notice)s). It is expected to take "
        "%(days)s working days, which do not count towards the time limit.",
        number=case.number or "", notice=made.number, days=made.expected_days,
    )  # fmt: skip
    tell(case, says, f"/proceedings/{made.id}/notice/", f"proceeding:{made.id}:ordered")
    return Done(str(made.id))


@dataclass(frozen=True, slots=True)
class EnterRecord:
    """Enter the record 笔录 of a procedure: when it took place, who took part, what was found."""

    command_id: UUID
    proceeding_id: UUID
    held_on: date
    participants: str
    findings: str


@action
def enter_record(actor: Actor, command: EnterRecord) -> Done:
    """Enter the record: the clock runs on, counting from tomorrow.

    Raises:
        NotFound: no such procedure for this person.
        Forbidden: it is not in the actor's hands.
        Refusal: something is not said, or the day does not fit.
        Conflict: it is closed already.
    """
    made, case = _to_close(actor, command.proceeding_id)
    wrong = rules.unsaid({"participants": command.participants, "findings": command.findings})
    refuse(wrong | rules.wrong_record(command.held_on, clock.legal_day(made.ordered_at), clock.today()))
    made.held_on, made.participants = command.held_on, command.participants.strip()
    made.findings = command.findings.strip()
    _close(made, case, State.RECORDED, actor.id)
    shas = [document.blob_id for document in documents.of_subject("proceeding", made.id)]
    data = {"number": made.number, "case": case.number, "kind": made.kind, "held_on": made.held_on.isoformat()}
    personal = {"participants": made.participants, "findings": made.findings}
    record(facts.RECORDED, subject(case), actor, data, documents=shas, personal=personal)
    says = message(
        "The special procedure %(notice)s in your application %(number)s is over. The time limit runs on.",
        notice=made.number, number=case.number or "",
    )  # fmt: skip
    tell(case, says, f"/e/cases/{case.id}/", f"proceeding:{made.id}:closed")
    return Done(str(made.id))


@dataclass(frozen=True, slots=True)
class CallOff:
    """Call a procedure off."""

    command_id: UUID
    proceeding_id: UUID
    reason: str


@action
def call_off(actor: Actor, command: CallOff) -> Done:
    """Call a procedure off: the clock runs on, counting from tomorrow.

    Raises:
        NotFound: no such procedure for this person.
        Forbidden: it is not in the actor's hands.
        Refusal: no reason was given.
        Conflict: it is closed already.
    """
    made, case = _to_close(actor, command.proceeding_id)
    refuse(rules.unsaid({"reason": command.reason}))
    made.why_called_off = command.reason.strip()
    _close(made, case, State.CALLED_OFF, actor.id)
    data = {"number": made.number, "case": case.number, "kind": made.kind, "reason": made.why_called_off}
    record(facts.CALLED_OFF, subject(case), actor, data)
    says = message(
        "The special procedure %(notice)s in your application %(number)s was called off. The time limit runs on.",
        notice=made.number, number=case.number or "",
    )  # fmt: skip
    tell(case, says, f"/e/cases/{case.id}/", f"proceeding:{made.id}:closed")
    return Done(str(made.id))


def _to_close(actor: Actor, proceeding_id: UUID) -> tuple[Proceeding, Case]:
    found, _ = queries.proceeding(actor, proceeding_id)
    case = matters.locked(found.case_id)
    found = Proceeding.objects.select_for_update().get(pk=found.pk)
    if found.state != State.OPEN:
        raise Conflict(message("This procedure is closed already, by you in another window or by a colleague."))
    if not queries.may_close(actor, found):
        raise Forbidden(
            message("This procedure is in other hands: of who ordered it, or has an open step of the case.")
        )
    return found, case


def _close(made: Proceeding, case: Case, state: State, closed_by: UUID | None) -> None:
    made.state, made.closed_by, made.closed_at = state, closed_by, clock.now()
    made.save()
    matters.run_clock(case, made.stop_id)


def end_with_case(case_id: UUID) -> None:
    """Close what is under way in a case that ended without a decision; repeating it changes nothing."""
    with transaction.atomic():
        case = matters.locked(case_id)
        for made in Proceeding.objects.select_for_update().filter(case_id=case_id, state=State.OPEN):
            _close(made, case, State.CALLED_OFF, None)


def attach(actor: Actor, proceeding_id: UUID, filename: str, data: bytes) -> documents.Document:
    """Add a document or photo to the record of a procedure under way; sending it twice adds it once.

    Raises:
        NotFound: no such procedure for this person.
        Forbidden: it is closed, or not in the actor's hands.
        Refusal: the file is not acceptable; nothing is kept then.
    """
    with transaction.atomic():
        found, _ = queries.proceeding(actor, proceeding_id)
        found = Proceeding.objects.select_for_update().get(pk=found.pk)
        if not queries.may_close(actor, found):
            raise Forbidden(message("Documents are added before the record is entered, by who may enter it."))
        return attach_to(("proceeding", found.id), actor, filename, data)


def attach_to(about: tuple[str, UUID], actor: Actor, filename: str, data: bytes) -> documents.Document:
    """Attach a document, in the caller's transaction."""
    if documents.of_subject(*about).count() >= DOCUMENTS:
        raise Refusal(message("At most %(count)s files are accepted here.", count=DOCUMENTS))
    return documents.attach_upload(data, filename, about, RECORD, actor.id)


@dataclass(frozen=True, slots=True)
class NoteCall:
    """Note a phone call about a case."""

    command_id: UUID
    case_id: UUID
    incoming: bool
    name: str
    number: str
    called_at: datetime
    said: str


@action
def note_call(actor: Actor, command: NoteCall) -> Done:
    """Note a call.

    Raises:
        NotFound: no such case for this person.
        Forbidden: the case is not in the actor's hands.
        Refusal: something is missing, or the number is none.
    """
    case = queries.case_of(actor, command.case_id)
    if not queries.handles(actor, case.id):
        raise Forbidden(message("Only who handles this case notes calls about it."))
    wrong = rules.unsaid({"name": command.name, "said": command.said})
    refuse(rules.wrong_call(command.number, command.called_at, clock.now()) | wrong)
    number = rules.phone_number(command.number) or ""
    made = Call.objects.create(
        case_id=case.id, incoming=command.incoming, name=command.name.strip(), number=number,
        called_at=command.called_at, said=command.said.strip(), entered_by=actor.id, entered_at=clock.now(),
    )  # fmt: skip
    data = {"case": case.number, "call": made.id, "incoming": made.incoming}
    personal = {"name": made.name, "number": made.number, "said": made.said}
    record(facts.CALL_NOTED, subject(case), actor, data, personal=personal)
    return Done(str(made.id))


@dataclass(frozen=True, slots=True)
class ShowNumber:
    """Show the number of a call in full, once."""

    command_id: UUID
    call_id: UUID


@action
def show_number(actor: Actor, command: ShowNumber) -> Done:
    """Journal that somebody sees a number in full; the face shows it after that.

    Raises:
        NotFound: no such call for this person.
        Forbidden: the case is not in the actor's hands.
    """
    call = Call.objects.filter(pk=command.call_id).first()
    if call is None:
        raise NotFound
    case = queries.case_of(actor, call.case_id)
    if not queries.handles(actor, case.id):
        raise Forbidden(message("Only who handles this case sees the number in full."))
    record(facts.NUMBER_SHOWN, subject(case), actor, {"case": case.number, "call": call.id})
    return Done(str(call.id))


def refuse(wrong: dict[str, Message]) -> None:
    """Refuse what lacks something, with the sentences at its fields."""
    if wrong:
        raise Refusal(message("Nothing was recorded: complete the marked fields."), wrong)


def number_in(series: str, case: Case) -> str:
    """The next number of a series of the case's place and this year."""
    place, year = case.region[:6], clock.today().year
    return f"{place}-{series}-{year}-{next_in(f'{series}:{place}:{year}'):05d}"


def tell(case: Case, says: Message, link: str, dedup_key: str) -> None:
    """Send a message to the applicant's enterprise."""
    notices.send(Recipient(organisation_id=case.applicant_id), says, link, dedup_key)


def subject(case: Case) -> Subject:
    """The case as a journal subject."""
    return Subject("case", case.id, case.region)
