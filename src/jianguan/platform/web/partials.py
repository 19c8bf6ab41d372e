"""Whole pages and parts of them: one address serves both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def is_htmx(request: HttpRequest) -> bool:
    """Whether script on the page sent the request, rather than the browser itself."""
    return request.headers.get("HX-Request") == "true"


def wants_part(request: HttpRequest) -> bool:
    """Whether only a part is wanted; with `hx-select`, and going back in the history, htmx wants the whole page."""
    return is_htmx(request) and request.headers.get("HX-Request-Type") == "partial"


def render_either(request: HttpRequest, page: str, part: str, context: Mapping[str, Any]) -> HttpResponse:
    """The page, or only the part of it that the page includes too."""
    return render(request, part if wants_part(request) else page, dict(context))
