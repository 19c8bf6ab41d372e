"""Permits issued 许可公示: the list, a permit, its sealed file."""

from __future__ import annotations

import io

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.service import Certificate, SealedFile
from jianguan.licensing.matters import service as matters
from jianguan.platform import clock
from jianguan.platform.accounts.service import within
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import NotFound
from jianguan.platform.web.service import (
    Filter,
    capped_count,
    paginate,
    place_filter,
    place_prefix,
    render_either,
    words,
)
from jianguan.portal import face
from jianguan.portal.publicity import Permit, known, permits_of
from jianguan.portal.visitors import typed
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.service import Project


def notices(request: HttpRequest) -> HttpResponse:
    """Certificates in their newest editions, newest first."""
    text, kind, status, place = (typed(request.GET.get(name, "")) for name in ("q", "kind", "status", "region"))
    rows = certificates.matching(certificates.current(), text)
    rows = rows.filter(within([place_prefix(place)]))
    if kind:
        rows = rows.filter(kind=kind)
    if status in certificates.STATES:
        rows = certificates.in_state(rows, status)
    page = paginate(request, rows, "-id")
    context = {
        "filters": [
            Filter("q", _("Number, holder or works"), text),
            place_filter(place, [settings.ENVIRONMENT.province]),
            Filter("kind", _("Kind"), kind, [("", _("All kinds")), *_kinds()]),
            Filter("status", _("State"), status, [("", _("All states")), *certificates.STATES.items()]),
        ],
        "rows": page,
        "lines": [(row, *face.standing(row)) for row in page.rows],
        "count": capped_count(rows),
    }
    return render_either(request, "portal/notices.html", "portal/_notices.html", context)


def _kinds() -> list[tuple[str, str]]:
    forms = [matters.of_version(version).matter.certificate for version in matters.all_current(clock.today())]
    return [(form.key, words(form.name)) for form in forms if form]


def notice(request: HttpRequest, number: str) -> HttpResponse:
    """One permit: its face, editions, project, units and supervision."""
    found = _editions(number)
    newest = found[0]
    project = _project(newest)
    permit = _permit(newest, project)
    context = {
        "certificate": newest,
        "standing": face.standing(newest),
        "terms": face.terms(newest),
        "works": newest.data.get("single_works", []),
        "editions": face.editions(found),
        "verification": certificates.by_number(newest.number),
        "project": project,
        "permit": permit,
        "known": known([permit] if permit else []),
    }
    return render(request, "portal/notice.html", context)


def _project(certificate: Certificate) -> Project | None:
    return projects.public().filter(pk=certificate.project_id).first() if certificate.project_id else None


def _permit(certificate: Certificate, project: Project | None) -> Permit | None:
    permits = permits_of(projects.tree(project)) if project else []
    return next((permit for permit in permits if permit.works.permit_number == certificate.number), None)


def file(request: HttpRequest, number: str) -> HttpResponseBase:
    """The sealed file of the newest or, with `edition`, of another edition; its ETag is the SHA-256 of its bytes.

    With `format=ofd` the OFD file, where there is one.
    """
    wanted = request.GET.get("edition")
    certificate = next((one for one in _editions(number) if wanted in (None, str(one.edition))), None)
    sealed = certificates.file_of(certificate, request.GET.get("format", "pdf")) if certificate else None
    if certificate is None or sealed is None:
        raise NotFound
    etag = f'"{sealed.sha256}"'
    return get_conditional_response(request, etag=etag) or _sealed(certificate, sealed, etag)


def _sealed(certificate: Certificate, sealed: SealedFile, etag: str) -> HttpResponseBase:
    try:
        content = documents.content(sealed.sha256)
    except FileNotFoundError:
        raise NotFound from None
    name = f"{certificate.name}-{certificate.number}-{certificate.edition:03d}.{sealed.extension}"
    headers = {"ETag": etag, "Cache-Control": "public, no-cache"}
    return FileResponse(
        io.BytesIO(content), as_attachment=True, filename=name, content_type=sealed.media_type, headers=headers
    )


def _editions(number: str) -> list[Certificate]:
    found = certificates.editions(number)
    if not found:
        raise NotFound
    return found
