"""Pages of those who administer grants 组织与权限: who holds which role where, giving and ending roles, explanations."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jianguan.kernel.messages import message
from jianguan.platform import clock
from jianguan.platform.accounts import actions, queries
from jianguan.platform.accounts.models import Account, Grant
from jianguan.platform.accounts.rules import Actor, explain_permission
from jianguan.platform.accounts.sessions import demand, for_officers
from jianguan.platform.accounts.wording import PERMISSIONS, in_words
from jianguan.platform.errors import NotFound
from jianguan.platform.journal import service as journal
from jianguan.platform.regions import service as regions
from jianguan.platform.web.service import (
    Field,
    Filter,
    capped_count,
    entry,
    history,
    paginate,
    place_filter,
    place_options,
    place_prefix,
    render_either,
)

EVERYWHERE = "*"


@for_officers
def accounts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Accounts by organisation, with the roles they hold now."""
    demand(actor, "grant.manage")
    text, role, place = (request.GET.get(name, "") for name in ("q", "role", "region"))
    rows = queries.matching(queries.administered_by(actor), text, role, place_prefix(place))
    context = {
        "rows": paginate(request, queries.with_grants(rows), "organisation__name", "name", "id"),
        "count": capped_count(rows),
        "filters": [
            Filter("q", _("Name, user name or organisation"), text),
            Filter.among("role", _("Role"), role, _("All roles"), queries.role_names().items()),
            place_filter(place, actor.prefixes("grant.manage")),
        ],
        "part": "accounts/_rows.html",
    }
    return render_either(request, "accounts/list.html", "accounts/_rows.html", context)


@for_officers
def account(request: HttpRequest, actor: Actor, account_id: UUID) -> HttpResponse:
    """One account: its grants now, before and to come, and why it may or may not do something."""
    found = _found(actor, account_id)
    permission, place = request.GET.get("permission", ""), request.GET.get("region", "")
    explanation = None
    if permission in PERMISSIONS and regions.exists(place):
        explanation = explain_permission(queries.actor(found), permission, place)
    grants = queries.grants_of(found)
    context = {
        "account": found,
        "held": [grant for grant in grants if _lasts(grant, actor.at)],
        "former": [grant for grant in grants if not _lasts(grant, actor.at)],
        "now": actor.at,
        "own": found.id == actor.id,
        "fields": [
            Field("permission", _("Permission"), permission, "select", entry.to_choose(PERMISSIONS.items()), span=6),
            Field("region", _("Where"), place, "select", entry.to_choose(place_options([""])), span=6),
        ],
        "explanation": explanation,
        "sentences": in_words(explanation) if explanation else [],
        "events": history(journal.about("account", found.id)),
    }
    return render(request, "accounts/account.html", context)


def _lasts(grant: Grant, at: datetime) -> bool:
    return grant.valid_until is None or grant.valid_until > at


def _found(actor: Actor, account_id: UUID) -> Account:
    demand(actor, "grant.manage")
    found = queries.administered_by(actor).select_related("organisation").filter(pk=account_id).first()
    if found is None:
        raise NotFound
    return found


class Granting(entry.Form):
    """What is asked when a role is given."""

    role = entry.choice(_("Role"))
    region_prefix = entry.choice(_("Jurisdiction"), span=8)
    valid_from = entry.day(_("From"), required=False, hint=_("Without a day: from now on."))
    valid_until = entry.day(_("Until"), required=False, hint=_("Its last day; without one: until it is ended."))


@for_officers
def grant(request: HttpRequest, actor: Actor, account_id: UUID) -> HttpResponse:
    """Give a role to an account."""
    found = _found(actor, account_id)

    def act(given: dict[str, Any]) -> entry.Done:
        place = given["region_prefix"]
        command = actions.GrantRole(
            given["command_id"], found.id, given["role"], "" if place == EVERYWHERE else regions.jurisdiction(place),
            valid_from=_begin_of(given["valid_from"]), valid_until=_end_of(given["valid_until"]),
        )  # fmt: skip
        actions.grant_role(actor, command)
        return entry.Done(_address(found), message("The role was given."))

    prefixes = actor.prefixes("grant.manage")
    everywhere = [(EVERYWHERE, regions.jurisdiction_name(""))] if "" in prefixes else []
    form = Granting(
        entry.sent(request),
        role=entry.to_choose(queries.role_names().items()),
        region_prefix=entry.to_choose([*everywhere, *place_options(prefixes)]),
    )
    note = _("System, security and audit administration must be three different people.")
    terms: list[tuple[Any, Any]] = [
        (pgettext_lazy("person", "Name"), found.name),
        (_("Organisation"), found.organisation.name),
    ]
    return entry.enter(
        request, form, act, entry.Sheet(_("Give a role"), _crumbs(found), _("Give the role"), note, terms)
    )


@for_officers
def end(request: HttpRequest, actor: Actor, account_id: UUID, grant_id: UUID) -> HttpResponse:
    """End a grant, after one look at what ends."""
    found = _found(actor, account_id)
    ending = found.grants.select_related("role").filter(pk=grant_id).first()
    if ending is None:
        raise NotFound

    def act(given: dict[str, Any]) -> entry.Done:
        actions.end_grant(actor, actions.EndGrant(given["command_id"], ending.id))
        return entry.Done(_address(found), message("The grant was ended."))

    terms: list[tuple[Any, Any]] = [
        (pgettext_lazy("person", "Name"), found.name),
        (_("Role"), ending.role.words),
        (_("Jurisdiction"), regions.jurisdiction_name(ending.region_prefix)),
    ]
    note = _("It ends at this instant; the person can do nothing by it any more. The record stays.")
    sheet = entry.Sheet(_("End a grant"), _crumbs(found), _("End it now"), note, terms)
    return entry.enter(request, entry.Form(entry.sent(request)), act, sheet)


def _begin_of(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), clock.LEGAL_ZONE)


def _end_of(day: date | None) -> datetime | None:
    return _begin_of(None if day is None else day + timedelta(days=1))


def _address(found: Account) -> str:
    return reverse("account", args=[found.id])


def _crumbs(found: Account) -> list[tuple[Any, str]]:
    return [(_("Organisations and permissions"), reverse("accounts")), (found.name, _address(found))]
