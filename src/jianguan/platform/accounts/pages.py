"""Signing in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from jianguan.platform.accounts import actions, queries
from jianguan.platform.accounts.sessions import actor_of
from jianguan.platform.errors import Refusal

BACKEND = "jianguan.platform.accounts.sessions.Backend"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; leads on to where the person wanted to go."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        wanted = "/home/"
    refusal = None
    if request.method == "POST":
        try:
            account = actions.sign_in(
                request.POST.get("username", "").strip(), request.POST.get("password", ""), _address(request)
            )
        except Refusal as error:
            refusal = error
        else:
            login(request, account, backend=BACKEND)
            return redirect(wanted)
    elif actor_of(request):
        return redirect(wanted)
    context = {
        "next": wanted,
        "refusal": refusal,
        "username": request.POST.get("username", ""),
        "demo_accounts": _demonstration_accounts(),
    }
    return render(request, "accounts/sign_in.html", context, status=refusal.status if refusal else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("/")


def _demonstration_accounts() -> list[dict[str, str]]:
    """One account for every role, to enter with one click; only the demonstration has a password to give away."""
    password = settings.DEMONSTRATION_PASSWORD
    if not password:
        return []
    return [
        {"username": g.account.username, "password": password, "name": g.account.name, "part": g.role.words}
        for g in queries.one_account_per_role()
    ]


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
