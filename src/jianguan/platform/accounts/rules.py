"""What grants allow, decided without the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from jianguan.kernel.messages import Message, message

# 三员分立: system, security and audit administration are three different people.
SEPARATE_ROLES: Mapping[str, Message] = MappingProxyType(
    {
        "system_admin": message("system administrator"),
        "security_admin": message("security administrator"),
        "audit_admin": message("audit administrator"),
    }
)


# What a substitute never gets: roles with one of these stay with the person they were given to; heading stays too.
OWN_PERMISSIONS = frozenset(
    {"grant.manage", "pack.write", "pack.publish", "journal.read", "person.unmask", "certificate.seal", "case.apply"}
)
HEADING = "work.direct"


@dataclass(frozen=True, slots=True)
class Principal:
    """The absent person a substitute acts for."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ActiveGrant:
    """A role in force: what it permits, and where; a substitute's names the person it was given to."""

    role: str
    permissions: frozenset[str]
    organisation_id: UUID
    region_prefix: str
    on_behalf_of: Principal | None = None

    def covers(self, region: str) -> bool:
        """Whether the jurisdiction contains a place; an empty prefix is the whole installation."""
        return region.startswith(self.region_prefix)


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, as of one instant: the account, its organisation and the grants in force.

    An actor is read once per request or job; every decision of that request is made on the same grants.
    """

    id: UUID
    name: str
    username: str
    position: str
    organisation_id: UUID
    organisation_name: str
    organisation_kind: str
    uscc: str | None
    region: str
    grants: tuple[ActiveGrant, ...]
    at: datetime

    @property
    def is_enterprise(self) -> bool:
        return self.organisation_kind == "enterprise"

    def may(self, permission: str, region: str | None = None) -> bool:
        """Whether a grant gives the permission, at a place or (None) anywhere."""
        return any(permission in g.permissions and (region is None or g.covers(region)) for g in self.grants)

    def has_role(self, role: str, region: str) -> bool:
        """Whether a grant gives the role at a place."""
        return any(g.role == role and g.covers(region) for g in self.grants)

    def principals(self, role: str, region: str) -> list[Principal | None]:
        """For whom the actor may act in a role at a place: for themselves (None, first), for absent colleagues."""
        found = {g.on_behalf_of for g in self.grants if g.role == role and g.covers(region)}
        return sorted(found, key=lambda one: (one is not None, one.name if one else ""))

    @property
    def absent_colleagues(self) -> frozenset[UUID]:
        """Whose substitute the actor is now."""
        return frozenset(g.on_behalf_of.id for g in self.grants if g.on_behalf_of)

    def prefixes(self, permission: str) -> tuple[str, ...]:
        """The jurisdictions in which the permission holds, without those contained in others."""
        return minimal_prefixes(g.region_prefix for g in self.grants if permission in g.permissions)

    def role_scopes(self) -> dict[str, tuple[str, ...]]:
        """For every role held: the jurisdictions it is held in."""
        roles = {g.role for g in self.grants}
        return {
            role: minimal_prefixes(g.region_prefix for g in self.grants if g.role == role) for role in sorted(roles)
        }


def lent(grant: ActiveGrant, principal: Principal) -> ActiveGrant | None:
    """What a substitute gets of an absent person's grant: handling, never administration, seals or heading others."""
    if grant.permissions & OWN_PERMISSIONS:
        return None
    return replace(grant, permissions=grant.permissions - {HEADING}, on_behalf_of=principal)


def minimal_prefixes(prefixes: Iterable[str]) -> tuple[str, ...]:
    """Prefixes without those that another one contains, sorted."""
    kept: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an act is allowed or what is missing, in sentences."""

    allowed: bool
    lines: tuple[Message, ...]


def explain_permission(actor: Actor, permission: str, region: str) -> Explanation:
    """Which grant allows a permission at a place, or what is missing."""
    return _explain([g for g in actor.grants if permission in g.permissions], region, permission)


def explain_role(actor: Actor, role: str, region: str) -> Explanation:
    """Which grant gives a role at a place, or what is missing."""
    return _explain([g for g in actor.grants if g.role == role], region, role)


def _explain(grants: list[ActiveGrant], region: str, wanted: str) -> Explanation:
    for grant in grants:
        if grant.covers(region):
            if grant.on_behalf_of:
                return Explanation(True, (_substituting(grant, grant.on_behalf_of, region),))
            says = message(
                "Allowed: the role %(role)s is granted for %(prefix)s, which contains %(region)s.",
                role=grant.role, prefix=grant.region_prefix or "*", region=region,
            )  # fmt: skip
            return Explanation(True, (says,))
    if not grants:
        return Explanation(False, (message("Missing: no grant in force gives %(wanted)s.", wanted=wanted),))
    held = ", ".join(sorted({g.region_prefix for g in grants}))
    says = message(
        "Missing: %(wanted)s is granted for %(held)s, but not for %(region)s.", wanted=wanted, held=held, region=region
    )
    return Explanation(False, (says,))


def _substituting(grant: ActiveGrant, principal: Principal, region: str) -> Message:
    return message(
        "Allowed as substitute: the role %(role)s is granted to %(name)s, who is on leave, for %(prefix)s, which contains %(region)s.",
        role=grant.role, name=principal.name, prefix=grant.region_prefix or "*", region=region,
    )  # fmt: skip


def conflicting_roles(held: Iterable[str], wanted: str) -> frozenset[str]:
    """Roles already held that may not be combined with `wanted` (三员分立)."""
    return frozenset(held) & SEPARATE_ROLES.keys() - {wanted} if wanted in SEPARATE_ROLES else frozenset()
