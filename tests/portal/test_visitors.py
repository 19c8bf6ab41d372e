"""What every visitor may rely on: no cookie, no personal data, no script needed, no other site asking in their name."""

from __future__ import annotations

import pytest
from django.test import Client

from jianguan.licensing.certificates.models import Certificate
from jianguan.registry.projects import service as projects

pytestmark = pytest.mark.django_db
FIXED = ["/", "/search/", "/search/?t=person&q=国", "/search/?t=project", "/notices/", "/guides/"]
FIXED += ["/guides/construction_permit/", "/progress/", "/verify/", "/log/", "/log/heads.json", "/log/heads.atom"]


@pytest.fixture
def addresses(world, permit: Certificate) -> list[str]:
    """Every kind of public page."""
    project = projects.by_id(permit.project_id)
    return [
        *FIXED, f"/notices/{permit.number}/", f"/v/{permit.number}/", f"/V/{permit.number}", f"/log/?entry={permit.number}",
        f"/log/proof/{permit.entry_id}.json", f"/pub/project/{project.code}/",
        *(f"/pub/ent/{uscc}/" for uscc in world.enterprises.values()),
        *(f"/pub/person/{person['id']}/" for person in world.people.values()),
    ]  # fmt: skip


def test_no_page_sets_a_cookie_or_needs_one(client: Client, addresses: list[str], permit: Certificate):
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert not answer.cookies, address
    posted = [
        ("/verify/", {"text": permit.number}),
        ("/progress/", {"number": "x"}),
        (f"/v/{permit.number}/", {"code": "x"}),
    ]
    for address, typed in posted:
        assert not client.post(address, typed).cookies, address


def test_nothing_personal_is_on_any_page(client: Client, world, addresses: list[str]):
    secrets = [person[part] for person in world.people.values() for part in ("identity", "phone")] + ["13900000099"]
    for address in addresses:
        text = client.get(address).text
        assert [secret for secret in secrets if secret in text] == [], address
        assert [row for row in world.document["people"] if f"{row['born']:%Y-%m-%d}" in text] == [], address


def test_pages_carry_the_headers_that_protect_them(client: Client, addresses: list[str]):
    for address in addresses:
        answer = client.get(address)
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert " style=" not in answer.text.partition("<main")[2]
        assert " onclick=" not in answer.text


def test_answers_about_cases_and_certificates_are_not_kept(client: Client, permit: Certificate):
    for address in ("/progress/", "/verify/", f"/v/{permit.number}/"):
        assert "no-store" in client.get(address)["Cache-Control"]


@pytest.mark.parametrize("address", ["/progress/", "/verify/", "/v/1/"])
def test_another_site_cannot_ask_in_a_visitors_name(world, address: str):
    client = Client(enforce_csrf_checks=True)
    here = client.post(address, {"text": "1", "number": "1"}, headers={"Origin": "http://testserver"})
    assert here.status_code in (200, 422)
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        assert client.post(address, {"text": "1"}, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("address", ["/progress/", "/verify/", "/v/1/"])
def test_other_methods_are_refused(client: Client, world, address: str):
    assert client.delete(address).status_code == 405
