"""Pages of no room: preferences of looks and language, and the answer to an expired form."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from jianguan.kernel.messages import message
from jianguan.platform.accounts.service import Actor, signed_in
from jianguan.platform.errors import Forbidden
from jianguan.platform.web import menus
from jianguan.platform.web.refusals import answer

# what may be chosen, and the cookie that keeps it
PREFERENCES: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "theme": ("theme", frozenset({"light", "dark"})),
        "size": ("size", frozenset({"normal", "large"})),
        "single_keys": ("single_keys", frozenset({"on", "off"})),
        "language": (settings.LANGUAGE_COOKIE_NAME, frozenset(code for code, _ in settings.LANGUAGES)),
    }
)


@csrf_exempt  # changes nothing but how pages look in this browser; so public pages need no cookie for their forms
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep a choice of theme, type size, keys or language in a cookie and go back to the page."""
    wanted = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    response = redirect(wanted if here else "/")
    for name, (cookie, values) in PREFERENCES.items():
        if (value := request.POST.get(name)) in values:
            response.set_cookie(
                cookie, value, max_age=settings.LANGUAGE_COOKIE_AGE,
                httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
    return response


@signed_in
@require_GET
def keys(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The keys that do something, and whether single letters do; the script shows the same over any page."""
    shell = menus.Shell.ENTERPRISE if actor.is_enterprise else menus.Shell.OFFICER
    items = [item for section in menus.menu(shell, actor, request.path) for item in section.items if item.key]
    return render(request, "web/keys.html", {"items": items, "officer": not actor.is_enterprise})


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django tells why
    """The form carried no valid token: it was open too long, or the person signed in again elsewhere."""
    says = message("Go back, reload the page and send it again.")
    return answer(request, Forbidden(says), message("This form has expired"))
