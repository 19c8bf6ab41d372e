"""Acts on the library of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
from jianguan.registry.people import facts
from jianguan.registry.people.models import Person, PostCertificate, Registration

RESIDENT_IDENTITY_CARD = "01"


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
        Refusal: the identity number or the place is wrong.
        Conflict: the person is in the library already.
    """
    if not actor.may("registry.write", command.region):
        raise Forbidden(message("You may not change the libraries of %(region)s.", region=regions.name(command.region)))
    number, wrong = _checked_identity(command)
    if not command.name.strip():
        wrong["name"] = message("Enter the name of the person.")
    if not regions.exists(command.region):
        wrong["region"] = message("Choose a place from the list.")
    if wrong:
        raise Refusal(message("The person was not registered: correct the marked fields."), wrong)
    index = blind_index(f"{command.identity_type}:{number}")
    if known := Person.objects.filter(identity_type=command.identity_type, identity_index=index).first():
        raise Conflict(message("This identity number is already registered for %(name)s.", name=known.name))
    name = command.name.strip()
    person = Person.objects.create(
        name=name,
        name_tokens=search.tokens(name),
        sort_key=search.sort_key(name),
        identity_type=command.identity_type,
        identity_number=number,
        identity_index=index,
        phone=command.phone or None,
        employer_uscc=command.employer_uscc,
        region=command.region,
        data_source="2",
        data_level="B",
        registered_at=clock.now(),
    )
    personal = {"name": name, "identity_number": number}
    record(facts.PERSON_REGISTERED, _subject(person), actor, {"employer": command.employer_uscc}, personal=personal)
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
    """Record a professional registration of a person."""
    person = _writable(actor, command.person_id)
    row = Registration.objects.create(
        person=person,
        type=command.type,
        number=command.number.strip(),
        professions=list(command.professions),
        enterprise_uscc=command.enterprise_uscc,
        issued_on=command.issued_on,
        valid_until=command.valid_until,
    )
    data = {"type": command.type, "number": row.number, "enterprise": command.enterprise_uscc}
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
    """Record a post certificate of a person."""
    person = _writable(actor, command.person_id)
    row = PostCertificate.objects.create(
        person=person,
        category=command.category,
        number=check("safety_officer", command.number).require(),
        enterprise_uscc=command.enterprise_uscc,
        issued_on=command.issued_on,
        valid_until=command.valid_until,
    )
    data = {"category": command.category, "number": row.number, "enterprise": command.enterprise_uscc}
    record(facts.POST_CERTIFICATE_RECORDED, _subject(person), actor, data)
    return Registered(str(row.id))


@dataclass(frozen=True, slots=True)
class UnmaskIdentity:
    """Show an identity number in full, for a stated reason."""

    command_id: UUID
    person_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Unmasked:
    """That the number may be shown; the number itself is read afterwards and stands in no receipt."""

    id: str


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
    return Unmasked(str(person.id))


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
