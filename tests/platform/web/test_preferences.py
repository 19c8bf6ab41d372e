"""Looks and language are the reader's choice, kept in cookies."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        ({"theme": "dark"}, 'data-theme="dark"'),
        ({"size": "large"}, 'data-size="large"'),
        ({"language": "en"}, 'lang="en"'),
    ],
)
def test_a_choice_shows_on_the_next_page(client: Client, choice: dict, shown: str) -> None:
    assert shown not in client.get("/login/").text.split("<head>")[0]
    response = client.post("/preferences/", {**choice, "next": "/login/?next=/e/"})
    assert (response.status_code, response["Location"]) == (302, "/login/?next=/e/")
    assert shown in client.get("/login/").text.split("<head>")[0]


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_it_leads_back_to_this_site_only(client: Client, elsewhere: str) -> None:
    assert client.post("/preferences/", {"theme": "dark", "next": elsewhere})["Location"] == "/"


def test_what_is_not_offered_is_not_kept(client: Client) -> None:
    response = client.post("/preferences/", {"theme": "pink", "size": "huge", "language": "tlh"})
    assert not response.cookies


def test_reading_a_page_changes_no_preference(client: Client) -> None:
    assert client.get("/preferences/").status_code == 405


def test_public_pages_set_no_cookie(client: Client) -> None:
    assert not client.get("/design/portal/").cookies
