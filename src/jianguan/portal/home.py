"""The first page of the portal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jianguan.licensing.certificates import service as certificates
from jianguan.platform.journal import service as journal
from jianguan.platform.web.service import CappedCount, capped_count
from jianguan.portal.guides import Stages, by_stage, count
from jianguan.portal.searching import KINDS
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import service as people
from jianguan.registry.projects import service as projects

NEWEST = 8


def home(request: HttpRequest) -> HttpResponse:
    """Search, figures, matters by stage, newest permits, verification, state of the log."""
    stages = by_stage()
    context = {
        "kinds": [(kind, words) for kind, (words, _hint) in KINDS.items()],
        "stages": stages,
        "matters": count(stages),
        "figures": _figures(stages),
        "newest": list(certificates.current()[:NEWEST]),
        "head": journal.head(),
    }
    return render(request, "portal/home.html", context)


def _figures(stages: Stages) -> list[tuple[str, CappedCount | int]]:
    return [
        (_("enterprises in the library"), capped_count(enterprises.found_by(""))),
        (_("people in the library"), capped_count(people.found_by(""))),
        (_("projects with a permit"), capped_count(projects.public())),
        (_("certificates issued"), capped_count(certificates.current())),
        (_("matters online"), count(stages)),
        (_("entries logged"), journal.current_size()),
    ]
