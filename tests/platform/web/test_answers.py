"""What every answer carries, and how refusals reach people."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import Client
from django.urls import include, path

from jianguan.kernel.messages import message
from jianguan.platform.errors import Conflict, NotFound, Refusal

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def framed(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("ok")
    response.content_policy = {"frame-ancestors": "'self'"}
    response.devices = {"camera"}
    return response


def refusing(request: HttpRequest, kind: str) -> HttpResponse:
    raise {
        "conflict": Conflict(message("You may not grant roles for %(region)s.", region="460105")),
        "unfit": Refusal("unfit", {"area": message("This grant has already ended.")}),
        "notfound": NotFound(),
        "http404": Http404(),
        "denied": PermissionDenied(),
        "fault": RuntimeError("a fault"),
    }[kind]


def moving(request: HttpRequest) -> HttpResponse:
    return redirect("/elsewhere/")


urlpatterns = [
    path("plain/", plain),
    path("framed/", framed),
    path("refusing/<kind>/", refusing),
    path("moving/", moving),
    path("", include("jianguan.config.urls")),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def test_only_our_own_scripts_and_styles_run(client: Client) -> None:
    response = client.get("/plain/")
    assert response["Content-Security-Policy"] == (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "worker-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )
    assert "camera=()" in response["Permissions-Policy"]


def test_a_page_may_loosen_single_directives_for_itself(client: Client) -> None:
    response = client.get("/framed/")
    assert response["Content-Security-Policy"].endswith("form-action 'self'; frame-ancestors 'self'")
    assert "camera=(self)" in response["Permissions-Policy"]
    assert "microphone=()" in response["Permissions-Policy"]


def test_page_and_part_are_kept_apart_by_caches(client: Client) -> None:
    page, part = client.get("/plain/"), client.get("/plain/", headers=HTMX)
    assert "HX-Request" in page["Vary"]
    assert not page.has_header("Cache-Control")
    assert part["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("conflict", 409, "您无权在460105授予角色。"),
        ("unfit", 422, "该授权已终止。"),
        ("notfound", 404, "页面不存在，或您无权查看。"),
        ("http404", 404, "页面不存在，或您无权查看。"),
        ("denied", 403, "您没有办理此事的权限。"),
    ],
)
def test_a_refusal_is_a_page_with_its_status_and_sentence(client: Client, kind: str, status: int, words: str) -> None:
    response = client.get(f"/refusing/{kind}/")
    assert response.status_code == status
    assert words in response.text
    assert "<title>" in response.text


def test_a_refusal_speaks_the_readers_language(client: Client) -> None:
    client.cookies["django_language"] = "en"
    assert "You may not grant roles for 460105." in client.get("/refusing/conflict/").text


def test_htmx_gets_a_refusal_as_a_word_that_leaves_the_page_alone(client: Client) -> None:
    response = client.post("/refusing/conflict/", headers=HTMX)
    assert response.status_code == 409
    assert (response["HX-Retarget"], response["HX-Reswap"], response["HX-Push-Url"]) == (
        "#toasts",
        "beforeend",
        "false",
    )
    assert "您无权在460105授予角色。" in response.text
    assert "<title>" not in response.text


def test_a_fault_is_no_refusal(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/refusing/fault/")
    assert response.status_code == 500
    assert "系统出错了" in response.text
    assert "a fault" not in response.text


def test_an_unknown_address_is_a_page_or_a_word(client: Client) -> None:
    assert "页面不存在" in client.get("/nowhere/").text
    part = client.get("/nowhere/", headers=HTMX)
    assert (part.status_code, part["HX-Retarget"]) == (404, "#toasts")


def test_a_redirect_makes_htmx_visit_the_page(client: Client) -> None:
    assert client.get("/moving/").status_code == 302
    response = client.get("/moving/", headers=HTMX)
    assert (response.status_code, response["HX-Redirect"]) == (204, "/elsewhere/")


def test_a_form_without_its_token_has_expired() -> None:
    response = Client(enforce_csrf_checks=True).post("/login/", {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert "表单已过期" in response.text
