"""Pages of leave and substitutes 休假代办: a person's own, and those of the people whose work a head distributes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from jianguan.kernel.messages import message
from jianguan.platform.accounts import actions, queries
from jianguan.platform.accounts.models import Absence, Account
from jianguan.platform.accounts.rules import HEADING, Actor
from jianguan.platform.accounts.sessions import demand, for_officers
from jianguan.platform.errors import NotFound
from jianguan.platform.web.service import Tab, day, entry, paginate, posted_id


@for_officers
@require_GET
def own(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The reader's leave, and whose substitute they are."""
    return _listed(request, actor, queries.absences_of(actor.id), "own-leave")


@for_officers
@require_GET
def headed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Leave of the people at the places whose work the reader heads."""
    demand(actor, HEADING)
    return _listed(request, actor, queries.absences_headed(actor), "leave")


def _listed(request: HttpRequest, actor: Actor, rows: Any, here: str) -> HttpResponse:
    page = paginate(request, rows, "-valid_from", "-id")
    tabs = [("own-leave", _("My leave")), ("leave", _("Leave of my people"))] if actor.may(HEADING) else []
    context = {
        "rows": page,
        "lines": [(one, _state(one, actor), _last_day(one), _may_end(one, actor)) for one in page.rows],
        "tabs": [Tab(label, reverse(name), current=name == here) for name, label in tabs],
        "tabs_label": _("Leave"),
        "enter": "own-leave-new" if here == "own-leave" else "leave-new",
        "part": "accounts/_absences.html",
    }
    return render(request, "accounts/absences.html", context)


def _state(one: Absence, actor: Actor) -> tuple[str, str]:
    """Its word and tone."""
    if one.valid_until <= actor.at:
        return gettext("ended"), "neutral"
    return (gettext("in force"), "green") if one.valid_from <= actor.at else (gettext("not yet in force"), "yellow")


def _last_day(one: Absence) -> str:
    """Its last day; the instant where it was ended early."""
    return day((one.valid_until - actions.MOMENT) if one.valid_until > one.valid_from else one.valid_until)


def _may_end(one: Absence, actor: Actor) -> bool:
    mine = one.account_id == actor.id or actor.may(HEADING, one.account.organisation.region)
    return mine and one.valid_until > actor.at


class Leave(entry.Form):
    """What is asked of one's own leave."""

    first_day = entry.day(_("First day"))
    last_day = entry.day(_("Last day"), hint=_("The substitute may act until the end of this day."))
    substitute = entry.choice(_("Substitute"), span=8)
    reason = entry.text(_("Reason"), span=8, required=False)


class LeaveOfOthers(Leave):
    """The same for a head, who says whose it is."""

    account = entry.choice(_("Who is on leave"), span=8)
    field_order = ("account", "first_day", "last_day", "substitute", "reason")


@for_officers
def enter_own(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter one's own leave."""
    colleagues = queries.colleagues(Account.objects.get(pk=actor.id))
    form = Leave(entry.sent(request), substitute=entry.to_choose(map(_named, colleagues)))
    return _entered(request, actor, form, "own-leave")


@for_officers
def enter(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter the leave of a person at one's places, as head."""
    demand(actor, HEADING)
    people = [(key, f"{name} · {unit}") for key, name, unit in map(_placed, queries.headed_by(actor))]
    chosen = entry.to_choose(people)
    return _entered(request, actor, LeaveOfOthers(entry.sent(request), account=chosen, substitute=chosen), "leave")


def _entered(request: HttpRequest, actor: Actor, form: entry.Form, here: str) -> HttpResponse:
    def act(given: dict[str, Any]) -> entry.Done:
        account = posted_id(given["account"]) if "account" in given else actor.id
        command = actions.EnterAbsence(
            given["command_id"], account, posted_id(given["substitute"]), given["first_day"], given["last_day"],
            given["reason"],
        )  # fmt: skip
        actions.enter_absence(actor, command)
        return entry.Done(reverse(here), message("The leave was entered; the substitute is told."))

    note = _(
        "In this time the substitute may handle what you may handle, on your behalf and under their own name. "
        "Administration, the seal and the direction of others are not passed on."
    )
    sheet = entry.Sheet(_("Enter leave"), [(_("Leave and substitutes"), reverse(here))], _("Enter leave"), note)
    return entry.enter(request, form, act, sheet)


@for_officers
def end(request: HttpRequest, actor: Actor, absence_id: UUID) -> HttpResponse:
    """End a leave now, after one look at it."""
    found = Absence.objects.select_related("account__organisation", "substitute").filter(pk=absence_id).first()
    if found is None or not _may_end(found, actor):
        raise NotFound
    here = reverse("own-leave" if found.account_id == actor.id else "leave")

    def act(given: dict[str, Any]) -> entry.Done:
        actions.end_absence(actor, actions.EndAbsence(given["command_id"], found.id))
        return entry.Done(here, message("The leave was ended."))

    terms: list[tuple[Any, Any]] = [
        (pgettext_lazy("person", "Name"), found.account.name),
        (_("Substitute"), found.substitute.name),
        (_("First day"), day(found.valid_from)),
        (_("Last day"), _last_day(found)),
    ]
    note = _("It ends at this instant; the substitute can do nothing by it any more. The record stays.")
    sheet = entry.Sheet(_("End a leave"), [(_("Leave and substitutes"), here)], _("End it now"), note, terms)
    return entry.enter(request, entry.Form(entry.sent(request)), act, sheet)


def _named(account: Account) -> tuple[str, str]:
    return str(account.pk), " · ".join(part for part in (account.name, account.position) if part)


def _placed(account: Account) -> tuple[str, str, str]:
    return *_named(account), account.organisation.name
