"""The shells around pages, and the guide that shows every component."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from jianguan.platform import clock
from jianguan.platform.accounts.models import Account, Organisation
from jianguan.platform.notices.models import Notice
from jianguan.platform.web import design

pytestmark = pytest.mark.django_db
COMPONENTS = Path(design.__file__).parents[1] / "templates/web/components"
PAGES = ["/design/", "/design/form/", "/design/portal/", "/design/verified/"]


def sign_in(client: Client, kind: str) -> Account:
    organisation = Organisation.objects.create(kind=kind, name="建筑市场监管科", region="460000")
    account = Account.objects.create(
        username=kind, name="周敏", position="科长", organisation=organisation, created_at=clock.now()
    )
    client.force_login(account)
    return account


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_guide_stands_in_both_languages(client: Client, address: str, language: str) -> None:
    client.cookies["django_language"] = language
    response = client.get(address)
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.text


def test_the_guide_shows_every_component(client: Client) -> None:
    shown = {template.name for address in PAGES for template in client.get(address).templates}
    assert {f"web/components/{path.name}" for path in COMPONENTS.iterdir()} - shown == set()


def test_the_list_of_the_guide_can_be_searched_and_paged(client: Client) -> None:
    assert "SG202506040217" in client.get("/design/", {"q": "滨江"}).text
    assert "没有符合条件的待办" in client.get("/design/", {"q": "nothing"}).text
    assert "SG202506107656" in client.get("/design/", {"after": "5"}).text


def test_htmx_gets_only_the_rows(client: Client) -> None:
    part = client.get("/design/", {"q": "滨江"}, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.text.lstrip().startswith('<div class="tbl"')
    whole = client.get("/design/", {"q": "滨江"}, headers={"HX-Request": "true", "HX-Request-Type": "full"})
    assert "<!doctype html>" in whole.text


@pytest.mark.parametrize(("kind", "words"), [("authority", "管理端"), ("enterprise", "企业端")])
def test_a_refusal_stands_in_the_shell_of_the_person(client: Client, kind: str, words: str) -> None:
    sign_in(client, kind)
    text = client.get("/nowhere/").text
    assert words in text
    assert "周敏" in text


def test_the_public_meets_the_portal(client: Client) -> None:
    text = client.get("/nowhere/").text
    assert 'class="ptop"' in text
    assert 'href="/login/"' in text


def test_an_officer_finds_search_and_messages_on_every_page(client: Client) -> None:
    account = sign_in(client, "authority")
    for number in range(3):
        Notice.objects.create(account_id=account.id, template="x", dedup_key=str(number), sent_at=clock.now())
    text = client.get("/nowhere/").text
    assert 'action="/g/search/"' in text
    assert '<a href="/inbox/" aria-label="消息">' in text
    assert '<b class="badge">3</b>' in text


def test_production_has_no_guide() -> None:
    lookup = "import django; django.setup(); from django.urls import resolve; resolve('/design/')"
    production = {"JIANGUAN_MODE": "production", "DJANGO_SETTINGS_MODULE": "jianguan.config.settings"}
    found = subprocess.run([sys.executable, "-c", lookup], env=os.environ | production, capture_output=True, text=True)
    assert "Resolver404" in found.stderr
