"""Acts on the library of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from jianguan.kernel.identifiers import check
from jianguan.kernel.messages import Message, message
from jianguan.platform import clock, search
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal.service import SYSTEM, Subject, record
from jianguan.platform.privacy.service import blind_index
from jianguan.platform.regions import service as regions
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import facts
from jianguan.registry.people.models import Person, PostCertificate, Registration
from jianguan.registry.people.queries import by_identity

RESIDENT_IDENTITY_CARD = "01"
ONE_DAY = timedelta(days=1)
VALID, CANCELLED = "01", "04"  # dictionary certificate_status
SHOWN_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Registered:
    """The row an act made or changed."""

    id: str


@dataclass(frozen=True, slots=True)
class RegisterPerson:
    """Enter a person into the library."""

    command_id: UUID
    name: str
    identity_number: str
    region: str
    identity_type: str = RESIDENT_IDENTITY_CARD
    phone: str = ""
    employer_uscc: str = ""


@action
def register_person(actor: Actor, command: RegisterPerson) -> Registered:
    """Enter a person into the library; identity number and phone are stored encrypted.

    Raises:
        Forbidden: the actor may not write the libraries there.
        Refusal: the identity number, the place or the employer is wrong.
        Conflict: the person is in the library already.
    """
    if not actor.may("registry.write", command.region):
        raise Forbidden(message("You may not change the libraries of %(region)s.", region=regions.name(command.region)))
    number, wrong = _checked_identity(command)
    if not command.name.strip():
        wrong["name"] = message("Enter the name of the person.")
    if not regions.exists(command.region):
        wrong["region"] = message("Choose a place from the list.")
    if command.employer_uscc and (says := _unknown_enterprise(command.employer_uscc)):
        wrong["employer_uscc"] = says
    if wrong:
        raise Refusal(message("The person was not registered: correct the marked fields."), wrong)
    name, employer = command.name.strip(), check("uscc", command.employer_uscc).normal or ""
    person, new = Person.objects.get_or_create(
        identity_type=command.identity_type,
        identity_index=blind_index(f"{command.identity_type}:{number}"),
        defaults={
            "name": name, "name_tokens": search.tokens(name), "sort_key": search.sort_key(name),
            "identity_number": number, "phone": command.phone or None, "employer_uscc": employer,
            "region": command.region, "data_source": "2", "data_level": "B", "registered_at": clock.now(),
        },
    )  # fmt: skip
    if not new:
        says = message("This identity number is already registered for %(name)s.", name=person.name)
        raise Conflict(says, {"identity_number": says})
    personal = {"name": name, "identity_number": number}
    record(facts.PERSON_REGISTERED, _subject(person), actor, {"employer": employer}, personal=personal)
    return Registered(str(person.id))


def _checked_identity(command: RegisterPerson) -> tuple[str, dict[str, Message]]:
    if command.identity_type != RESIDENT_IDENTITY_CARD:
        number = command.identity_number.strip().upper()
        return number, {} if number else {"identity_number": message("Enter the number of the document.")}
    verdict = check("id_card", command.identity_number)
    if not verdict.valid:
        return "", {"identity_number": verdict.problems[0]}
    return verdict.require(), {}


@dataclass(frozen=True, slots=True)
class RecordRegistration:
    """Record a professional registration 注册执业."""

    command_id: UUID
    person_id: UUID
    type: str
    number: str
    professions: tuple[str, ...]
    enterprise_uscc: str
    issued_on: date
    valid_until: date | None


@action
def record_registration(actor: Actor, command: RecordRegistration) -> Registered:
    """Record a professional registration of a person.

    Raises:
        Refusal: the number is missing, the enterprise is not in the library, or the days are wrong.
        Conflict: the person has this registration already.
    """
    person = _writable(actor, command.person_id)
    wrong = _wrong_paper(command)
    if not command.number.strip():
        wrong["number"] = message("Enter the number of the certificate.")
    if wrong:
        raise Refusal(message("The certificate was not recorded: correct the marked fields."), wrong)
    if person.registrations.filter(type=command.type, number=command.number.strip()).exists():
        says = message("%(number)s is already recorded for %(name)s.", number=command.number.strip(), name=person.name)
        raise Conflict(says, {"number": says})
    row = Registration.objects.create(
        person=person,
        type=command.type,
        number=command.number.strip(),
        professions=list(command.professions),
        enterprise_uscc=check("uscc", command.enterprise_uscc).require(),
        issued_on=command.issued_on,
        valid_until=command.valid_until,
    )
    data = {"type": command.type, "number": row.number, "enterprise": row.enterprise_uscc}
    record(facts.REGISTRATION_RECORDED, _subject(person), actor, data)
    return Registered(str(row.id))


@dataclass(frozen=True, slots=True)
class RecordPostCertificate:
    """Record a post certificate 岗位证书."""

    command_id: UUID
    person_id: UUID
    category: str
    number: str
    enterprise_uscc: str
    issued_on: date
    valid_until: date


@action
def record_post_certificate(actor: Actor, command: RecordPostCertificate) -> Registered:
    """Record a post certificate of a person.

    Raises:
        Refusal: the number or the days are wrong, or the enterprise is not in the library.
        Conflict: the number is recorded already.
    """
    person = _writable(actor, command.person_id)
    verdict, wrong = check("safety_officer", command.number), _wrong_paper(command)
    if not verdict.valid:
        wrong["number"] = verdict.problems[0]
    if wrong:
        raise Refusal(message("The certificate was not recorded: correct the marked fields."), wrong)
    number = verdict.require()
    if known := PostCertificate.objects.filter(number=number).select_related("person").first():
        says = message("%(number)s is already recorded for %(name)s.", number=number, name=known.person.name)
        raise Conflict(says, {"number": says})
    row = PostCertificate.objects.create(
        person=person,
        category=command.category,
        number=number,
        enterprise_uscc=check("uscc", command.enterprise_uscc).require(),
        issued_on=command.issued_on,
        valid_until=command.valid_until,
    )
    data = {"category": command.category, "number": row.number, "enterprise": row.enterprise_uscc}
    record(facts.POST_CERTIFICATE_RECORDED, _subject(person), actor, data)
    return Registered(str(row.id))


def enter_declared(name: str, identity_number: str, region: str, employer_uscc: str) -> Person | None:
    """The person a permit names, entered as declared where the library does not know them; None for another document.

    Part of the deciding transaction of the case.
    """
    known = by_identity(identity_number)
    if known is not None or not check("id_card", identity_number).valid:
        return known
    return _enter(name, identity_number, region, employer_uscc, "C")


@dataclass(frozen=True, slots=True)
class Granted:
    """What a decided case grants a person an enterprise employs: the number, from when until when."""

    name: str
    identity_number: str
    region: str
    employer_uscc: str
    number: str
    issued_on: date
    valid_until: date | None
    case_id: UUID


def grant_registration(granted: Granted, kind: str, professions: Sequence[str]) -> None:
    """Enter a professional registration that was just granted, renewed or moved; the earlier one of its kind ends.

    Part of the deciding transaction of the case, which has checked the permission.
    """
    person = _granted_to(granted)
    held = person.registrations.filter(type=kind)
    held.filter(Q(valid_until=None) | Q(valid_until__gt=granted.issued_on)).update(
        valid_until=granted.issued_on - ONE_DAY
    )
    person.registrations.create(
        type=kind, number=granted.number, professions=list(professions), enterprise_uscc=granted.employer_uscc,
        issued_on=granted.issued_on, valid_until=granted.valid_until,
    )  # fmt: skip
    data = {"type": kind, "number": granted.number, "enterprise": granted.employer_uscc, "case": granted.case_id}
    record(facts.REGISTRATION_RECORDED, _subject(person), SYSTEM, data)


def grant_post_certificate(granted: Granted, category: str) -> None:
    """Enter a post certificate that was just granted or extended; an extended one keeps its number."""
    assert granted.valid_until is not None
    person = _granted_to(granted)
    held = person.post_certificates.filter(category=category, valid_until__gt=granted.issued_on)
    held.exclude(number=granted.number).update(valid_until=granted.issued_on - ONE_DAY)
    terms = {
        "person": person, "category": category, "enterprise_uscc": granted.employer_uscc,
        "issued_on": granted.issued_on, "valid_until": granted.valid_until, "status": "01",
    }  # fmt: skip
    PostCertificate.objects.update_or_create(number=granted.number, defaults=terms)
    data = {
        "category": category,
        "number": granted.number,
        "enterprise": granted.employer_uscc,
        "case": granted.case_id,
    }
    record(facts.POST_CERTIFICATE_RECORDED, _subject(person), SYSTEM, data)


def change_paper(granted: Granted, professions: Sequence[str]) -> None:
    """Let a paper a person holds say something else: employer, name, professions; its number and last day stay.

    A registration with another employer or other professions is a later interval, and the one before ends. Where the
    name or the employer of the person is another now, the library follows.
    """
    assert connection.in_atomic_block
    person = by_identity(granted.identity_number)
    if person is None:
        raise Conflict(message("The library does not know the person who holds this certificate."))
    _follow(person, granted)
    person.post_certificates.filter(number=granted.number).update(enterprise_uscc=granted.employer_uscc)
    held = person.registrations.filter(number=granted.number, status=VALID).order_by("-issued_on", "-id").first()
    if held is None:
        return
    listed = list(professions) or held.professions
    if (held.enterprise_uscc, held.professions) == (granted.employer_uscc, listed):
        return
    person.registrations.create(
        type=held.type, number=held.number, professions=listed, enterprise_uscc=granted.employer_uscc,
        issued_on=granted.issued_on, valid_until=held.valid_until,
    )  # fmt: skip
    Registration.objects.filter(pk=held.pk).update(valid_until=granted.issued_on - ONE_DAY)


def _follow(person: Person, granted: Granted) -> None:
    """Name and employer of a person as a decided case has them; what they were stays known."""
    name, former, employer = granted.name.strip(), person.name, person.employer_uscc
    said = {"number": granted.number, "case": granted.case_id}
    if name and name != former:
        person.former_names.create(name=former, until=granted.issued_on, case_id=granted.case_id)
        person.name, person.name_tokens, person.sort_key = name, search.tokens(name), search.sort_key(name)
        person.save(update_fields=["name", "name_tokens", "sort_key"])
        record(facts.PERSON_RENAMED, _subject(person), SYSTEM, said, personal={"name": name, "former_name": former})
    if employer != granted.employer_uscc:
        person.employer_uscc = granted.employer_uscc
        person.save(update_fields=["employer_uscc"])
        moved = {**said, "employer": granted.employer_uscc, "former_employer": employer}
        record(facts.EMPLOYER_CHANGED, _subject(person), SYSTEM, moved)


def end_papers(identity_number: str, number: str, day: date, case_id: UUID) -> None:
    """End the registration or post certificate of a number, because it was cancelled."""
    assert connection.in_atomic_block
    person = by_identity(identity_number)
    if person is None:
        return
    person.registrations.filter(number=number).update(valid_until=day, status=CANCELLED)
    person.post_certificates.filter(number=number).update(valid_until=day, status=CANCELLED)
    record(facts.PAPERS_ENDED, _subject(person), SYSTEM, {"number": number, "case": case_id})


def _granted_to(granted: Granted) -> Person:
    """The person, entered into the library where it does not know them yet, employed where they are now."""
    assert connection.in_atomic_block
    person = by_identity(granted.identity_number)
    if person is None:
        person = _enter(granted.name, granted.identity_number, granted.region, granted.employer_uscc, "A")
    elif person.employer_uscc != granted.employer_uscc:
        person.employer_uscc = granted.employer_uscc
        person.save(update_fields=["employer_uscc"])
    return person


def _enter(name: str, identity_number: str, region: str, employer_uscc: str, level: str) -> Person:
    assert connection.in_atomic_block
    number = check("id_card", identity_number).require()
    person = Person.objects.create(
        identity_type=RESIDENT_IDENTITY_CARD, identity_index=blind_index(f"{RESIDENT_IDENTITY_CARD}:{number}"),
        name=name, name_tokens=search.tokens(name), sort_key=search.sort_key(name), identity_number=number,
        employer_uscc=employer_uscc, region=region, data_source="1", data_level=level, registered_at=clock.now(),
    )  # fmt: skip
    personal = {"name": name, "identity_number": number}
    record(facts.PERSON_REGISTERED, _subject(person), SYSTEM, {"employer": employer_uscc}, personal=personal)
    return person


def _wrong_paper(command: RecordRegistration | RecordPostCertificate) -> dict[str, Message]:
    wrong = {}
    if says := _unknown_enterprise(command.enterprise_uscc):
        wrong["enterprise_uscc"] = says
    if command.valid_until is not None and command.valid_until < command.issued_on:
        wrong["valid_until"] = message("This is before the day of issue.")
    return wrong


def _unknown_enterprise(uscc: str) -> Message | None:
    """What is wrong with the credit code of an employer, if anything."""
    verdict = check("uscc", uscc)
    if not verdict.valid:
        return verdict.problems[0]
    known = enterprises.by_uscc(verdict.require()) is not None
    return None if known else message("This enterprise is not in the library of enterprises yet.")


@dataclass(frozen=True, slots=True)
class UnmaskIdentity:
    """Show an identity number in full, for a stated reason."""

    command_id: UUID
    person_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Unmasked:
    """That the number may be shown, and since when; the number itself is read afterwards and stands in no receipt."""

    id: str
    at: str

    @property
    def fresh(self) -> bool:
        """Whether it is still that request: sent again later, the same form shows nothing any more."""
        return clock.now() - datetime.fromisoformat(self.at) < SHOWN_FOR


@action
def unmask_identity(actor: Actor, command: UnmaskIdentity) -> Unmasked:
    """Record that a person's identity number is shown in full, by whom and why.

    Raises:
        Forbidden: the actor may not see identity numbers there.
        Refusal: no reason was given.
    """
    person = _readable(command.person_id)
    if not actor.may("person.unmask", person.region):
        raise Forbidden(message("You may not see identity numbers in full."))
    if not command.reason.strip():
        says = message("Say why you need the full number; it is recorded.")
        raise Refusal(says, {"reason": says})
    record(facts.IDENTITY_UNMASKED, _subject(person), actor, {"reason": command.reason.strip()})
    return Unmasked(str(person.id), clock.now().isoformat())


def _readable(person_id: UUID) -> Person:
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound
    return person


def _writable(actor: Actor, person_id: UUID) -> Person:
    person = _readable(person_id)
    if not actor.may("registry.write", person.region):
        raise Forbidden(message("You may not change the libraries of %(region)s.", region=regions.name(person.region)))
    return person


def _subject(person: Person) -> Subject:
    return Subject("person", person.id, person.region)
