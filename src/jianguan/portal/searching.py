"""The public search of the libraries."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from jianguan.platform.accounts.service import within
from jianguan.platform.web.service import Filter, Page, Tab, paginate, place_filter, place_prefix, render_either
from jianguan.portal.visitors import typed
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import service as people
from jianguan.registry.people.service import Person
from jianguan.registry.projects import service as projects

KINDS = MappingProxyType(
    {
        "ent": (_("Enterprises"), _("Name or unified social credit code")),
        "person": (_("People"), _("Name or certificate number")),
        "project": (_("Projects"), _("Name, code or permit number")),
    }
)


def search(request: HttpRequest) -> HttpResponse:
    """Enterprises, people or projects that fit what was typed."""
    kind, text, place = (typed(request.GET.get(name, "")) for name in ("t", "q", "region"))
    kind = kind if kind in KINDS else "ent"
    context = {
        "kind": kind,
        "text": text,
        "tabs": [_tab(name, text, current=name == kind) for name in KINDS],
        "keep": [("t", kind)],
        "filters": [Filter("q", KINDS[kind][1], text), place_filter(place, [""], elsewhere=True)],
        **_found(request, kind, text, place_prefix(place)),
    }
    return render_either(request, "portal/search.html", "portal/_found.html", context)


def _tab(kind: str, text: str, *, current: bool) -> Tab:
    asked = urlencode({"t": kind, "q": text} if text else {"t": kind})
    return Tab(KINDS[kind][0], f"?{asked}", current=current)


def _found(request: HttpRequest, kind: str, text: str, prefix: str) -> dict[str, Any]:
    if kind == "ent":
        return {"rows": paginate(request, enterprises.found_by(text, prefix), "sort_key", "id")}
    if kind == "person":
        return _people(paginate(request, people.publicly_found_by(text, prefix), "sort_key", "id"))
    rows = projects.matching(projects.public(), text).filter(within([prefix]))
    return {"rows": paginate(request, rows, "-id")}


def _people(page: Page[Person]) -> dict[str, Any]:
    employers = enterprises.names([person.employer_uscc for person in page.rows])
    return {"rows": page, "lines": [(person, employers.get(person.employer_uscc, "")) for person in page.rows]}
