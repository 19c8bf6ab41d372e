"""The sign-in page."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from lxml import html

pytestmark = pytest.mark.django_db
OFFICER = SimpleNamespace(username="officer", password="a long password", name="周敏", part="科室审核")


def test_it_asks_for_name_and_password(client: Client) -> None:
    page = html.fromstring(client.get("/login/?next=/e/").text)
    assert [field.get("autocomplete") for field in page.xpath("//main//input[@id]")] == ["username", "current-password"]
    assert page.xpath('//main//input[@name="next"]/@value')[0] == "/e/"


def test_a_wrong_password_is_said_and_the_name_kept(client: Client) -> None:
    response = client.post("/login/", {"username": "nobody", "password": "wrong"})
    page = html.fromstring(response.text)
    assert response.status_code == 422
    assert "用户名或密码不正确。" in page.xpath('//*[@role="alert"]')[0].text_content()
    assert page.get_element_by_id("username").get("value") == "nobody"
    assert page.get_element_by_id("password").get("value") is None


def test_demonstration_accounts_are_offered_only_where_there_are_some(client: Client) -> None:
    assert "演示账号" not in client.get("/login/").text
    request = RequestFactory().get("/login/")
    page = html.fromstring(render_to_string("accounts/sign_in.html", {"demo_accounts": [OFFICER]}, request))
    form = page.xpath('//section[@class="people"]//form')[0]
    assert form.fields["username"] == "officer"
    assert form.fields["password"] == "a long password"
    assert form.xpath(".//button")[0].text_content() == "进入 周敏"
