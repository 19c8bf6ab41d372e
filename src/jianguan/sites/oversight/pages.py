"""Pages of supervision files 监督档案: who supervises what, and handing a file over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jianguan.kernel.messages import message
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, for_officers, in_words
from jianguan.platform.errors import Conflict, Forbidden, NotFound
from jianguan.platform.journal import service as journal
from jianguan.platform.web.service import (
    Filter,
    Tab,
    capped_count,
    entry,
    history,
    paginate,
    place_filter,
    place_prefix,
    render_either,
    say,
)
from jianguan.registry.projects import service as projects
from jianguan.sites.oversight import actions, queries
from jianguan.sites.oversight.models import Assignment, SupervisionFile
from jianguan.sites.oversight.rules import SPECIALITIES, TITLES, supervises

MINE = "mine"


@for_officers
def files(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Files a person may open: a supervisor's own, a station's all."""
    if not supervises(actor):
        raise Forbidden(message("You have no permission for this."))
    text, place, mine = request.GET.get("q", ""), request.GET.get("region", ""), request.GET.get("scope") == MINE
    prefixes = actor.prefixes("oversight.read")
    rows = queries.matching(queries.bound_to(actor) if mine else queries.visible_to(actor), text, place_prefix(place))
    context: dict[str, Any] = {
        "rows": paginate(request, queries.with_supervisors(rows), "-id"),
        "count": capped_count(rows),
        "filters": [Filter("q", _("Permit, registration number, works or owner"), text)],
        "keep": [("scope", MINE)] if mine else [],
        "part": "oversight/_rows.html",
    }
    if prefixes:
        context["filters"].append(place_filter(place, prefixes))
        here = reverse("supervision-files")
        context["tabs"] = [
            Tab(_("All files"), here, current=not mine),
            Tab(_("My files"), f"{here}?scope={MINE}", current=mine),
        ]
        context["tabs_label"] = _("Supervision files")
    return render_either(request, "oversight/list.html", "oversight/_rows.html", context)


@for_officers
def file(request: HttpRequest, actor: Actor, file_id: UUID) -> HttpResponse:
    """One file: permit, works, those who build, those who supervise now and before, and why one may open it."""
    found = _found(actor, file_id)
    assignments = list(found.assignments.all())
    held = {
        speciality: [a for a in assignments if a.speciality == speciality and a.valid_until is None]
        for speciality in SPECIALITIES
    }
    permitted = projects.permitted_under(found.permit_number)
    context = {
        "file": found,
        "permitted": permitted,
        "openable": permitted and permitted.project_id in projects.openable(actor, [permitted.project_id]),
        "supervisors": [(speciality, say(TITLES[speciality]), held[speciality]) for speciality in SPECIALITIES],
        "former": [(say(TITLES[a.speciality]), a) for a in assignments if a.valid_until is not None],
        "may_assign": actor.may("oversight.assign", found.region),
        "explanation": in_words(queries.explain(actor, found)),
        "events": history(journal.about("supervision", found.id)),
    }
    return render(request, "oversight/file.html", context)


class Handing(entry.Form):
    """What is asked when a supervisor is bound or changed."""

    successor = entry.choice(_("Supervisor from now on"), span=6)
    reason = entry.words(_("Reason"), limit=500)


@for_officers
def change(request: HttpRequest, actor: Actor, file_id: UUID, assignment_id: UUID) -> HttpResponse:
    """Hand the file over to another supervisor of the speciality."""
    found = _assignable(actor, file_id)
    current = next((a for a in found.assignments.all() if a.id == assignment_id), None)
    if current is None:
        raise NotFound
    if current.valid_until is not None:
        raise Conflict(message("This supervisor was already replaced."))

    def act(given: dict[str, Any]) -> entry.Done:
        command = actions.ChangeSupervisor(given["command_id"], current.id, UUID(given["successor"]), given["reason"])
        actions.change_supervisor(actor, command)
        return entry.Done(_address(found), message("The file was handed over; the rights moved with it."))

    form = Handing(entry.sent(request), successor=_eligible(found, current.speciality))
    note = _("The rights on the project move at this instant. The supervisor until now can no longer open the file.")
    terms = _terms(found, current.speciality, current)
    return entry.enter(
        request, form, act, entry.Sheet(_("Change of supervisor"), _crumbs(found), _("Hand over"), note, terms)
    )


@for_officers
def assign(request: HttpRequest, actor: Actor, file_id: UUID, speciality: str) -> HttpResponse:
    """Bind a supervisor where the file has none of the speciality."""
    found = _assignable(actor, file_id)
    if speciality not in SPECIALITIES:
        raise NotFound

    def act(given: dict[str, Any]) -> entry.Done:
        command = actions.AssignSupervisor(
            given["command_id"], found.id, speciality, UUID(given["successor"]), given["reason"]
        )
        actions.assign_supervisor(actor, command)
        return entry.Done(_address(found), message("The supervisor was bound to the file."))

    form = Handing(entry.sent(request), successor=_eligible(found, speciality))
    sheet = entry.Sheet(_("Bind a supervisor"), _crumbs(found), _("Bind"), terms=_terms(found, speciality))
    return entry.enter(request, form, act, sheet)


def _found(actor: Actor, file_id: UUID) -> SupervisionFile:
    found = queries.with_supervisors(queries.visible_to(actor)).filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return found


def _assignable(actor: Actor, file_id: UUID) -> SupervisionFile:
    found = _found(actor, file_id)
    if not actor.may("oversight.assign", found.region):
        raise Forbidden(message("You may not assign supervisors here."))
    return found


def _eligible(found: SupervisionFile, speciality: str) -> list[tuple[str, Any]]:
    """Those who hold the role there and are not bound to the file already."""
    bound = {a.account_id for a in found.assignments.all() if a.valid_until is None}
    holders = accounts.holders(SPECIALITIES[speciality], found.region)
    return [*entry.to_choose((str(h.id), f"{h.name} · {h.organisation.name}") for h in holders if h.id not in bound)]


def _terms(found: SupervisionFile, speciality: str, current: Assignment | None = None) -> list[tuple[Any, Any]]:
    terms: list[tuple[Any, Any]] = [
        (_("Works"), found.works_name),
        (_("Permit"), found.permit_number),
        (_("Speciality"), say(TITLES[speciality])),
    ]
    return [*terms, (_("Supervisor until now"), current.name)] if current else terms


def _address(found: SupervisionFile) -> str:
    return reverse("supervision-file", args=[found.id])


def _crumbs(found: SupervisionFile) -> list[tuple[Any, str]]:
    return [(_("Supervision files"), reverse("supervision-files")), (found.works_name, _address(found))]
