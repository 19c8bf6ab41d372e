"""Pages of packages that were submitted: lists, and a package with all its matters, for enterprises and for officers."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from jianguan.kernel.messages import message
from jianguan.licensing.packages import actions, catalogue, queries
from jianguan.licensing.packages.definition import build
from jianguan.licensing.packages.models import Package
from jianguan.licensing.packages.timeline import draw
from jianguan.platform.accounts.service import Actor, demand, for_enterprises, for_officers
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Refusal
from jianguan.platform.web.service import Filter, paginate, posted_id, render_either, toast, words
from jianguan.registry.projects import service as projects


@for_enterprises
@require_GET
def own_packages(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The packages of one's enterprise, drafts too, and what is on offer."""
    return _list(request, queries.visible_to(actor), "own-")


@for_officers
@require_GET
def packages(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The packages whose cases an officer may open, and what packages of each kind saved."""
    demand(actor, "case.read")
    return _list(request, queries.visible_to(actor).exclude(submitted_at=None), "")


def _list(request: HttpRequest, rows: QuerySet[Package], face: str) -> HttpResponse:
    text = request.GET.get("q", "")
    page = paginate(request, queries.with_members(queries.matching(rows, text)), "-id")
    statistics = queries.statistics()
    context = {
        "rows": page,
        "lines": [(row, build(row.definition), queries.progress_of(row)) for row in page.rows],
        "filters": [Filter("q", _("Number, project"), text)],
        "face": face,
        "package_page": f"{face}package",
        "measured": [(one, statistics.get(one.definition.key)) for one in catalogue.offers()],
    }
    return render_either(request, f"packages/{face.replace('-', '_')}packages.html", "packages/_packages.html", context)


@for_enterprises
@require_http_methods(["GET", "POST"])
def own_package(request: HttpRequest, actor: Actor, package_id: UUID) -> HttpResponse:
    """A package of one's enterprise; posting applies again for a matter that was held."""
    package = queries.own(actor, package_id)
    if package.submitted_at is None:
        return redirect("package-application", package.id)
    refusal = None
    if request.method == "POST":
        command_id = posted_id(request.POST.get("command_id"))
        command = actions.ApplyAgain(command_id, package.id, request.POST.get("matter", ""))
        try:
            actions.apply_again(actor, command)
        except Refusal as error:
            refusal = error
        else:
            return toast(request, redirect("own-package", package.id), message("The matter was applied for."))
    return _page(request, actor, package, "own-", refusal)


@for_officers
@require_GET
def package(request: HttpRequest, actor: Actor, package_id: UUID) -> HttpResponse:
    """A package with the cases an officer may open."""
    return _page(request, actor, queries.visible(actor, package_id), "", None)


def _page(request: HttpRequest, actor: Actor, found: Package, face: str, refusal: Refusal | None) -> HttpResponse:
    overview = queries.overview(found, actor)
    project = projects.by_id(found.project_id)
    context = {
        "package": found,
        "definition": build(found.definition),
        "overview": overview,
        "picture": draw(overview),
        "project": project,
        "project_page": reverse(f"{face}project", args=[project.code]) if project else "",
        "case_page": f"{face}case",
        "shell": "web/enterprise.html" if face else "web/officer.html",
        "own": bool(face),
        "statistics": queries.statistics().get(found.key),
        "refusal": refusal,
        "command_id": new_command_id(),
        "crumbs": [
            (gettext("Packages of matters"), reverse(f"{face}packages")),
            (found.number or words(build(found.definition).name), ""),
        ],
    }
    return render(request, "packages/package.html", context, status=refusal.status if refusal else 200)
