"""What the portal publishes: home page, permits, guides, progress."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.models import Certificate
from jianguan.licensing.matters import service as matters
from jianguan.platform import clock
from jianguan.platform.accounts.service import organisation
from jianguan.platform.commands.service import new_command_id
from jianguan.portal.visitors import MISSES
from tests.licensing.conftest import Road
from tests.portal.conftest import new_edition, others

pytestmark = pytest.mark.django_db


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# --- home


def figures(client: Client) -> dict[str, int]:
    return {words: int(str(number)) for words, number in client.get("/").context["figures"]}


def test_the_home_page_counts_and_shows_what_is_there(client: Client, world, road: Callable[..., Road]):
    before = figures(client)
    permit = certificates.of_case(road().to_certificate().case_id)
    after = figures(client)
    more = {words: after[words] - before[words] for words in after}
    assert (more["公开项目（个）"], more["已发证照（本）"], more["入库企业（家）"]) == (1, 1, 0)
    assert more["透明日志（条）"] > 0
    answer = client.get("/")
    assert permit.subject_name in answer.text
    assert "建筑工程施工许可证核发" in answer.text


BEFORE_ALL_PACKS = datetime(2025, 12, 31, tzinfo=UTC)


def test_an_empty_home_page_shows_no_dead_lists(client: Client, db):
    Certificate.objects.all().delete()
    with clock.standing_at(BEFORE_ALL_PACKS):
        text = client.get("/").text
    assert "暂无已发放的许可" in text
    assert "按建设阶段办事" not in text


def test_no_link_of_the_home_page_is_dead(client: Client, permit: Certificate):
    for address in set(re.findall(r'href="(/[^"#]*)"', client.get("/").text)):
        if not address.startswith("/static/"):
            assert client.get(address).status_code == 200, address


def test_the_home_page_costs_the_same_whatever_it_shows(client: Client, permit: Certificate):
    first = queries(client, "/")
    others(permit, 5)
    assert queries(client, "/") == first


# --- permits


def test_a_permit_is_published_with_project_units_and_supervision(client: Client, permit: Certificate):
    assert permit.number in client.get("/notices/").text
    text = client.get(f"/notices/{permit.number}/").text
    project = matters.Case.objects.get(pk=permit.case_id).project_id
    code = re.search(r'href="/pub/project/([^/"]+)/"', text)[1]
    assert client.get(f"/pub/project/{code}/").context["project"].id == project
    assert "海南示例建工有限公司" in text
    assert "马国庆" in text
    assert re.search(r"ZJ\d+", text)
    assert re.search(r"AJ\d+", text)
    assert permit.sha256 in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "NUMBER"}, True),
        ({"q": "nothing like it"}, False),
        ({"region": "460100"}, True),
        ({"region": "460200"}, False),
        ({"kind": "construction_permit"}, True),
        ({"kind": "other"}, False),
        ({"status": "01"}, True),
        ({"status": "03"}, False),
        ({"status": "nonsense"}, True),
        ({"q": "\x1b"}, True),
    ],
)
def test_permits_are_filtered(client: Client, permit: Certificate, asked: dict[str, str], found: bool):
    asked = {name: value.replace("NUMBER", permit.number) for name, value in asked.items()}
    assert (f">{permit.number}<" in client.get("/notices/", asked).text) is found


def test_htmx_gets_only_the_rows(client: Client, permit: Certificate):
    part = client.get("/notices/", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "<html" not in part.text
    assert permit.number in part.text


def test_the_list_costs_the_same_however_long_it_is(client: Client, permit: Certificate):
    first = queries(client, "/notices/")
    others(permit, 30)
    assert queries(client, "/notices/") == first
    page = client.get("/notices/").text
    after = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert permit.number not in page
    assert client.get(f"/notices/{after}").status_code == 200


def test_the_file_comes_with_its_digest(client: Client, permit: Certificate):
    answer = client.get(f"/notices/{permit.number}/file/")
    assert hashlib.sha256(answer.getvalue()).hexdigest() == permit.sha256
    assert answer["ETag"] == f'"{permit.sha256}"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["X-Content-Type-Options"] == "nosniff"
    again = client.get(f"/notices/{permit.number}/file/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_every_edition_can_be_had(client: Client, permit: Certificate):
    newer = new_edition(permit)
    address = f"/notices/{permit.number}/"
    assert [edition for edition, *_ in client.get(address).context["editions"]] == [newer, permit]
    assert client.get(f"{address}file/")["ETag"] == f'"{newer.sha256}"'
    assert client.get(f"{address}file/?edition=1")["ETag"] == f'"{permit.sha256}"'
    assert client.get(f"{address}file/?edition=3").status_code == 404
    assert [row for row, *_ in client.get("/notices/", {"q": permit.number}).context["lines"]] == [newer]


def test_an_edition_that_is_not_sealed_yet_is_not_published(client: Client, permit: Certificate):
    Certificate.objects.filter(pk=permit.pk).update(sha256="")
    assert client.get(f"/notices/{permit.number}/").status_code == 404
    assert client.get(f"/notices/{permit.number}/file/").status_code == 404
    assert permit.number not in client.get("/notices/").text


@pytest.mark.parametrize("address", ["/notices/1/", "/notices/1/file/", "/guides/nothing/", "/notices/%00/", "/v/%00/"])
def test_what_is_not_there_is_not_found(client: Client, db, address: str):
    assert client.get(address).status_code == 404


# --- guides


def test_the_guide_tells_all_of_the_pack(client: Client, db):
    pack = matters.of_version(matters.current("construction_permit", clock.today()))
    text = client.get("/guides/construction_permit/").text
    told = [pack.matter.name, pack.matter.fee, pack.matter.authority, pack.matter.statutory.basis, *pack.matter.basis]
    told += [material.name for material in pack.matter.materials] + [table.name for table in pack.tables.values()]
    assert [part.zh for part in told if part.zh not in text] == []
    assert all(table.basis in text for table in pack.tables.values())
    for words in ("来源确认", "建议值", "共享免提交", "随申请作出承诺", "是否涉及危大工程：是", "行政复议", "行政诉讼"):
        assert words in text
    assert "<svg" in text


def test_a_remark_is_not_called_a_condition(client: Client, db):
    binding = {c.name.zh: c.binds for c in client.get("/guides/construction_permit/").context["conditions"]}
    assert binding["资金安排"] is True
    assert binding["项目经理"] is False


def test_applying_leads_past_the_sign_in(client: Client, db):
    assert "/login/?next=%2Fe%2Fmatters%2Fconstruction_permit%2F" in client.get("/guides/").text


def test_the_guide_speaks_english(client: Client, db):
    client.cookies["django_language"] = "en"
    text = client.get("/guides/construction_permit/").text
    assert "Construction permit" in text
    assert "source confirmed" in text
    assert "Hazardous works: yes" in text


def test_a_matter_not_yet_in_force_has_no_guide(client: Client, db):
    with clock.standing_at(BEFORE_ALL_PACKS):
        assert client.get("/guides/construction_permit/").status_code == 404
        assert "暂无已发布的事项" in client.get("/guides/").text


# --- progress


def asked(client: Client, road: Road, **changed: str):
    case = road.case
    typed = {"number": case.number, "uscc": organisation(case.applicant_id).uscc}
    return client.post("/progress/", typed | changed)


def test_the_right_pair_shows_where_the_case_stands(client: Client, road):
    application = road()
    answer = asked(client, application)
    assert answer.status_code == 200
    assert answer.context["case"].id == application.case_id
    assert [step.state for step in answer.context["steps"]][:2] == ["done", "now"]
    assert application.case.due_on.isoformat() in answer.text


def test_a_finished_case_leads_to_its_certificate(client: Client, application: Road, permit: Certificate):
    answer = asked(client, application)
    assert f'href="/notices/{permit.number}/"' in answer.text
    assert {step.state for step in answer.context["steps"]} == {"done"}


def test_every_state_is_told_in_a_sentence(client: Client, road):
    application = road()
    application.finish("acceptance", "window", "correct", items=("合同缺页。",))
    text = asked(client, application).text
    assert "补正期间不计入办理期限" in text
    assert "合同缺页" not in text  # what has to be corrected is for the applicant alone
    matters.withdraw(application.world.actor("agent2"), matters.Withdraw(new_command_id(), application.case_id, "改期"))
    assert "申请已撤回" in asked(client, application).text


def test_a_wrong_pair_never_says_which_part_was_wrong(client: Client, road):
    application = road()
    typed = ["SG209901010001", "91460000MA0000000X"]
    wrong = [asked(client, application, number=typed[0]), asked(client, application, uscc=typed[1])]
    wrong += [asked(client, application, uscc=""), asked(client, application, number="", uscc="")]
    assert {answer.status_code for answer in wrong} == {422}
    pages = {re.sub(r' value="[^"]*"', "", answer.text) for answer in wrong}
    assert len(pages) == 1
    assert typed[1] in wrong[1].text  # nothing typed is lost


def test_a_draft_is_nobodys_business(client: Client, road):
    application = road(until="draft")
    assert (
        client.post("/progress/", {"number": "", "uscc": application.world.enterprises["owner_1"]}).status_code == 422
    )


def test_guessing_ends_after_some_tries(client: Client, road):
    application = road()
    for _ in range(MISSES):
        assert asked(client, application, number="SG1").status_code == 422
    assert asked(client, application).status_code == 429
    assert client.get("/progress/").status_code == 200


def test_numbers_do_not_stand_in_the_address(client: Client, db):
    form = client.get("/progress/").text.partition("<main")[2]
    assert 'method="post"' in form
