"""Reading accounts and grants."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import get_language

from jianguan.platform import clock
from jianguan.platform.accounts.models import Absence, Account, Grant, Organisation, Role
from jianguan.platform.accounts.rules import HEADING, ActiveGrant, Actor, Principal, lent
from jianguan.platform.accounts.scope import within


def in_force(at: datetime) -> Q:
    """Condition on grants: in force at an instant."""
    return Q(valid_from__lte=at) & (Q(valid_until=None) | Q(valid_until__gt=at))


def overlapping(begins: datetime, ends: datetime | None) -> Q:
    """Condition on grants: in force at some instant of an interval."""
    lasting = Q(valid_until=None) | Q(valid_until__gt=begins)
    return lasting if ends is None else lasting & Q(valid_from__lt=ends)


def actor(account: Account) -> Actor:
    """The account as an actor: one query for its grants in force now, and for those of the absent it stands in for."""
    at = clock.now()
    organisation, grants = account.organisation, _grants_of(account, at)
    return Actor(
        id=account.id, name=account.name, username=account.username, position=account.position,
        organisation_id=organisation.id, organisation_name=organisation.name, organisation_kind=organisation.kind,
        uscc=organisation.uscc, region=organisation.region, grants=grants, at=at,
    )  # fmt: skip


_LENT = ("role_id", "role__permissions", "organisation_id", "region_prefix", "account_id", "account__name")


def _grants_of(account: Account, at: datetime) -> tuple[ActiveGrant, ...]:
    """Own grants, and what absent colleagues lend: theirs, not what was lent to them."""
    away = Absence.objects.filter(in_force(at), substitute=account).values("account")
    own = Grant.objects.filter(in_force(at), account=account).values_list(*_LENT)
    theirs = Grant.objects.filter(in_force(at), account__in=away, account__is_active=True).values_list(*_LENT)
    found: list[tuple[ActiveGrant, Principal]] = [
        (ActiveGrant(role, frozenset(permissions), org, prefix), Principal(holder, name))
        for role, permissions, org, prefix, holder, name in own.union(theirs, all=True)
    ]
    mine = [grant for grant, holder in found if holder.id == account.id]
    borrowed = [lent(grant, holder) for grant, holder in found if holder.id != account.id]
    return (*mine, *(grant for grant in borrowed if grant))


def actor_by_id(account_id: UUID) -> Actor:
    """The account with this id as an actor (two queries)."""
    return actor(Account.objects.select_related("organisation").get(pk=account_id))


def actor_by_username(username: str) -> Actor:
    """The account with this user name as an actor (two queries)."""
    return actor(Account.objects.select_related("organisation").get(username=username))


def names(account_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name and organisation of accounts, for timelines: one query."""
    rows = Account.objects.filter(pk__in=account_ids).values_list("pk", "name", "organisation__name")
    return {pk: (name, organisation) for pk, name, organisation in rows}


def role_names() -> dict[str, str]:
    """Names of all roles by code, in the reader's language: one query."""
    column = "name_en" if get_language() == "en" else "name"
    return dict(Role.objects.order_by("code").values_list("code", column))


def ids_named(text: str) -> list[UUID]:
    """Ids of the accounts with this user name or name."""
    return list(Account.objects.filter(Q(username=text) | Q(name=text)).values_list("pk", flat=True)[:50])


def holders(role: str, region: str) -> QuerySet[Account]:
    """Active accounts that hold a role at a place now, by name."""
    prefixes = [region[:length] for length in range(len(region) + 1)]
    grants = Grant.objects.filter(in_force(clock.now()), role=role, region_prefix__in=prefixes)
    return (
        Account.objects.filter(is_active=True, pk__in=grants.values("account"))
        .select_related("organisation")
        .order_by("name", "id")
    )


def handlers(role: str, region: str) -> QuerySet[Account]:
    """Active accounts that may handle steps of a role at a place now: its holders, and substitutes of those on leave."""
    holding = holders(role, region).order_by()
    away = Absence.objects.filter(in_force(clock.now()), account__in=holding.values("pk"))
    may = Q(pk__in=holding.values("pk")) | Q(pk__in=away.values("substitute"))
    return Account.objects.filter(may, is_active=True).select_related("organisation").order_by("name", "id")


def heads(region: str) -> QuerySet[Account]:
    """Active accounts that head the work 办理负责人 at a place now."""
    prefixes = [region[:length] for length in range(len(region) + 1)]
    grants = Grant.objects.filter(
        in_force(clock.now()), role__permissions__contains=[HEADING], region_prefix__in=prefixes
    )
    return Account.objects.filter(is_active=True, pk__in=grants.values("account")).order_by("name", "id")


def officers_grants() -> list[tuple[UUID, ActiveGrant]]:
    """All grants of officers in force now by account, and what they lend to substitutes; two queries."""
    at = clock.now()
    rows = Grant.objects.filter(in_force(at), account__is_active=True).exclude(account__organisation__kind="enterprise")
    found = [
        (holder, name, ActiveGrant(role, frozenset(permissions), org, prefix))
        for role, permissions, org, prefix, holder, name in rows.order_by("id").values_list(*_LENT)
    ]
    substitutes: dict[UUID, list[UUID]] = {}
    for away, substitute in Absence.objects.filter(in_force(at), substitute__is_active=True).values_list(
        "account", "substitute"
    ):
        substitutes.setdefault(away, []).append(substitute)
    given = [
        (substitute, lent(grant, Principal(h, n))) for h, n, grant in found for substitute in substitutes.get(h, ())
    ]
    return [(holder, grant) for holder, _, grant in found] + [(to, grant) for to, grant in given if grant]


def away(account_ids: Collection[UUID]) -> dict[UUID, Absence]:
    """Who of them is on leave now, with the substitute; one query."""
    rows = Absence.objects.filter(in_force(clock.now()), account__in=account_ids).select_related("substitute")
    return {one.account_id: one for one in rows}


def absences_of(account_id: UUID) -> QuerySet[Absence]:
    """Absences of a person, and those in which they stand in, the latest first."""
    rows = Absence.objects.filter(Q(account=account_id) | Q(substitute=account_id))
    return rows.select_related("account", "substitute", "entered_by").order_by("-valid_from", "-id")


def absences_headed(actor: Actor) -> QuerySet[Absence]:
    """Absences of people at the places whose work the actor heads."""
    rows = Absence.objects.filter(within(actor.prefixes(HEADING), "account__organisation__region"))
    return rows.select_related("account__organisation", "substitute", "entered_by")


def headed_by(actor: Actor) -> QuerySet[Account]:
    """Officers at the places whose work the actor heads, by organisation and name."""
    rows = Account.objects.filter(within(actor.prefixes(HEADING), "organisation__region"), is_active=True)
    return (
        rows.exclude(organisation__kind="enterprise")
        .select_related("organisation")
        .order_by("organisation__name", "name", "id")
    )


def colleagues(account: Account) -> QuerySet[Account]:
    """Active accounts of the same organisation."""
    rows = Account.objects.filter(organisation=account.organisation_id, is_active=True).exclude(pk=account.pk)
    return rows.order_by("name", "id")


def organisation(organisation_id: UUID) -> Organisation:
    """One organisation."""
    return Organisation.objects.get(pk=organisation_id)


def authority_for(region: str) -> Organisation:
    """The authority 主管部门 whose jurisdiction is the smallest that contains a place.

    Raises:
        Organisation.DoesNotExist: no authority serves the place.
    """
    candidates = Organisation.objects.filter(kind="authority", is_active=True, region__in=_containing(region))
    found = max(candidates, key=lambda o: len(o.region.rstrip("0")), default=None)
    if found is None:
        raise Organisation.DoesNotExist(f"no authority serves {region}")
    return found


def _containing(region: str) -> list[str]:
    """Codes of the places that contain a place: itself, its county, its city, its province."""
    county = region[:6]
    return list(dict.fromkeys([region, county, f"{county[:4]}00", f"{county[:2]}0000"]))


# --- administration


def administered_by(actor: Actor) -> QuerySet[Account]:
    """Accounts whose grants a person administers: those of organisations in their jurisdictions."""
    return Account.objects.filter(within(actor.prefixes("grant.manage"), "organisation__region"))


def matching(rows: QuerySet[Account], text: str, role: str = "", region_prefix: str = "") -> QuerySet[Account]:
    """Those whose name, user name or organisation fits what was typed, who hold a role now, and belong to a place."""
    if typed := text.strip():
        rows = rows.filter(
            Q(name__icontains=typed) | Q(username__icontains=typed) | Q(organisation__name__icontains=typed)
        )
    if role:
        rows = rows.filter(pk__in=Grant.objects.filter(in_force(clock.now()), role=role).values("account"))
    return rows.filter(within([region_prefix], "organisation__region")) if region_prefix else rows


def with_grants(rows: QuerySet[Account]) -> QuerySet[Account]:
    """The accounts with their organisation and their grants in force now, in one more query."""
    now = Prefetch("grants", Grant.objects.filter(in_force(clock.now())).select_related("role").order_by("valid_from"))
    return rows.select_related("organisation").prefetch_related(now)


def grants_of(account: Account) -> list[Grant]:
    """All grants of an account, newest first, with who gave them."""
    return list(account.grants.select_related("role", "granted_by").order_by("-valid_from", "-id"))


def one_account_per_role() -> list[Grant]:
    """For every role one account that holds it, in the order they were opened, for the demonstration's sign-in page."""
    grants = Grant.objects.filter(in_force(clock.now()), account__is_active=True).select_related("account", "role")
    first = grants.order_by("role", "valid_from", "id").distinct("role")
    return sorted(first, key=lambda grant: grant.account_id)
