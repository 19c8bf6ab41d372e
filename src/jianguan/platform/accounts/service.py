"""The door of accounts: who acts, what they may, who holds a role."""

from jianguan.platform.accounts.actions import (
    EndGrant,
    GrantRole,
    end_grant,
    grant_at_installation,
    grant_role,
    open_account,
)
from jianguan.platform.accounts.models import Account, Grant, Organisation, OrganisationKind, Role
from jianguan.platform.accounts.queries import (
    actor,
    actor_by_id,
    actor_by_username,
    authority_for,
    holders,
    ids_named,
    names,
    organisation,
    role_names,
)
from jianguan.platform.accounts.roles import load as load_roles
from jianguan.platform.accounts.rules import Actor, Explanation, explain_permission, explain_role
from jianguan.platform.accounts.scope import NOTHING, within
from jianguan.platform.accounts.sessions import actor_of, demand, for_enterprises, for_officers, signed_in
from jianguan.platform.accounts.wording import in_words

__all__ = [
    "NOTHING",
    "Account",
    "Actor",
    "EndGrant",
    "Explanation",
    "Grant",
    "GrantRole",
    "Organisation",
    "OrganisationKind",
    "Role",
    "actor",
    "actor_by_id",
    "actor_by_username",
    "actor_of",
    "authority_for",
    "demand",
    "end_grant",
    "explain_permission",
    "explain_role",
    "for_enterprises",
    "for_officers",
    "grant_at_installation",
    "grant_role",
    "holders",
    "ids_named",
    "in_words",
    "load_roles",
    "names",
    "open_account",
    "organisation",
    "role_names",
    "signed_in",
    "within",
]  # fmt: skip
