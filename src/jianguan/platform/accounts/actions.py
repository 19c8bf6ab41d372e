"""Acts on accounts and grants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from jianguan.kernel.messages import Message, message
from jianguan.platform import clock
from jianguan.platform.accounts import facts, queries
from jianguan.platform.accounts.models import Absence, Account, Grant, Organisation, Role, SignInAttempt
from jianguan.platform.accounts.rules import HEADING, SEPARATE_ROLES, Actor, conflicting_roles
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal.service import SYSTEM, Subject, record
from jianguan.platform.notices import service as notices
from jianguan.platform.notices.service import Recipient
from jianguan.platform.regions import service as regions

ATTEMPTS_BEFORE_PAUSE = 8
PAUSE = timedelta(minutes=10)
MOMENT = timedelta(microseconds=1)  # what lies between an instant and the end of what came before


@dataclass(frozen=True, slots=True)
class Done:
    """The id of the row an act made or changed."""

    id: str


@dataclass(frozen=True, slots=True)
class GrantRole:
    """Give a role to an account 授权, from now on or from a later instant."""

    command_id: UUID
    account_id: UUID
    role: str
    region_prefix: str
    valid_until: datetime | None = None
    valid_from: datetime | None = None


@action
def grant_role(actor: Actor, command: GrantRole) -> Done:
    """Give a role within a jurisdiction.

    Raises:
        Forbidden: the actor does not administer grants there, or would grant to themselves.
        Refusal: role, place or interval are wrong.
        Conflict: the account holds an administration role that may not be combined with this one (三员分立).
    """
    if not actor.may("grant.manage", command.region_prefix):
        place = regions.jurisdiction_name(command.region_prefix)
        raise Forbidden(message("You may not grant roles for %(region)s.", region=place))
    if command.account_id == actor.id:
        raise Forbidden(message("Nobody grants roles to themselves."))
    account = _locked_account(command.account_id)
    begins = max(command.valid_from or clock.now(), clock.now())
    if wrong := _wrong_grant(command, begins):
        raise Refusal(message("The role was not granted: correct the marked fields."), wrong)
    held = Grant.objects.filter(queries.overlapping(begins, command.valid_until), account=account)
    if clash := conflicting_roles(held.values_list("role_id", flat=True), command.role):
        says = message(
            "%(name)s already is %(role)s: system, security and audit administration must be different people.",
            name=account.name, role=SEPARATE_ROLES[min(clash)],
        )  # fmt: skip
        raise Conflict(says, {"role": says})
    grant = Grant.objects.create(
        account=account, role_id=command.role, organisation=account.organisation, region_prefix=command.region_prefix,
        valid_from=begins, valid_until=command.valid_until, granted_by_id=actor.id,
    )  # fmt: skip
    record(
        facts.ROLE_GRANTED,
        _subject(account),
        actor,
        {
            "grant": grant.id,
            "role": command.role,
            "region_prefix": command.region_prefix,
            "valid_from": begins,
            "valid_until": command.valid_until,
        },
    )
    return Done(str(grant.id))


def _wrong_grant(command: GrantRole, begins: datetime) -> dict[str, Message]:
    wrong = {}
    if not Role.objects.filter(code=command.role).exists():
        wrong["role"] = message("Choose a role from the list.")
    if command.region_prefix and not regions.within(command.region_prefix):
        wrong["region_prefix"] = message("Choose a place from the list.")
    if command.valid_until is not None and command.valid_until <= begins:
        wrong["valid_until"] = message("This is before the grant begins.")
    return wrong


@dataclass(frozen=True, slots=True)
class EndGrant:
    """End a grant now."""

    command_id: UUID
    grant_id: UUID


@action
def end_grant(actor: Actor, command: EndGrant) -> Done:
    """End a grant at this instant; it stays on record with its interval."""
    grant = (
        Grant.objects.select_for_update().select_related("account__organisation").filter(pk=command.grant_id).first()
    )
    if grant is None:
        raise NotFound
    if not actor.may("grant.manage", grant.region_prefix):
        place = regions.jurisdiction_name(grant.region_prefix)
        raise Forbidden(message("You may not end grants for %(region)s.", region=place))
    at = clock.now()
    if grant.valid_until is not None and grant.valid_until <= at:
        raise Conflict(message("This grant has already ended."))
    Grant.objects.filter(pk=grant.pk).update(valid_until=max(at, grant.valid_from))  # one that has not begun never will
    record(facts.GRANT_ENDED, _subject(grant.account), actor, {"grant": grant.id, "role": grant.role_id})
    return Done(str(grant.id))


@dataclass(frozen=True, slots=True)
class EnterAbsence:
    """Say that a person is on leave and who handles their work 休假代办; both days are part of it."""

    command_id: UUID
    account_id: UUID
    substitute_id: UUID
    first_day: date
    last_day: date
    reason: str = ""


@action
def enter_absence(actor: Actor, command: EnterAbsence) -> Done:
    """Enter one's own leave, or as head that of a person at one's places.

    Raises:
        Forbidden: neither one's own nor of a person whose work the actor heads.
        Refusal: the days are wrong, or the colleague cannot stand in.
    """
    account = _locked_account(command.account_id)
    _refuse_foreign_absence(actor, account)
    begins, ends = _days(command.first_day, command.last_day)
    substitute = Account.objects.filter(pk=command.substitute_id, is_active=True).first()
    if wrong := _wrong_absence(command, account, substitute, begins, ends):
        raise Refusal(message("The leave was not entered: correct the marked fields."), wrong)
    assert substitute is not None
    absence = Absence.objects.create(
        account=account, substitute=substitute, valid_from=begins, valid_until=ends, reason=command.reason.strip(),
        entered_by_id=actor.id,
    )  # fmt: skip
    said = {
        "absence": absence.id,
        "substitute": substitute.id,
        "first_day": command.first_day,
        "last_day": command.last_day,
    }
    record(facts.ABSENCE_ENTERED, _subject(account), actor, said)
    says = message(
        "%(name)s is on leave from %(first)s to %(last)s; in that time you handle the work of %(name)s.",
        name=account.name, first=command.first_day, last=command.last_day,
    )  # fmt: skip
    notices.send(Recipient(account_id=substitute.id), says, "/me/leave/", f"absence:{absence.id}")
    return Done(str(absence.id))


def _refuse_foreign_absence(actor: Actor, account: Account) -> None:
    own = actor.id == account.id and not actor.is_enterprise
    if not own and not actor.may(HEADING, account.organisation.region):
        raise Forbidden(message("Leave is entered by the person, or by the head of the place."))


def _days(first: date, last: date) -> tuple[datetime, datetime]:
    """From the beginning of a legal day until the end of another."""
    return tuple(datetime.combine(day, time(), clock.LEGAL_ZONE) for day in (first, last + timedelta(days=1)))  # type: ignore[return-value]


def _wrong_absence(
    command: EnterAbsence, account: Account, substitute: Account | None, begins: datetime, ends: datetime
) -> dict[str, Message]:
    if command.last_day < command.first_day:
        return {"last_day": message("This is before the first day.")}
    if command.last_day < clock.today():
        return {"last_day": message("This day has passed.")}
    if Absence.objects.filter(queries.overlapping(begins, ends), account=account).exists():
        return {"first_day": message("%(name)s is on leave in these days already.", name=account.name)}
    if substitute is None or substitute == account or substitute.organisation_id != account.organisation_id:
        return {"substitute": message("Choose a colleague of the same organisation.")}
    if Absence.objects.filter(queries.overlapping(begins, ends), account=substitute).exists():
        return {"substitute": message("%(name)s is on leave in these days too.", name=substitute.name)}
    return {}


@dataclass(frozen=True, slots=True)
class EndAbsence:
    """End a leave now, or cancel one that has not begun."""

    command_id: UUID
    absence_id: UUID


@action
def end_absence(actor: Actor, command: EndAbsence) -> Done:
    """End a leave at this instant: the substitute can do nothing by it any more. It stays on record."""
    absence = (
        Absence.objects.select_for_update(of=("self",))
        .select_related("account__organisation")
        .filter(pk=command.absence_id)
        .first()
    )
    if absence is None:
        raise NotFound
    _refuse_foreign_absence(actor, absence.account)
    at = clock.now()
    if absence.valid_until <= at:
        raise Conflict(message("This leave has already ended."))
    Absence.objects.filter(pk=absence.pk).update(valid_until=max(at, absence.valid_from))
    record(facts.ABSENCE_ENDED, _subject(absence.account), actor, {"absence": absence.id})
    return Done(str(absence.id))


def open_account(organisation: Organisation, username: str, name: str, password: str, position: str = "") -> Account:
    """Open an account. Used by `init` and the demonstration; people's self-service registration is not built yet."""
    with transaction.atomic():
        account = Account.objects.create(
            username=username, name=name, position=position, organisation=organisation,
            password=make_password(password), created_at=clock.now(),
        )  # fmt: skip
        record(facts.ACCOUNT_OPENED, _subject(account), SYSTEM, {"organisation": organisation.id})
    return account


def grant_at_installation(account: Account, role: str, region_prefix: str) -> Grant:
    """Give a role while an installation is being set up, before anyone administers grants."""
    with transaction.atomic():
        grant = Grant.objects.create(
            account=account, role_id=role, organisation=account.organisation, region_prefix=region_prefix,
            valid_from=clock.now(),
        )  # fmt: skip
        data = {"grant": grant.id, "role": role, "region_prefix": region_prefix, "valid_until": None}
        record(facts.ROLE_GRANTED, _subject(account), SYSTEM, data)
    return grant


def sign_in(username: str, password: str, address: str) -> Account:
    """The account, if user name and password are right.

    Raises:
        Refusal: wrong, closed, or too many wrong attempts lately (the same sentence tells nothing about accounts).
    """
    since = clock.now() - PAUSE
    recent = SignInAttempt.objects.filter(at__gt=since)
    if (
        recent.filter(username=username).count() >= ATTEMPTS_BEFORE_PAUSE
        or recent.filter(address=address).count() >= 10 * ATTEMPTS_BEFORE_PAUSE
    ):
        raise Refusal(message("Too many wrong attempts. Wait ten minutes and try again."))
    account = Account.objects.select_related("organisation").filter(username=username, is_active=True).first()
    if account is None:
        make_password(password)  # as slow as checking a password, so that time does not tell names apart
    if account is None or not account.check_password(password):
        SignInAttempt.objects.create(username=username, address=address, at=clock.now())
        raise Refusal(message("User name or password is wrong."))
    with transaction.atomic():
        record(facts.SIGNED_IN, _subject(account), queries.actor(account), {})
    return account


def _locked_account(account_id: UUID) -> Account:
    account = (
        Account.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=account_id).first()
    )
    if account is None:
        raise NotFound
    return account


def _subject(account: Account) -> Subject:
    return Subject("account", account.id, account.organisation.region)
