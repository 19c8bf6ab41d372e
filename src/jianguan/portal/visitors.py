"""Questions of people without an account: from our own pages, not too many, heavy ones one at a time.

Visitors get no cookie, so the forms of the portal carry no token. They change nothing; what remains is that no other
site may ask in a visitor's name, and a browser says where a form comes from.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from jianguan.kernel.messages import message
from jianguan.platform.errors import Forbidden, Refusal

TYPED = 100  # characters of a search that count
MISSES = 20
PAUSE = 600  # seconds
PATIENCE = 20  # seconds a heavy question waits for the one before it
_heavy = threading.Lock()
View = Callable[..., HttpResponse]


class TooMany(Refusal):
    """Not now: too many questions."""

    status = 429


def question(view: View) -> View:
    """A page that answers posted questions and changes nothing; another site's form is refused."""

    @csrf_exempt
    @functools.wraps(view)
    def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        origin = request.headers.get("Origin")
        if origin and origin not in settings.CSRF_TRUSTED_ORIGINS and urlsplit(origin).netloc != request.get_host():
            raise Forbidden(message("This question came from another site."))
        return view(request, *args, **kwargs)

    return page


def refuse_guessing(request: HttpRequest) -> None:
    """Refuse an address that guessed wrong too often lately.

    Each process counts by itself: good enough against trying numbers out, and nothing about visitors is kept.
    """
    if cache.get(_misses(request), 0) >= MISSES:
        raise TooMany(message("Too many questions without an answer. Wait ten minutes and try again."))


def guessed_wrong(request: HttpRequest) -> None:
    """Count a wrong guess."""
    cache.add(_misses(request), 0, PAUSE)
    cache.incr(_misses(request))


def _misses(request: HttpRequest) -> str:
    return f"portal:misses:{request.META.get('REMOTE_ADDR', '')}"


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """In each process, one heavy question at a time; others wait a little, then are asked to come back."""
    if not _heavy.acquire(timeout=PATIENCE):
        raise TooMany(message("Many files are being verified right now. Try again in a minute."))
    try:
        yield
    finally:
        _heavy.release()


def typed(text: str, limit: int = TYPED) -> str:
    """What somebody typed, without control characters, line breaks and what is too much."""
    return "".join(character for character in text[: 2 * limit] if character.isprintable()).strip()[:limit]
