"""Pages of archive boxes: finding a box, reading it, exporting it."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from lxml import html


def page(response: Any) -> html.HtmlElement:
    return html.fromstring(response.content)


def words(response: Any) -> str:
    return " ".join(page(response).xpath("//main")[0].text_content().split())


def test_an_officer_finds_the_box_of_a_project_and_opens_it(corrected, box, visit):
    client = visit("head")
    found = page(client.get(f"/g/archive/?q={box.code}"))
    (link,) = found.xpath("//main//td/a/@href")
    text = words(client.get(link))
    for shown in (
        corrected.case.number,
        "施工合同",
        "第 1 次提交，共 2 次",
        "已被替换",
        "一次性补正告知书",
        "建筑工程施工许可证",
        "长期",
    ):
        assert shown in text
    assert "460103199001011234" not in text


@pytest.mark.parametrize("kind", ["project", "enterprise", "person", "nonsense"])
def test_every_kind_of_box_can_be_searched(visit, kind):
    client = visit("head")
    found = page(client.get(f"/g/archive/?kind={kind}"))
    links = found.xpath("//main//td/a/@href")
    assert links
    assert client.get(links[0]).status_code == 200


def test_everything_offered_for_download_is_there(corrected, box, visit):
    for username, base in (("head", "g"), ("agent2", "e")):
        client = visit(username)
        links = page(client.get(f"/{base}/archive/project/{box.id}/")).xpath("//main//td[last()]/a/@href")
        assert len(links) == 4
        assert {client.get(link).status_code for link in links} == {200}


def test_the_page_of_the_project_leads_to_its_box(box, visit):
    for username, base in (("head", "g"), ("agent2", "e")):
        links = page(visit(username).get(f"/{base}/projects/{box.code}/")).xpath("//a/@href")
        assert f"/{base}/archive/project/{box.id}/" in links


def test_the_export_is_streamed_and_whole(box, visit):
    client = visit("head")
    form = page(client.get(f"/g/archive/project/{box.id}/")).xpath('//form[contains(@action, "export")]')[0]
    answer = client.post(form.get("action"), {"command_id": form.xpath('.//input[@name="command_id"]/@value')[0]})
    assert (answer.status_code, answer.streaming, answer["Content-Type"]) == (200, True, "application/zip")
    assert f"archive-project-{box.code}-" in answer["Content-Disposition"]
    with ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None


def test_an_export_needs_a_post_and_an_id(box, visit):
    client = visit("head")
    address = f"/g/archive/project/{box.id}/export/"
    assert client.get(address).status_code == 405
    assert client.post(address, {"command_id": "x"}).status_code == 422


def test_a_stranger_finds_no_box(box, visit):
    client = visit("agent")
    assert client.get(f"/e/archive/project/{box.id}/").status_code == 404
    assert client.post(f"/e/archive/project/{box.id}/export/", {"command_id": str(uuid4())}).status_code == 404
    assert client.get("/g/archive/").status_code == 403
    assert box.code not in client.get("/e/archive/").text
    assert visit("head").get(f"/g/archive/project/{uuid4()}/").status_code == 404


def test_nobody_without_an_account_sees_anything(box, client):
    assert client.get(f"/g/archive/project/{box.id}/").status_code == 302


def test_the_number_of_queries_of_a_page_is_bounded(box, visit, django_assert_max_num_queries):
    client = visit("head")
    client.get(f"/g/archive/project/{box.id}/")
    with django_assert_max_num_queries(24):
        client.get(f"/g/archive/project/{box.id}/")
