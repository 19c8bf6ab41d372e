"""Where a project stands on the lines of procedures 办理环节, for officers and for those who take part in it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from jianguan.licensing.matters import lines, queries
from jianguan.platform.accounts.service import Actor, signed_in
from jianguan.platform.errors import NotFound
from jianguan.registry.projects import service as projects


@require_GET
@signed_in
def project_line(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Every link of every line with the record or the case that shows it, and all cases of the project."""
    project = projects.visible_to(actor).filter(code=code).first()
    if project is None:
        raise NotFound
    face = "own-" if actor.is_enterprise else ""
    standing = lines.line_standing(project.id)
    cases = queries.visible_to(actor).filter(project_id=project.id).order_by("-id")[:50]
    context = {
        "project": project,
        "lines": [(line, lines.line_steps(links), links) for line, links in standing],
        "cases": cases,
        "case_page": f"{face}case",
        "crumbs": [
            (gettext("Projects"), reverse(f"{face}projects")),
            (project.name, reverse(f"{face}project", args=[project.code])),
            (gettext("Procedures"), ""),
        ],
    }
    return render(request, "matters/line.html", context)
