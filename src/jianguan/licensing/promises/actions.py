"""All writes of this room: choosing and signing a promise, checking it later, and what follows from a false one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction

from jianguan.kernel.clock import parse_limit
from jianguan.kernel.messages import message
from jianguan.kernel.transparency.canonical import digest
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.promises import facts, queries
from jianguan.licensing.promises.models import Bar, LaterCheck, Note, Promise, State, Way
from jianguan.licensing.promises.rules import TEXT_LIMIT, Terms, document, lacking, last_day
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal.service import SYSTEM, Kind, Subject, record
from jianguan.platform.workdays import service as workdays

SUBJECT = "promise_check"
FILES = 20  # at most, with one finding


@dataclass(frozen=True, slots=True)
class Application:
    """The application a promise belongs to: what this room has to know of a case.

    `matter_name` is its name by language, `zh` and `en`.
    """

    case_id: UUID
    number: str
    title: str
    matter: str
    matter_name: Mapping[str, str]
    region: str
    applicant_id: UUID
    applicant_name: str
    applicant_uscc: str


def keep_way(application: Application, *, promised: bool, confirmed: Sequence[str], signer: str) -> None:
    """Keep how an application being written is made; repeating it changes nothing."""
    Way.objects.update_or_create(
        case_id=application.case_id,
        defaults={
            **_of(application), "promised": promised, "confirmed": list(confirmed), "signer": signer.strip()[:TEXT_LIMIT],
        },
    )  # fmt: skip


def _of(application: Application) -> dict[str, Any]:
    return {
        "matter": application.matter, "matter_name": dict(application.matter_name), "region": application.region,
    }  # fmt: skip


def refuse_unsound(application: Application, terms: Terms) -> None:
    """Hold the way an application is made against its terms, before it is submitted.

    Raises:
        Refusal: a condition is not confirmed or the signature is missing; each is named.
        Conflict: the applicant may not promise for a time.
    """
    way = queries.way_of(application.case_id)
    if way is None or not way.promised:
        return
    if bar := queries.barred(application.applicant_uscc):
        raise Conflict(queries.says_barred(bar))
    if wrong := lacking(terms, way.confirmed, way.signer):
        raise Refusal(
            message("The promise is not complete: %(count)s places need your attention.", count=len(wrong)), wrong
        )


def sign(actor: Actor, application: Application, terms: Terms, version: int, said: Mapping[str, Any]) -> Promise | None:
    """Sign the promise of one version of a submission, in its transaction; None where all documents are handed in.

    `said` is what the document names besides. Its text is fixed here, word for word.
    """
    assert connection.in_atomic_block
    way, _ = Way.objects.select_for_update().get_or_create(case_id=application.case_id, defaults=_of(application))
    at = clock.now()
    way.submitted_at, way.region = way.submitted_at or at, application.region
    way.save(update_fields=["submitted_at", "region"])
    if not way.promised:
        return None
    text = document(
        terms,
        {
            **said, "matter": dict(application.matter_name), "case": str(application.case_id), "version": version,
            "applicant": application.applicant_name, "uscc": application.applicant_uscc, "signer": way.signer,
            "signed_at": at.isoformat(),
        },
    )  # fmt: skip
    promise = Promise.objects.create(
        case_id=application.case_id, version=version, region=application.region, applicant_id=application.applicant_id,
        materials=text["materials"], checks=text["checks"], text=text, digest=digest(text).hex(), signer=way.signer,
        signed_by=actor.id, signed_at=at,
    )  # fmt: skip
    data = {"number": application.number, "version": version, "materials": promise.materials, "checks": promise.checks}
    record(
        facts.SIGNED, Subject("case", application.case_id, application.region), actor, data,
        documents=[promise.digest], personal={"signer": way.signer},
    )  # fmt: skip
    return promise


def open_check(
    application: Application, promise: Promise, role: str, decided_on: date, approved_by: UUID | None
) -> None:
    """Open the check that follows a decision in favour, in the caller's transaction; repeating it changes nothing."""
    due_on = last_day(decided_on, parse_limit(promise.text["within"]), workdays.calendar())
    check, is_new = LaterCheck.objects.get_or_create(
        case_id=application.case_id,
        defaults={
            "promise": promise, "number": application.number, "title": application.title, "matter": application.matter,
            "region": application.region, "applicant_id": application.applicant_id,
            "applicant_name": application.applicant_name, "applicant_uscc": application.applicant_uscc, "role": role,
            "approved_by": approved_by, "due_on": due_on, "opened_at": clock.now(),
        },
    )  # fmt: skip
    if is_new:
        record(facts.OPENED, _subject(check), SYSTEM, {"number": check.number, "case": check.case_id, "due": due_on})


@dataclass(frozen=True, slots=True)
class EnterResult:
    """What the check of a promise found, the first time or after it was to be mended."""

    command_id: UUID
    check_id: UUID
    kept: bool
    findings: str


@dataclass(frozen=True, slots=True)
class Say:
    """What an applicant says to a check: that it is mended, or its objection."""

    command_id: UUID
    check_id: UUID
    words: str


@dataclass(frozen=True, slots=True)
class Decide:
    """Decide on the sanction that was announced: revoke the decision and bar the applicant, or not."""

    command_id: UUID
    check_id: UUID
    sanction: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The check and how far it is."""

    id: str
    state: str


@action
def enter_result(actor: Actor, command: EnterResult) -> Changed:
    """Enter whether a promise was kept; where it was not, the applicant is to mend it, and then is to be heard.

    Raises:
        NotFound: no such check in the actor's jurisdictions.
        Forbidden: the actor does not hold the role that checks there, or approved the application.
        Conflict: nothing is to be checked now, or the applicant still has time to mend it.
        Refusal: the findings are missing.
    """
    check = _locked(actor, command.check_id)
    refuse_checker(actor, check)
    if check.state not in (State.WAITING, State.MENDING):
        raise Conflict(
            message("This promise is not to be checked any more: %(state)s.", state=check.get_state_display())
        )
    findings = _written(command.findings, "findings", message("Write what was found, and how."))
    again = check.state == State.MENDING
    if again and not command.kept and not check.reported and clock.today() <= check.due_on:
        raise Conflict(message("The applicant has until %(day)s to mend it.", day=check.due_on))
    if command.kept:
        _end(check, State.MENDED if again else State.KEPT)
    elif again:
        _go_on(check, State.HEARING, "reply")
    else:
        check.broken = True
        _go_on(check, State.MENDING, "mend")
    entered = {(False, True): facts.KEPT, (False, False): facts.BROKEN, (True, True): facts.MENDED}
    _note(actor, check, entered.get((again, command.kept), facts.ANNOUNCED), findings, _findings(check))
    return Changed(str(check.id), check.state)


def refuse_checker(actor: Actor, check: LaterCheck) -> None:
    """Who checks holds the role at the place, and is another person than who approved.

    Raises:
        Forbidden: the actor is not the one.
    """
    if not actor.has_role(check.role, check.region):
        raise Forbidden(message("You do not hold the role that checks promises of this matter here."))
    if actor.id == check.approved_by:
        raise Forbidden(message("You approved this application: another person has to check the promise."))


@action
def report_mended(actor: Actor, command: Say) -> Changed:
    """The applicant says that what was ordered is mended; it is checked again.

    Raises:
        NotFound: no check of an application of the actor's enterprise.
        Conflict: nothing is to be mended, or it was reported already.
        Refusal: no words.
    """
    check = _own(actor, command.check_id)
    if check.state != State.MENDING or check.reported:
        raise Conflict(message("There is nothing to be mended now, or it was reported already."))
    words = _written(command.words, "words", message("Say what was done."))
    check.reported = True
    check.save(update_fields=["reported"])
    _note(actor, check, facts.REPORTED, words)
    return Changed(str(check.id), check.state)


@action
def reply(actor: Actor, command: Say) -> Changed:
    """The applicant objects to the sanction that was announced 陈述申辩.

    Raises:
        NotFound: no check of an application of the actor's enterprise.
        Conflict: no sanction is announced, the time is over, or it was answered already.
        Refusal: no words.
    """
    check = _own(actor, command.check_id)
    if check.state != State.HEARING or check.heard:
        raise Conflict(message("No sanction is announced, or you have answered already."))
    if clock.today() > check.due_on:
        raise Conflict(message("The time to be heard ended on %(day)s.", day=check.due_on))
    words = _written(command.words, "words", message("Say why you object."))
    check.heard = True
    check.save(update_fields=["heard"])
    _note(actor, check, facts.HEARD, words)
    return Changed(str(check.id), check.state)


@action
def decide(actor: Actor, command: Decide) -> Changed:
    """Decide after the applicant was heard: revoke the certificate and bar the applicant from promises, or do neither.

    Raises:
        NotFound: no such check in the actor's jurisdictions.
        Forbidden: the actor may not decide on certificates there, or found the promise broken (查处分离).
        Conflict: no sanction is announced, or the applicant may still be heard.
        Refusal: the reason is missing.
    """
    check = _locked(actor, command.check_id)
    refuse_decider(actor, check)
    if check.state != State.HEARING:
        raise Conflict(message("No sanction is announced: %(state)s.", state=check.get_state_display()))
    if not check.heard and clock.today() <= check.due_on:
        raise Conflict(message("The applicant may be heard until %(day)s. Decide after that.", day=check.due_on))
    reason = _written(command.reason, "reason", message("Give the reason and the decision it rests on."))
    if command.sanction:
        _revoke(actor, check, command.command_id, reason)
        _bar(check, reason)
    _end(check, State.SANCTIONED if command.sanction else State.SPARED)
    _note(actor, check, facts.SANCTIONED if command.sanction else facts.SPARED, reason)
    return Changed(str(check.id), check.state)


def refuse_decider(actor: Actor, check: LaterCheck) -> None:
    """Who decides may revoke certificates at the place, and did not check.

    Raises:
        Forbidden: the actor is not the one.
    """
    if not actor.may("certificate.decide", check.region):
        raise Forbidden(message("You may not decide on certificates of this place."))
    checked = (facts.BROKEN.code, facts.ANNOUNCED.code)
    if check.notes.filter(actor_id=actor.id, kind__in=checked).exists():
        raise Forbidden(message("You checked this promise: another person has to decide on the sanction."))


def _revoke(actor: Actor, check: LaterCheck, command_id: UUID, reason: str) -> None:
    """Revoke 撤销 what stands today of the certificate the application led to, if it still does."""
    found = certificates.of_case(check.case_id)
    newest = next(iter(certificates.editions(found.number)), found) if found else None
    if newest is None or newest.status in certificates.ENDS:
        return
    revoking = certificates.ChangeStatus(
        uuid5(command_id, "certificate"), newest.id, certificates.Status.REVOKED.value, reason
    )
    certificates.change_status(actor, revoking)


def _bar(check: LaterCheck, reason: str) -> None:
    text, first = check.promise.text, clock.today()
    Bar.objects.create(
        check_row=check, uscc=check.applicant_uscc, name=check.applicant_name, matter_name=text["matter"],
        first_day=first, last_day=first + timedelta(days=parse_limit(text["bar"]).days), reason=reason,
    )  # fmt: skip


def attach_finding(actor: Actor, check_id: UUID, filename: str, data: bytes) -> None:
    """Add a document to what is being entered; what an entry was made with stays with it.

    Raises:
        NotFound: no such check in the actor's jurisdictions.
        Forbidden: the actor may not check it.
        Refusal: the file is not acceptable, or there are too many.
    """
    with transaction.atomic():
        check = _locked(actor, check_id)
        refuse_checker(actor, check)
        if len(queries.documents_at_hand(check)) >= FILES:
            raise Refusal(message("At most %(count)s files are accepted here.", count=FILES))
        documents.attach_upload(data, filename, (SUBJECT, check.id), queries.slot(check), actor.id)


def _locked(actor: Actor, check_id: UUID) -> LaterCheck:
    rows = queries.visible_to(actor).select_for_update(of=("self",)).select_related("promise")
    check = None if actor.is_enterprise else rows.filter(pk=check_id).first()
    if check is None:
        raise NotFound
    return check


def _own(actor: Actor, check_id: UUID) -> LaterCheck:
    rows = LaterCheck.objects.select_for_update().filter(applicant_id=actor.organisation_id)
    check = rows.filter(pk=check_id).first() if actor.is_enterprise else None
    if check is None:
        raise NotFound
    return check


def _written(text: str, name: str, why: Any) -> str:
    """What was typed, if it is something and not endless."""
    if not text.strip():
        raise Refusal(why, {name: why})
    if len(text) > TEXT_LIMIT:
        says = message("At most %(count)s characters.", count=TEXT_LIMIT)
        raise Refusal(says, {name: says})
    return text.strip()


def _go_on(check: LaterCheck, state: State, limit: str) -> None:
    check.state = state
    check.due_on = last_day(clock.today(), parse_limit(check.promise.text[limit]), workdays.calendar())
    check.save(update_fields=["state", "due_on", "broken"])


def _end(check: LaterCheck, state: State) -> None:
    check.state, check.ended_at = state, clock.now()
    check.save(update_fields=["state", "ended_at"])


def _findings(check: LaterCheck) -> list[dict[str, str]]:
    """The documents of the step that was just taken, as they are kept with it."""
    found = queries.documents_of(check, "again" if check.state in (State.MENDED, State.HEARING) else "first")
    return [{"id": str(one.id), "name": one.filename, "sha256": one.blob_id} for one in found]


def _note(actor: Actor, check: LaterCheck, kind: Kind, words: str, files: Sequence[Mapping[str, str]] = ()) -> None:
    until = None if check.ended_at else check.due_on
    Note.objects.create(
        check_row=check, kind=kind.code, words=words, documents=list(files), until=until, actor_id=actor.id,
        organisation_id=actor.organisation_id, at=clock.now(),
    )  # fmt: skip
    data = {"number": check.number, "case": check.case_id, "state": check.state, "words": words, "until": until}
    record(kind, _subject(check), actor, data, documents=[one["sha256"] for one in files])


def _subject(check: LaterCheck) -> Subject:
    return Subject(SUBJECT, check.id, check.region)
