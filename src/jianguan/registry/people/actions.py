"""Acts on the library of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from jianguan.kernel.identifiers import check
from jianguan.kernel.messages import Message, message
from jianguan.platform import clock, search
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal.service import Subject, record
from jianguan.platform.privacy.service import blind_index
from jianguan.platform.regions import service as regions
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import facts
from jianguan.registry.people.models import Person, PostCertificate, Registration

RESIDENT_IDENTITY_CARD = "01"
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
