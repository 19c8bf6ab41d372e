"""A word that passes."""

from __future__ import annotations

import json

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_without_script_the_next_page_shows_it_once(client: Client) -> None:
    response = client.post("/design/", {"_op": "save"}, follow=True)
    assert '<div class="toast toast-green">' in response.text.split("<template")[0]
    assert "已保存。" in response.text
    assert "已保存。" not in client.get("/design/").text


def test_htmx_gets_it_in_a_header(client: Client) -> None:
    response = client.post("/design/", {"_op": "save"}, headers={"HX-Request": "true"})
    assert response["HX-Trigger"].isascii()
    assert json.loads(response["HX-Trigger"]) == {"toast": {"text": "已保存。", "tone": "green"}}
    assert not response.cookies


def test_a_forged_word_is_not_shown(client: Client) -> None:
    client.cookies["toast"] = '{"text": "forged", "tone": "green"}'
    assert "forged" not in client.get("/design/").text
