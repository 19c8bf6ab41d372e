"""The whole road in a real browser: an agent applies, five officers handle it, anyone verifies the permit."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from jianguan.config.demonstration import cases, loading, timeline
from jianguan.config.demonstration.loading import World
from jianguan.licensing.matters.models import Case, Draft
from jianguan.platform.documents import service as documents

PASSWORD = "jianguan-demo"
ROW = {"until": "x", "builder": "builder_1", "manager": "manager_2", "chief": "chief_2", "price": 41000.00}
_serial = itertools.count(500)


@pytest.fixture
def project(committed_world: World) -> str:
    """The key of a project of its own for each test, since what they do stays."""
    number = next(_serial)
    model = next(row for row in committed_world.document["projects"] if row["key"] == "p11")
    row = {**model, "key": f"e2e-{number}", "zh": f"浏览器测试项目{number}号"}
    committed_world.document["projects"].append(row)
    loading.add_project(committed_world, committed_world.actor("registrar"), number, row)
    return row["key"]


@pytest.fixture
def sign_in(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Opens a page as one of the people of the demonstration."""

    def sign(username: str, path: str, **options: Any) -> Page:
        page = open_page(f"/login/?next={path}", **options)
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"**{path}")
        return page

    return sign


def begin(page: Page, world: World, key: str) -> UUID:
    """Choose the project; returns the case of the draft."""
    name = next(row["zh"] for row in world.document["projects"] if row["key"] == key)
    page.get_by_role("row", name=name).get_by_role("button", name="申请").click()
    page.wait_for_url("**/e/apply/**")
    return UUID(page.url.rstrip("/").rsplit("/", 1)[-1])


def decide(page: Page, outcome: str, opinion: str) -> None:
    page.get_by_role("radio", name=outcome).check()
    page.fill("#opinion", opinion)
    page.get_by_role("button", name="提交并办下一件").click()
    expect(page.locator(".toast")).to_contain_text("意见已提交")


def test_from_an_application_to_a_permit_anyone_can_verify(
    sign_in: Callable[..., Page],
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    committed_world: World,
    project: str,
    tmp_path: Path,
) -> None:
    agent = sign_in("agent", "/e/matters/construction_permit/")
    case_id = begin(agent, committed_world, project)
    cases.fill(committed_world, case_id, {**ROW, "project": project})
    agent.reload()
    axe(agent)
    agent.check("#f-promise")
    agent.get_by_role("button", name="提交", exact=True).click()
    agent.wait_for_url("**/receipt/")
    axe(agent)
    number = Case.objects.get(pk=case_id).number
    expect(agent.locator("main")).to_contain_text(str(number))

    for username, outcome, opinion in (
        ("window", "予以受理", "申请材料齐全，予以受理。"),
        ("quality", "审查通过", "同意。"),
        ("safety", "审查通过", "同意。"),
        ("market", "审查通过", "同意。"),
        ("head", "同意，报批", "报请批准。"),
        ("approver", "批准发证", "同意发证。"),
    ):
        officer = sign_in(username, f"/g/cases/{case_id}/")
        if username in ("window", "approver"):
            axe(officer)
        decide(officer, outcome, opinion)
    timeline.settle()

    agent.goto(f"/e/cases/{case_id}/")
    expect(agent.locator("main")).to_contain_text("发证办结")
    with agent.expect_download() as downloading:
        agent.get_by_role("link", name="下载").first.click()
    permit = tmp_path / "permit.pdf"
    downloading.value.save_as(permit)
    assert permit.read_bytes().startswith(b"%PDF-")

    anyone = open_page("/verify/")
    anyone.set_input_files("input[type=file]", permit)
    anyone.get_by_role("button", name="核验").last.click()
    expect(anyone.locator("main")).to_contain_text("证照有效")
    axe(anyone)


def test_a_draft_saves_itself_and_loses_nothing(
    sign_in: Callable[..., Page], committed_world: World, project: str, tmp_path: Path
) -> None:
    page = sign_in("agent", "/e/matters/construction_permit/")
    case_id = begin(page, committed_world, project)
    page.fill("#f-works_name", "自动保存的工程")
    page.press("#f-works_name", "Tab")
    page.wait_for_timeout(300)
    page.fill("#f-contract_days", "700")
    page.press("#f-contract_days", "Tab")
    expect(page.locator("#draft-state")).to_contain_text("草稿已于")
    page.wait_for_function("!document.querySelector('.htmx-request')")
    page.wait_for_timeout(1200)
    assert Draft.objects.get(case=case_id).record["works_name"] == "自动保存的工程"

    paper = tmp_path / "合同.pdf"
    paper.write_bytes(timeline.paper())
    page.set_input_files("#f-file-contract", paper)
    expect(page.locator("#files")).to_contain_text("合同.pdf")
    page.fill("#f-contract_days", "710")
    page.get_by_role("button", name="添加一行").first.click()
    expect(page.locator("#f-units-3-role")).to_be_visible()
    page.get_by_role("button", name="保存草稿").last.click()
    expect(page.locator(".toast")).to_contain_text("草稿已保存")
    expect(page.locator("#f-contract_days")).to_have_value("710")
    assert [d.filename for d in documents.of_subject("case", case_id)] == ["合同.pdf"]


def test_the_same_form_works_without_script(
    sign_in: Callable[..., Page], committed_world: World, project: str, tmp_path: Path
) -> None:
    page = sign_in("agent", "/e/matters/construction_permit/", script=False)
    case_id = begin(page, committed_world, project)
    page.fill("#f-works_name", "没有脚本的工程")
    paper = tmp_path / "合同.pdf"
    paper.write_bytes(timeline.paper())
    page.set_input_files("#f-file-contract", paper)
    page.get_by_role("button", name="校验").click()
    expect(page.locator("#errors")).to_contain_text("处需要修改")
    expect(page.locator("#f-works_name")).to_have_value("没有脚本的工程")
    expect(page.locator("#files")).to_contain_text("合同.pdf")
    cases.fill(committed_world, case_id, {**ROW, "project": project})
    page.goto(page.url)
    page.check("#f-promise")
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/receipt/")


def test_an_officer_decides_without_script(sign_in: Callable[..., Page], committed_world: World, project: str) -> None:
    case_id = cases.apply(committed_world, {**ROW, "project": project})
    page = sign_in("window", f"/g/cases/{case_id}/", script=False)
    page.get_by_role("radio", name="一次性告知补正").check()
    page.fill("#opinion", "请补正。")
    page.get_by_role("button", name="提交并办下一件").click()
    expect(page.locator("#decide")).to_contain_text("请一次性列出全部需要补正的内容")
    page.fill("#items", "合同缺少签章。")
    page.get_by_role("button", name="提交并办下一件").click()
    page.wait_for_url("**/g/**")
    assert Case.objects.get(pk=case_id).status == "correction"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("viewport", [(1440, 900), (390, 844)])
def test_the_pages_break_no_rule_of_accessibility(
    sign_in: Callable[..., Page],
    axe: Callable[[Page], None],
    committed_world: World,
    project: str,
    language: str,
    viewport: tuple[int, int],
) -> None:
    case_id = cases.apply(committed_world, {**ROW, "project": project})
    officer = sign_in("head", "/g/work/", language=language, viewport=viewport)
    for path in ("/g/work/?list=open", f"/g/cases/{case_id}/", "/g/done/", "/g/overdue/", "/g/search/?q=项目", "/inbox/",
                 "/g/conf/matters/", "/g/conf/matters/construction_permit/", "/g/conf/matters/construction_permit/preview/"):  # fmt: skip
        officer.goto(path)
        axe(officer)
        assert officer.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    agent = sign_in("agent", "/e/", language=language, viewport=viewport)
    for path in ("/e/", "/e/matters/", "/e/matters/construction_permit/", "/e/cases/", f"/e/cases/{case_id}/"):
        agent.goto(path)
        axe(agent)
        assert agent.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
