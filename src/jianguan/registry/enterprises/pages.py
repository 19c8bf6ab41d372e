"""Pages of the library of enterprises 企业库, and of an enterprise's own record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jianguan.kernel.messages import message
from jianguan.platform.accounts.service import Actor, demand, for_enterprises, for_officers
from jianguan.platform.errors import NotFound
from jianguan.platform.journal import service as journal
from jianguan.platform.web.service import (
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
from jianguan.registry.dictionaries import service as dictionaries
from jianguan.registry.enterprises import actions, queries
from jianguan.registry.enterprises.models import Enterprise
from jianguan.registry.people import service as people
from jianguan.registry.projects import service as projects

SHOWN_PEOPLE = 20
_LIBRARY = _("Library of enterprises")


@for_officers
def enterprises(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The library, searched by name, former name or credit code."""
    demand(actor, "registry.read")
    text, place = request.GET.get("q", ""), request.GET.get("region", "")
    rows = queries.matching(queries.visible_to(actor), text, place_prefix(place))
    context = {
        "rows": paginate(request, rows, "sort_key", "id"),
        "count": capped_count(rows),
        "filters": [Filter("q", _("Name or credit code"), text), place_filter(place, [""], elsewhere=True)],
        "part": "enterprises/_rows.html",
        "may_write": actor.may("registry.write"),
    }
    return render_either(request, "enterprises/list.html", "enterprises/_rows.html", context)


@for_officers
def enterprise(request: HttpRequest, actor: Actor, uscc: str) -> HttpResponse:
    """The record of one enterprise 企业档案."""
    return _record(request, actor, _found(actor, uscc))


@for_enterprises
def own_enterprise(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the platform knows of one's own enterprise 企业空间."""
    found = queries.visible_to(actor).filter(uscc=actor.uscc).first()
    return _record(request, actor, found) if found else render(request, "enterprises/unknown.html")


def _record(request: HttpRequest, actor: Actor, found: Enterprise) -> HttpResponse:
    staff = list(people.employed_by(found.uscc)[: SHOWN_PEOPLE + 1])
    posts = projects.posts_now([person.id for person in staff])
    record = paginate(request, projects.track_record(found.uscc), "-id")
    context = {
        "enterprise": found,
        "papers": queries.papers(found),
        "people": [(person, posts.get(person.id, [])) for person in staff[:SHOWN_PEOPLE]],
        "more_people": len(staff) > SHOWN_PEOPLE,
        "record": record,
        "openable": projects.openable(actor, [row.project_id for row in record.rows]),
        "events": history(journal.about("enterprise", found.id)),
        "officer": not actor.is_enterprise,
        "may_write": actor.may("registry.write", found.region),
    }
    return render(request, "enterprises/enterprise.html", context)


def _found(actor: Actor, uscc: str) -> Enterprise:
    found = queries.visible_to(actor).filter(uscc=uscc).first()
    if found is None:
        raise NotFound
    return found


# --- entering facts


class Registering(entry.Form):
    """What is asked of a new enterprise."""

    uscc = entry.text(_("Unified social credit code"), hint=_("18 characters; the last one is checked."))
    name = entry.text(_("Name"), span=8)
    region = entry.choice(_("Place of registration"))
    address = entry.text(_("Address"), span=8, required=False)
    legal_representative = entry.text(_("Legal representative"), required=False)
    established_on = entry.day(_("Established on"), required=False)
    registered_capital = entry.number(_("Registered capital"), unit=_("10,000 yuan"), places=4, required=False)
    roles = entry.several(_("Kind of business"), lambda: dictionaries.options("unit_role"), required=False)


@for_officers
def register(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter an enterprise into the library."""
    demand(actor, "registry.write")

    def act(given: dict[str, Any]) -> entry.Done:
        command = actions.RegisterEnterprise(**given | {"roles": tuple(given["roles"])})
        found = queries.by_id(actions.register_enterprise(actor, command).id)
        return entry.Done(_address(found), message("%(name)s was registered.", name=found.name))

    form = Registering(
        entry.sent(request), region=entry.to_choose(place_options(actor.prefixes("registry.write"), elsewhere=True))
    )
    sheet = entry.Sheet(_("Register an enterprise"), [(_LIBRARY, reverse("enterprises"))], _("Register"))
    return entry.enter(request, form, act, sheet)


class Renaming(entry.Form):
    """The new name."""

    name = entry.text(_("New name"), span=12)


@for_officers
def rename(request: HttpRequest, actor: Actor, uscc: str) -> HttpResponse:
    """Record a new name; the former one stays findable."""
    found = _writable(actor, uscc)

    def act(given: dict[str, Any]) -> entry.Done:
        actions.rename_enterprise(
            actor, actions.RenameEnterprise(given["command_id"], enterprise_id=found.id, name=given["name"])
        )
        return entry.Done(_address(found), message("The new name was recorded."))

    note = _("The credit code stays. The former name is kept and can still be searched.")
    sheet = entry.Sheet(_("Change of name"), _crumbs(found), _("Record"), note)
    return entry.enter(request, Renaming(entry.sent(request), initial={"name": found.name}), act, sheet)


class Qualifying(entry.Form):
    """What stands on a qualification certificate."""

    certificate_number = entry.text(
        _("Certificate number"), hint=_("A letter, a level and eight digits, like D246000001.")
    )
    category = entry.text(_("Category"))
    grade = entry.choice(_("Grade"), lambda: entry.to_choose(dictionaries.options("qualification_grade")))
    authority = entry.text(_("Issued by"))
    issued_on = entry.day(_("Issued on"))
    valid_until = entry.day(_("Valid until"), required=False)


@for_officers
def qualify(request: HttpRequest, actor: Actor, uscc: str) -> HttpResponse:
    """Record a qualification that was issued elsewhere or before."""
    found = _writable(actor, uscc)

    def act(given: dict[str, Any]) -> entry.Done:
        actions.record_qualification(actor, actions.RecordQualification(enterprise_id=found.id, **given))
        return entry.Done(_address(found), message("The qualification was recorded."))

    sheet = entry.Sheet(_("Record a qualification"), _crumbs(found), _("Record"))
    return entry.enter(request, Qualifying(entry.sent(request)), act, sheet)


class Licensing(entry.Form):
    """What stands on a safety production licence."""

    number = entry.text(_("Licence number"), hint=_("Like （琼）JZ安许证字〔2024〕000012."))
    issued_on = entry.day(_("Issued on"))
    valid_until = entry.day(_("Valid until"))


@for_officers
def license_safety(request: HttpRequest, actor: Actor, uscc: str) -> HttpResponse:
    """Record a safety production licence that was issued elsewhere or before."""
    found = _writable(actor, uscc)

    def act(given: dict[str, Any]) -> entry.Done:
        actions.record_safety_licence(actor, actions.RecordSafetyLicence(enterprise_id=found.id, **given))
        return entry.Done(_address(found), message("The safety production licence was recorded."))

    sheet = entry.Sheet(_("Record a safety production licence"), _crumbs(found), _("Record"))
    return entry.enter(request, Licensing(entry.sent(request)), act, sheet)


def _writable(actor: Actor, uscc: str) -> Enterprise:
    demand(actor, "registry.write")
    return _found(actor, uscc)


def _address(found: Enterprise) -> str:
    return reverse("enterprise", args=[found.uscc])


def _crumbs(found: Enterprise) -> list[tuple[Any, str]]:
    return [(_LIBRARY, reverse("enterprises")), (found.name, _address(found))]
