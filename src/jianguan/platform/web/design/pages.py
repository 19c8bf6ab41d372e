"""The design guide: every component, and the pages they make. It is the gallery of the browser tests."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jianguan.kernel.messages import message
from jianguan.platform import clock
from jianguan.platform.errors import Conflict
from jianguan.platform.web.components import Filter
from jianguan.platform.web.design import samples
from jianguan.platform.web.pagination import CappedCount, Page
from jianguan.platform.web.partials import is_htmx, render_either
from jianguan.platform.web.toasts import toast

_ROWS = 5


def components(request: HttpRequest) -> HttpResponse:
    """All components in the officers' shell; its list can be searched, its buttons answer."""
    if request.method == "POST":
        if request.POST.get("_op") == "refuse":
            raise Conflict(message("Case %(number)s was decided by a colleague a moment ago.", number="SG202506040217"))
        done = HttpResponse(status=204) if is_htmx(request) else redirect("design")
        return toast(request, done, message("Saved."))
    words, state = request.GET.get("q", ""), request.GET.get("state", "")
    found = [
        case for case in samples.CASES if (words in case.project or words in case.number) and state in ("", case.state)
    ]
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    first = int(cursor) if cursor.isdecimal() else 0
    rows = Page(
        found[first : first + _ROWS],
        _ROWS,
        after=str(first + _ROWS) if len(found) > first + _ROWS else None,
        before=str(first - _ROWS) if first else None,
    )
    context = samples.components() | {
        "rows": rows,
        "count": CappedCount(len(found), more=False),
        "filters": [
            Filter("q", samples.SEARCH_CASES, words),
            Filter("state", samples.STATE, state, samples.STATES),
        ],
    }
    with clock.standing_at(samples.NOW):
        return render_either(request, "web/design/components.html", "web/design/_cases.html", context)


def form(request: HttpRequest) -> HttpResponse:
    """An application form in the enterprises' shell."""
    return render(request, "web/design/form.html", samples.form())


def portal(request: HttpRequest) -> HttpResponse:
    """The home page of the portal."""
    return render(request, "web/design/portal.html", samples.portal())


def verified(request: HttpRequest) -> HttpResponse:
    """What scanning the code of a certificate shows."""
    return render(request, "web/design/verified.html", samples.verified())
