"""Acts on accounts and grants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from jianguan.kernel.messages import Message, message
from jianguan.platform import clock
from jianguan.platform.accounts import facts, queries
from jianguan.platform.accounts.models import Account, Grant, Organisation, Role, SignInAttempt
from jianguan.platform.accounts.rules import SEPARATE_ROLES, Actor, conflicting_roles
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal.service import SYSTEM, Subject, record
from jianguan.platform.regions import service as regions

ATTEMPTS_BEFORE_PAUSE = 8
PAUSE = timedelta(minutes=10)


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
