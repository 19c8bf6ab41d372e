"""Pages of archive boxes 电子档案盒, for departments and for enterprises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from jianguan.licensing.archives import actions, queries, schedule
from jianguan.licensing.archives.bag import zipped
from jianguan.licensing.archives.queries import Box, Catalogue
from jianguan.licensing.archives.schedule import CERTIFICATE, ENTERPRISE, NOTICE, PERSON, PROJECT
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, demand, for_enterprises, for_officers, signed_in
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.web.service import Figure, Filter, Tab, paginate, posted_id, render_either
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import service as people
from jianguan.registry.projects import service as projects

LABELS = {PROJECT: _("Projects"), ENTERPRISE: _("Enterprises"), PERSON: _("People")}
SOUGHT = {
    PROJECT: _("Name, code or number of a project"),
    ENTERPRISE: _("Name or credit code of an enterprise"),
    PERSON: _("Name or certificate number of a person"),
}
Rows = QuerySet[Any]
_LIBRARIES: dict[str, tuple[Callable[[Actor, str], Rows], Callable[[Any], Box], tuple[str, ...]]] = {
    PROJECT: (lambda a, t: projects.matching(projects.visible_to(a), t), queries.project_box, ("-id",)),
    ENTERPRISE: (
        lambda a, t: enterprises.matching(enterprises.visible_to(a), t), queries.enterprise_box, ("sort_key", "id"),
    ),
    PERSON: (lambda a, t: people.matching(people.visible_to(a), t), queries.person_box, ("sort_key", "id")),
}  # fmt: skip


@for_officers
def boxes(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Find a project, an enterprise or a person, and open its box."""
    demand(actor, "registry.read")
    return _list(request, actor)


@for_enterprises
def own_boxes(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The boxes of one's own enterprise, of its projects and its people."""
    return _list(request, actor)


def _list(request: HttpRequest, actor: Actor) -> HttpResponse:
    kind, text = request.GET.get("kind", PROJECT), request.GET.get("q", "")
    kind = kind if kind in LABELS else PROJECT
    find, make, order = _LIBRARIES[kind]
    rows = paginate(request, find(actor, text), *order)
    context = {
        "rows": rows,
        "boxes": [make(row) for row in rows.rows],
        "kind": kind,
        "filters": [Filter("q", SOUGHT[kind], text)],
        "keep": [("kind", kind)],
        "tabs": [Tab(label, f"?{urlencode({'kind': key})}", current=key == kind) for key, label in LABELS.items()],
        "tabs_label": _("Kinds of boxes"),
        "part": "archives/_boxes.html",
        "face": _face(actor),
    }
    return render_either(request, "archives/list.html", "archives/_boxes.html", context)


@signed_in
def box(request: HttpRequest, actor: Actor, kind: str, box_id: UUID) -> HttpResponse:
    """One box: its documents by stage, who filed them and why, versions, retention, and what is missing."""
    found = queries.box(actor, kind, box_id)
    catalogue = queries.catalogue(actor, found)
    face = _face(actor)
    ids = {use.put_by for item in catalogue.items for use in item.uses if use.put_by}
    context = {
        "box": found,
        "catalogue": catalogue,
        "figures": _figures(catalogue),
        "people": accounts.names(ids),
        "retention_source": schedule.retention_source(),
        "face": face,
        "case_page": "own-case" if actor.is_enterprise else "case",
        "command_id": new_command_id(),
        "about": _about(found, actor),
        "crumbs": [(_("Archive boxes"), f"{reverse(f'{face}archive')}?{urlencode({'kind': kind})}"), (found.name, "")],
    }
    return render(request, "archives/box.html", context)


def _figures(catalogue: Catalogue) -> list[Figure]:
    kinds = [item.first.what for item in catalogue.items]
    figures = [
        Figure(_("Documents kept"), len(kinds)),
        Figure(_("Certificates"), kinds.count(CERTIFICATE)),
        Figure(_("Notices"), kinds.count(NOTICE)),
    ]
    if catalogue.whole and any(shelf.stage.expects for shelf in catalogue.shelves):
        missing = sum(len(shelf.missing) for shelf in catalogue.shelves)
        figures.append(Figure(_("Missing"), missing, tone="red" if missing else ""))
    return figures


def _about(found: Box, actor: Actor) -> str:
    """The page of what the box belongs to."""
    face = _face(actor)
    if found.kind == PROJECT:
        return reverse(f"{face}project", args=[found.code])
    if found.kind == PERSON:
        return reverse(f"{face}person", args=[found.id])
    return reverse("own-enterprise") if face else reverse("enterprise", args=[found.code])


@signed_in
@require_POST
def export(request: HttpRequest, actor: Actor, kind: str, box_id: UUID) -> HttpResponse:
    """The box as a package that anyone can verify, streamed."""
    bag = actions.export(actor, kind, box_id, posted_id(request.POST.get("command_id")))
    named = content_disposition_header(as_attachment=True, filename=f"{bag.name}.zip")
    headers = {"Content-Disposition": named or "attachment", "Cache-Control": "private, no-store"}
    answer = StreamingHttpResponse(zipped(bag), content_type="application/zip", headers=headers)
    return cast("HttpResponse", answer)  # what decorators say of answers knows no streams


def _face(actor: Actor) -> str:
    """Beginning of the names of this person's pages."""
    return "own-" if actor.is_enterprise else ""
