"""Acts on the library of enterprises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Q

from jianguan.kernel.identifiers import check
from jianguan.kernel.messages import message
from jianguan.platform import clock, search
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal.service import SYSTEM, Acting, Subject, record
from jianguan.platform.regions import service as regions
from jianguan.registry.enterprises import facts
from jianguan.registry.enterprises.models import Enterprise, FormerName, Qualification, SafetyLicence

ONE_DAY = timedelta(days=1)
CANCELLED = "04"  # dictionary certificate_status


@dataclass(frozen=True, slots=True)
class Registered:
    """The row an act made or changed."""

    id: str


@dataclass(frozen=True, slots=True)
class RegisterEnterprise:
    """Enter an enterprise into the library."""

    command_id: UUID
    uscc: str
    name: str
    region: str
    address: str = ""
    legal_representative: str = ""
    established_on: date | None = None
    registered_capital: Decimal | None = None
    roles: tuple[str, ...] = ()


@action
def register_enterprise(actor: Actor, command: RegisterEnterprise) -> Registered:
    """Enter an enterprise into the library.

    Raises:
        Forbidden: the actor may not write the libraries there.
        Refusal: the credit code or the place is wrong.
        Conflict: the credit code is in the library already.
    """
    _may_write(actor, command.region)
    verdict = check("uscc", command.uscc)
    wrong = {}
    if not verdict.valid:
        wrong["uscc"] = verdict.problems[0]
    if not command.name.strip():
        wrong["name"] = message("Enter the name of the enterprise.")
    if not regions.exists(command.region):
        wrong["region"] = message("Choose a place from the list.")
    if wrong:
        raise Refusal(message("The enterprise was not registered: correct the marked fields."), wrong)
    name = command.name.strip()
    enterprise, new = Enterprise.objects.get_or_create(
        uscc=verdict.require(),
        defaults={
            "name": name, "name_tokens": search.tokens(name), "sort_key": search.sort_key(name), "region": command.region,
            "address": command.address.strip(), "legal_representative": command.legal_representative.strip(),
            "established_on": command.established_on, "registered_capital": command.registered_capital,
            "roles": list(command.roles), "data_source": "2", "data_level": "B", "registered_at": clock.now(),
        },
    )  # fmt: skip
    if not new:
        says = message("%(uscc)s is already registered as %(name)s.", uscc=enterprise.uscc, name=enterprise.name)
        raise Conflict(says, {"uscc": says})
    record(facts.ENTERPRISE_REGISTERED, _subject(enterprise), actor, {"uscc": enterprise.uscc, "name": name})
    return Registered(str(enterprise.id))


@dataclass(frozen=True, slots=True)
class RenameEnterprise:
    """Record a new name 企业更名; the credit code stays."""

    command_id: UUID
    enterprise_id: UUID
    name: str


@action
def rename_enterprise(actor: Actor, command: RenameEnterprise) -> Registered:
    """Give an enterprise a new name and keep the former one."""
    enterprise = _locked(command.enterprise_id)
    _may_write(actor, enterprise.region)
    name = command.name.strip()
    if not name or name == enterprise.name:
        raise Refusal(message("Enter the new name."), {"name": message("Enter the new name.")})
    _rename(actor, enterprise, name, clock.today())
    return Registered(str(enterprise.id))


def _rename(actor: Acting, enterprise: Enterprise, name: str, day: date) -> None:
    former = enterprise.name
    FormerName.objects.create(enterprise=enterprise, name=former, until=day)
    enterprise.name, enterprise.name_tokens, enterprise.sort_key = name, search.tokens(name), search.sort_key(name)
    enterprise.save(update_fields=["name", "name_tokens", "sort_key"])
    record(facts.ENTERPRISE_RENAMED, _subject(enterprise), actor, {"name": name, "former_name": former})


@dataclass(frozen=True, slots=True)
class RecordQualification:
    """Record a qualification 资质 that was issued elsewhere or before."""

    command_id: UUID
    enterprise_id: UUID
    certificate_number: str
    category: str
    grade: str
    authority: str
    issued_on: date
    valid_until: date | None


@action
def record_qualification(actor: Actor, command: RecordQualification) -> Registered:
    """Record a qualification of an enterprise.

    Raises:
        Refusal: the number or the days are wrong.
        Conflict: this certificate already stands there with this category and grade.
    """
    enterprise = _locked(command.enterprise_id)
    _may_write(actor, enterprise.region)
    number = _checked("qualification", "certificate_number", command.certificate_number, command)
    same = {"certificate_number": number, "category": command.category, "grade": command.grade}
    if enterprise.qualifications.filter(**same).exists():
        says = message("%(number)s is already recorded with this category and grade.", number=number)
        raise Conflict(says, {"certificate_number": says})
    row = Qualification.objects.create(
        enterprise=enterprise,
        certificate_number=number,
        category=command.category,
        grade=command.grade,
        authority=command.authority,
        issued_on=command.issued_on,
        valid_until=command.valid_until,
    )
    data = {"number": number, "category": command.category, "grade": command.grade, "valid_until": command.valid_until}
    record(facts.QUALIFICATION_RECORDED, _subject(enterprise), actor, data)
    return Registered(str(row.id))


@dataclass(frozen=True, slots=True)
class RecordSafetyLicence:
    """Record a safety production licence 安全生产许可证."""

    command_id: UUID
    enterprise_id: UUID
    number: str
    issued_on: date
    valid_until: date


@action
def record_safety_licence(actor: Actor, command: RecordSafetyLicence) -> Registered:
    """Record a safety production licence of an enterprise.

    Raises:
        Refusal: the number or the days are wrong.
        Conflict: the number is recorded already.
    """
    enterprise = _locked(command.enterprise_id)
    _may_write(actor, enterprise.region)
    number = _checked("safety_licence", "number", command.number, command)
    if known := SafetyLicence.objects.filter(number=number).select_related("enterprise").first():
        says = message("%(number)s is already recorded for %(name)s.", number=number, name=known.enterprise.name)
        raise Conflict(says, {"number": says})
    row = SafetyLicence.objects.create(
        enterprise=enterprise, number=number, issued_on=command.issued_on, valid_until=command.valid_until
    )
    data = {"number": number, "valid_until": command.valid_until}
    record(facts.SAFETY_LICENCE_RECORDED, _subject(enterprise), actor, data)
    return Registered(str(row.id))


def enter_declared(uscc: str, name: str, region: str, role: str) -> None:
    """Enter an enterprise that a permit names and the library does not know (以施工许可为入口), as declared.

    Part of the deciding transaction of the case. One that is known stays as it is.
    """
    assert connection.in_atomic_block
    if Enterprise.objects.filter(uscc=uscc).exists():
        return
    enterprise, new = Enterprise.objects.get_or_create(
        uscc=uscc,
        defaults={
            "name": name, "name_tokens": search.tokens(name), "sort_key": search.sort_key(name), "region": region,
            "roles": [role], "data_source": "1", "data_level": "C", "registered_at": clock.now(),
        },
    )  # fmt: skip
    if new:
        record(facts.ENTERPRISE_REGISTERED, _subject(enterprise), SYSTEM, {"uscc": uscc, "name": name})


@dataclass(frozen=True, slots=True)
class Granted:
    """What a decided case grants an enterprise: the number on the paper, by whom, from when until when."""

    uscc: str
    number: str
    authority: str
    issued_on: date
    valid_until: date | None
    case_id: UUID


def grant_qualification(granted: Granted, category: str, grade: str) -> None:
    """Enter a qualification that was just granted; what the enterprise held in the category ends with it.

    Part of the deciding transaction of the case, which has checked the permission.
    """
    assert connection.in_atomic_block
    enterprise = Enterprise.objects.select_for_update().get(uscc=granted.uscc)
    held = enterprise.qualifications.filter(category=category)
    held.filter(Q(valid_until=None) | Q(valid_until__gt=granted.issued_on)).update(
        valid_until=granted.issued_on - ONE_DAY
    )
    enterprise.qualifications.create(
        certificate_number=granted.number, category=category, grade=grade, authority=granted.authority,
        issued_on=granted.issued_on, valid_until=granted.valid_until,
    )  # fmt: skip
    data = {"number": granted.number, "category": category, "grade": grade, "case": granted.case_id}
    record(facts.QUALIFICATION_RECORDED, _subject(enterprise), SYSTEM, data)


def grant_safety_licence(granted: Granted) -> None:
    """Enter a safety production licence that was just granted or extended; the earlier one ends with it."""
    assert connection.in_atomic_block
    assert granted.valid_until is not None
    enterprise = Enterprise.objects.select_for_update().get(uscc=granted.uscc)
    held = SafetyLicence.objects.filter(enterprise=enterprise, valid_until__gt=granted.issued_on)
    held.update(valid_until=granted.issued_on - ONE_DAY)
    terms = {"enterprise": enterprise, "issued_on": granted.issued_on, "valid_until": granted.valid_until}
    number = check("safety_licence", granted.number).normal or granted.number
    SafetyLicence.objects.update_or_create(number=number, defaults=terms)
    data = {"number": number, "valid_until": granted.valid_until, "case": granted.case_id}
    record(facts.SAFETY_LICENCE_RECORDED, _subject(enterprise), SYSTEM, data)


@dataclass(frozen=True, slots=True)
class ChangeParticulars:
    """What an enterprise is from a day on, as a case decided; what is empty or None stays as it is."""

    uscc: str
    day: date
    case_id: UUID
    name: str = ""
    address: str = ""
    legal_representative: str = ""
    registered_capital: Decimal | None = None


PARTICULARS = ("address", "legal_representative", "registered_capital")


def change_particulars(change: ChangeParticulars) -> None:
    """Enter the new particulars of an enterprise; those it had stay beside them, until the day of the change.

    Part of the deciding transaction of the case, which has checked the permission.
    """
    assert connection.in_atomic_block
    enterprise = Enterprise.objects.select_for_update().get(uscc=change.uscc)
    name = change.name.strip()
    if name and name != enterprise.name:
        _rename(SYSTEM, enterprise, name, change.day)
    said = {particular: getattr(change, particular) for particular in PARTICULARS}
    new = {key: value for key, value in said.items() if value and value != getattr(enterprise, key)}
    for key, value in new.items():
        if former := getattr(enterprise, key):
            enterprise.former_particulars.create(
                particular=key, value=str(former), until=change.day, case_id=change.case_id
            )
        setattr(enterprise, key, value)
    if new:
        enterprise.save(update_fields=list(new))
        record(facts.ENTERPRISE_CHANGED, _subject(enterprise), SYSTEM, {**new, "case": change.case_id})


def end_papers(uscc: str, number: str, day: date, case_id: UUID) -> None:
    """End the qualifications and the safety licence of a number, because they were cancelled."""
    assert connection.in_atomic_block
    enterprise = Enterprise.objects.select_for_update().get(uscc=uscc)
    enterprise.qualifications.filter(certificate_number=number).update(valid_until=day, status=CANCELLED)
    licence = check("safety_licence", number).normal or number
    SafetyLicence.objects.filter(enterprise=enterprise, number=licence).update(valid_until=day, status=CANCELLED)
    record(facts.PAPERS_ENDED, _subject(enterprise), SYSTEM, {"number": number, "case": case_id})


def _checked(kind: str, field: str, given: str, command: RecordQualification | RecordSafetyLicence) -> str:
    """The number of a certificate in its normal form; number and days are refused together."""
    verdict = check(kind, given)
    wrong = {} if verdict.valid else {field: verdict.problems[0]}
    if command.valid_until is not None and command.valid_until < command.issued_on:
        wrong["valid_until"] = message("This is before the day of issue.")
    if wrong:
        raise Refusal(message("The certificate was not recorded: correct the marked fields."), wrong)
    return verdict.require()


def _may_write(actor: Actor, region: str) -> None:
    if not actor.may("registry.write", region):
        raise Forbidden(message("You may not change the libraries of %(region)s.", region=regions.name(region)))


def _locked(enterprise_id: UUID) -> Enterprise:
    enterprise = Enterprise.objects.select_for_update().filter(pk=enterprise_id).first()
    if enterprise is None:
        raise NotFound
    return enterprise


def _subject(enterprise: Enterprise) -> Subject:
    return Subject("enterprise", enterprise.id, enterprise.region)
