"""Pages of the library of projects 项目库, for departments and for the enterprises that own or take part in them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jianguan.kernel.messages import message
from jianguan.platform.accounts.service import Actor, demand, for_enterprises, for_officers, signed_in
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
from jianguan.registry.projects import actions, queries
from jianguan.registry.projects.models import Project
from jianguan.registry.projects.rules import branches


@for_officers
def projects(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Projects of one's jurisdictions, searched by name, code or any number they have."""
    demand(actor, "registry.read")
    return _list(request, actor, [place_filter(request.GET.get("region", ""), actor.prefixes("registry.read"))])


@for_enterprises
def own_projects(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Projects one's own enterprise owns or takes part in."""
    return _list(request, actor, [])


def _list(request: HttpRequest, actor: Actor, more: list[Filter]) -> HttpResponse:
    text, stage = request.GET.get("q", ""), request.GET.get("stage", "")
    rows = queries.in_place(queries.visible_to(actor), place_prefix(request.GET.get("region", "")))
    if stage:
        rows = rows.filter(stage=stage)
    rows = queries.matching(rows, text)
    stages = dictionaries.options("project_stage")
    context = {
        "rows": paginate(request, rows, "-id"),
        "count": capped_count(rows),
        "filters": [
            Filter("q", _("Name, code or number"), text),
            *more,
            Filter.among("stage", _("Stage"), stage, _("All stages"), stages),
        ],
        "part": "projects/_rows.html",
        "face": face(actor),
        "may_write": actor.is_enterprise or actor.may("registry.write"),
    }
    return render_either(request, "projects/list.html", "projects/_rows.html", context)


@signed_in
def project(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Everything about one project 项目一档: facts, tree, records, participants, key people, history."""
    found = opened(actor, code)
    tree = queries.tree(found)
    context = {
        "project": found,
        "branches": branches(tree.works, tree.through),
        "tree": tree,
        "events": history(journal.about("project", found.id)),
        "face": face(actor),
        "officer": not actor.is_enterprise,
        "may_write": actions.may_write(actor, found),
        "may_record": actor.may("registry.write", found.region),
    }
    return render(request, "projects/project.html", context)


def opened(actor: Actor, code: str) -> Project:
    """A project the reader may open."""
    found = queries.visible_to(actor).filter(code=code).first()
    if found is None:
        raise NotFound
    return found


# --- entering facts


class Registering(entry.Form):
    """What is asked of a new project."""

    name = entry.text(_("Name of the project"), span=8)
    investment_code = entry.text(
        _("Investment project code"), required=False, hint=_("20 digits with four dashes, if it has one.")
    )
    type = entry.choice(_("Project type"), lambda: entry.to_choose(dictionaries.options("project_type")))
    nature = entry.choice(
        _("Nature of construction"), lambda: entry.to_choose(dictionaries.options("construction_nature"))
    )
    use = entry.choice(_("Use of the works"), lambda: entry.to_choose(dictionaries.options("project_use")))
    region = entry.choice(_("Place"))
    address = entry.text(_("Address"), span=8)
    owner_uscc = entry.text(_("Credit code of the owner"))
    total_investment = entry.number(_("Total investment"), unit=_("10,000 yuan"), places=4)
    fund_source = entry.choice(
        _("Source of funds"), lambda: entry.to_choose(dictionaries.options("fund_source")), required=False
    )
    total_area = entry.number(_("Total area"), unit="㎡", required=False)
    total_length = entry.number(_("Total length"), unit="m", required=False)
    scale = entry.words(_("Scale of construction"), required=False, limit=500)


@signed_in
def register(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Register a project, which gives it its code for life; an owner registers its own."""
    if not actor.is_enterprise:
        demand(actor, "registry.write")
    prefixes = [""] if actor.is_enterprise else actor.prefixes("registry.write")
    form = Registering(entry.sent(request), region=entry.to_choose(place_options(prefixes)))
    if actor.is_enterprise:
        del form.fields["owner_uscc"]

    def act(given: dict[str, Any]) -> entry.Done:
        command = actions.RegisterProject(**{"owner_uscc": actor.uscc} | given)
        code = actions.register_project(actor, command).code
        return entry.Done(
            address(actor, code), message("The project was registered; its code for life is %(code)s.", code=code)
        )

    note = _("The project gets its code when it is registered and keeps it for life.")
    sheet = entry.Sheet(_("Register a project"), crumbs(actor), _("Register"), note)
    return entry.enter(request, form, act, sheet)


class Adding(entry.Form):
    """What is asked of single works."""

    name = entry.text(_("Name of the single works"), span=8)
    structure = entry.choice(
        _("Structural system"), lambda: entry.to_choose(dictionaries.options("structure")), required=False
    )
    area_above = entry.number(_("Area above ground"), unit="㎡", required=False)
    area_below = entry.number(_("Area below ground"), unit="㎡", required=False)
    height = entry.number(_("Height"), unit="m", required=False)
    floors_above = entry.count(_("Floors above ground"), required=False)
    floors_below = entry.count(_("Floors below ground"), required=False)
    span = entry.number(_("Span"), unit="m", required=False)
    length = entry.number(_("Length of the works"), unit="m", required=False)
    cost = entry.number(_("Cost"), unit=_("10,000 yuan"), places=4, required=False)


@signed_in
def add_works(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Add single works to a project."""
    found = opened(actor, code)

    def act(given: dict[str, Any]) -> entry.Done:
        done = actions.add_works(actor, actions.AddWorks(project_id=found.id, **given))
        return entry.Done(
            address(actor, code),
            message("%(works)s was added with the code %(code)s.", works=given["name"], code=done.code),
        )

    sheet = entry.Sheet(_("Add single works"), crumbs(actor, found), _("Add"))
    return entry.enter(request, Adding(entry.sent(request)), act, sheet)


class Forming(entry.Form):
    """What is asked of a section."""

    name = entry.text(_("Name of the section"), span=8)
    works_ids = entry.several(_("Single works of the section"))


@signed_in
def form_section(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Form a section of some works of a project."""
    found = opened(actor, code)

    def act(given: dict[str, Any]) -> entry.Done:
        works_ids = tuple(UUID(works_id) for works_id in given["works_ids"])
        command = actions.FormSection(given["command_id"], found.id, given["name"], works_ids)
        done = actions.form_section(actor, command)
        return entry.Done(
            address(actor, code), message("The section was formed with the code %(code)s.", code=done.code)
        )

    form = Forming(entry.sent(request), works_ids=works_options(found))
    return entry.enter(
        request, form, act, entry.Sheet(_("Form a section"), crumbs(actor, found), _("Form the section"))
    )


def works_options(found: Project) -> list[tuple[str, str]]:
    """The works of a project that stand today, to choose from."""
    return [(str(w.id), f"{w.name} {w.code}") for w in queries.standing_works(found.id)]


class Recording(entry.Form):
    """What is asked of the result of an earlier procedure."""

    kind = entry.choice(_("Kind of record"), lambda: entry.to_choose(dictionaries.options("stage_record")))
    number = entry.text(_("Number"))
    national_number = entry.text(_("National number"), required=False)
    recorded_on = entry.day(_("Recorded on"))
    valid_until = entry.day(_("Valid until"), required=False)
    price = entry.number(_("Price (award, contract)"), unit=_("10,000 yuan"), places=4, required=False)
    violations = entry.count(_("Mandatory clauses violated (drawing review)"), required=False)


@for_officers
def record_stage(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Enter the result of an earlier procedure, which checks of applications then rely on."""
    demand(actor, "registry.write")
    found = opened(actor, code)

    def act(given: dict[str, Any]) -> entry.Done:
        price, violations = given.pop("price"), given.pop("violations")
        data = {
            key: value
            for key, value in (("price", price and str(price)), ("violations", violations))
            if value is not None
        }
        actions.record_stage(actor, actions.RecordStage(project_id=found.id, data=data, **given))
        return entry.Done(address(actor, code), message("%(number)s was recorded.", number=given["number"]))

    sheet = entry.Sheet(_("Enter a stage record"), crumbs(actor, found), _("Record"))
    return entry.enter(request, Recording(entry.sent(request)), act, sheet)


def face(actor: Actor) -> str:
    """Beginning of the names of this person's pages."""
    return "own-" if actor.is_enterprise else ""


def address(actor: Actor, code: str) -> str:
    """Where the reader finds a project."""
    return reverse(f"{face(actor)}project", args=[code])


def crumbs(actor: Actor, found: Project | None = None) -> list[tuple[Any, str]]:
    """The pages above a page of the library, or of a project in it."""
    library = (
        _("Our projects") if actor.is_enterprise else _("Library of projects"),
        reverse(f"{face(actor)}projects"),
    )
    return [library, (found.name, address(actor, found.code))] if found else [library]
