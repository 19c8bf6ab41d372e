"""Refusals as people see them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jianguan.kernel.messages import Message, message
from jianguan.platform.errors import Refusal
from jianguan.platform.web.partials import is_htmx

_HEADINGS: Mapping[int, Message] = MappingProxyType(
    {
        403: message("You may not do this"),
        404: message("Page not found"),
        409: message("This has changed in the meantime"),
        422: message("This cannot be done so"),
    }
)


def answer(request: HttpRequest, refusal: Refusal, heading: Message | None = None) -> HttpResponse:
    """The refusal as a page, or for htmx as a toast: the page stands as it was and nothing typed is lost."""
    context = {"refusal": refusal, "heading": heading or _HEADINGS.get(refusal.status, _HEADINGS[422])}
    if not is_htmx(request):
        return render(request, "web/refused.html", context, status=refusal.status)
    response = render(request, "web/refused_toast.html", context, status=refusal.status)
    response["HX-Retarget"] = "#toasts"
    response["HX-Reswap"] = "beforeend"
    response["HX-Reselect"] = ".toast"
    response["HX-Push-Url"] = "false"
    return response
