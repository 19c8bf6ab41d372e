"""From a request to the person who sent it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from jianguan.kernel.messages import message
from jianguan.platform.accounts import queries
from jianguan.platform.accounts.models import Account
from jianguan.platform.accounts.rules import Actor
from jianguan.platform.errors import Forbidden

View = Callable[..., HttpResponse]


class Backend:
    """What Django's sessions ask: the account behind an id, with its organisation, in one query."""

    def get_user(self, account_id: UUID) -> Account | None:
        return Account.objects.select_related("organisation").filter(pk=account_id, is_active=True).first()


def actor_of(request: HttpRequest) -> Actor | None:
    """The person who sent the request, with the grants in force; read once per request."""
    if not hasattr(request, "_actor"):
        user: Any = request.user
        request._actor = queries.actor(user) if user.is_authenticated else None  # type: ignore[attr-defined]  # noqa: SLF001
    return request._actor  # type: ignore[attr-defined]  # noqa: SLF001


def signed_in(view: View) -> View:
    """A page for anyone who is signed in; `view` gets (request, actor, …). Others are sent to the sign-in page."""
    return _for(view, lambda _actor: True)


def for_officers(view: View) -> View:
    """A page for people of authorities and supervision bodies."""
    return _for(view, lambda actor: not actor.is_enterprise)


def for_enterprises(view: View) -> View:
    """A page for people of enterprises."""
    return _for(view, lambda actor: actor.is_enterprise)


def _for(view: View, fits: Callable[[Actor], bool]) -> View:
    @functools.wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor is None:
            return redirect_to_login(request.get_full_path())
        if not fits(actor):
            raise Forbidden(message("This page is not for your kind of account."))
        return view(request, actor, *args, **kwargs)

    return page


def demand(actor: Actor, *permissions: str) -> None:
    """Let through whoever has one of the permissions somewhere; what they see of the page is for its queries.

    Raises:
        Forbidden: the actor has none of them.
    """
    if not any(actor.may(permission) for permission in permissions):
        raise Forbidden(message("You have no permission for this."))
