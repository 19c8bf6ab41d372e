"""A word that passes: what an act has done, said on whatever page comes next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from jianguan.kernel.messages import Message
from jianguan.platform.web.messages import say
from jianguan.platform.web.partials import is_htmx

COOKIE = "toast"
_SECONDS = 60
Tone = Literal["green", "red"]


@dataclass(frozen=True, slots=True)
class Toast:
    """The word and whether it is good news."""

    text: str
    tone: Tone


def toast(request: HttpRequest, response: HttpResponse, says: Message, tone: Tone = "green") -> HttpResponse:
    """Send a word along with an answer.

    An htmx request shows it at once. After a redirect it travels in a signed cookie, so that it needs neither a session
    nor script, and is shown by the next page.
    """
    word = {"text": say(says), "tone": tone}
    if is_htmx(request) and not response.has_header("Location"):
        response["HX-Trigger"] = json.dumps({"toast": word})
    else:
        response.set_cookie(
            COOKIE, signing.dumps(word, salt=COOKIE), max_age=_SECONDS,
            httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


def waiting(request: HttpRequest) -> Toast | None:
    """The word that an earlier answer left for this page; the page that shows it takes it away."""
    try:
        word = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=_SECONDS)
    except signing.BadSignature:
        return None
    request.META["jianguan.toast_shown"] = True
    return Toast(**word)


def take_away(request: HttpRequest, response: HttpResponseBase) -> None:
    """Forget the word once a page has shown it."""
    if request.META.get("jianguan.toast_shown"):
        response.delete_cookie(COOKIE, samesite="Lax")
