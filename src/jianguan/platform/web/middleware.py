"""What every answer carries, and how the product says no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

from jianguan.kernel.messages import message
from jianguan.platform.errors import Forbidden, NotFound, Refusal
from jianguan.platform.web import toasts
from jianguan.platform.web.partials import is_htmx
from jianguan.platform.web.refusals import answer

GetResponse = Callable[[HttpRequest], HttpResponseBase]

CONTENT_POLICY: Mapping[str, str] = MappingProxyType(
    {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
)
DEVICES = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")


class VisitorAddress:
    """The visitor's address in `REMOTE_ADDR`, as the outermost of our own proxies tells it.

    Each proxy appends the address it was asked from, so that of the visitor is the one so many places from the end;
    what a visitor sent along stands before it and counts for nothing.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        proxies = settings.ENVIRONMENT.proxies
        told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if proxies and len(told) >= proxies and told[-proxies]:
            request.META["REMOTE_ADDR"] = told[-proxies]
        return self.get_response(request)


class ContentSecurity:
    """Only our own scripts and styles, no devices, no framing; parts of pages are not kept in any cache.

    A response may loosen this for itself: `response.content_policy = {"frame-ancestors": "'self'"}` replaces single
    directives, `response.devices = {"camera"}` opens devices to the page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = {**CONTENT_POLICY, **getattr(response, "content_policy", {})}
        opened: set[str] = getattr(response, "devices", set())
        response["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in policy.items())
        response["Permissions-Policy"] = ", ".join(
            f"{device}={'(self)' if device in opened else '()'}" for device in DEVICES
        )
        patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
        if is_htmx(request):
            response["Cache-Control"] = "no-store"
        toasts.take_away(request, response)
        return response


class PlainText:
    """Refuses (400) what no keyboard sends and no database keeps: the character NUL in an address or an answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """After the check of the form's token, which has read the answers by then."""
        sent = (value for data in (request.GET, request.POST) for values in data.lists() for value in values[1])
        if any("\x00" in value for value in sent):
            raise BadRequest("NUL in what was sent")


class RefusalPages:
    """A refusal raised by a page becomes an answer for the person, with its HTTP status.

    It also turns what an htmx request cannot use into something it can: a redirect into a visit of the new page, a
    whole page for an unknown address into a word on the present one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not is_htmx(request):
            return response
        if 300 <= response.status_code < 400 and response.has_header("Location"):
            return _visit(response)
        if response.status_code == NotFound.status and not response.has_header("HX-Retarget"):
            return answer(request, NotFound())
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals of ours and of Django; everything else is a fault and goes its way."""
        if isinstance(exception, Http404):
            exception = NotFound()
        elif isinstance(exception, PermissionDenied):
            exception = Forbidden(message("You have no permission for this."))
        return answer(request, exception) if isinstance(exception, Refusal) else None


def _visit(redirect: HttpResponseBase) -> HttpResponse:
    response = HttpResponse(status=204, headers={"HX-Redirect": redirect["Location"]})
    response.cookies = redirect.cookies
    return response
