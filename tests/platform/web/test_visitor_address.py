"""Whose address a request has, behind none, one or two proxies of ours."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from jianguan.platform.web.middleware import VisitorAddress

PROXY, VISITOR = "10.0.0.1", "203.0.113.9"


def address(settings, proxies: int, forwarded: str | None) -> str:
    settings.ENVIRONMENT = SimpleNamespace(proxies=proxies)
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    seen: list[str] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    VisitorAddress(answer)(RequestFactory().get("/", REMOTE_ADDR=PROXY, **headers))
    return seen[0]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, VISITOR, PROXY),  # nobody may claim an address where there is no proxy
        (1, VISITOR, VISITOR),
        (1, f"1.2.3.4, {VISITOR}", VISITOR),  # the first is what the visitor made up
        (2, f"{VISITOR}, 10.0.0.2", VISITOR),
        (2, VISITOR, PROXY),  # a proxy is missing from the chain: believe nobody
        (1, "", PROXY),
        (1, None, PROXY),
    ],
)
def test_the_address_is_the_one_our_outermost_proxy_saw(settings, proxies, forwarded, expected):
    assert address(settings, proxies, forwarded) == expected
