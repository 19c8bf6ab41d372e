"""Enterprises that may not apply by promise for a time 失信承诺名单; whose time is over no longer stands here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jianguan.kernel.tables import Localized
from jianguan.licensing.promises import service as promises
from jianguan.platform.web.service import paginate


def barred(request: HttpRequest) -> HttpResponse:
    """The list, the newest first."""
    rows = paginate(request, promises.barred_now(), "-id")
    lines = [(row, Localized(**row.matter_name)) for row in rows.rows]
    return render(request, "portal/barred.html", {"rows": rows, "lines": lines})
