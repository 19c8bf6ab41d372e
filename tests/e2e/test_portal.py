"""The portal in a real browser: looks, accessibility, search, notices, verification with and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.licensing.conftest import ROW, Road

from jianguan.config.demonstration.loading import World
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.models import Certificate
from jianguan.platform.documents import service as documents
from jianguan.registry.projects import service as projects

pytestmark = pytest.mark.browser
PROJECT = "p12"  # taken by no other test that commits
WIDE, NARROW = (1440, 900), (390, 844)
OpenPage = Callable[..., Page]
Check = Callable[[Page], None]


@pytest.fixture
def permit(committed_world: World) -> Certificate:
    """A permit that stays, made once."""
    project_id = committed_world.projects[PROJECT]
    found = certificates.issued().filter(project_id=project_id).first()
    if found is None:
        row = {"project": PROJECT, "builder": "builder_3", "manager": "manager_5"}
        found = certificates.of_case(Road(committed_world, {**ROW, **row}).to_certificate().case_id)
    assert found
    return found


def pages(permit: Certificate, world: World) -> list[str]:
    project = projects.by_id(permit.project_id)
    assert project
    return [
        "/", "/search/", "/search/?t=person", "/search/?t=person&q=吉", "/notices/", "/notices/?q=nothing",
        f"/notices/{permit.number}/", "/guides/", "/guides/construction_permit/", "/progress/", "/verify/",
        f"/v/{permit.number}/", "/v/1/", f"/log/?entry={permit.number}", f"/pub/project/{project.code}/",
        f"/pub/ent/{world.enterprises['builder_3']}/", f"/pub/person/{world.people['manager_5']['id']}/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "theme", "viewport"),  # every pair of two meets
    [("zh-hans", "light", WIDE), ("zh-hans", "dark", NARROW), ("en", "light", NARROW), ("en", "dark", WIDE)],
)
def test_every_page_is_accessible_and_fits(
    open_page: OpenPage, axe: Check, permit: Certificate, committed_world: World,
    language: str, theme: str, viewport: tuple[int, int],
) -> None:  # fmt: skip
    addresses = pages(permit, committed_world)
    page = open_page(addresses[0], viewport, language=language, theme=theme)
    for address in addresses:
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport[0], address
        assert page.locator("h1").count() == 1, address


def test_from_the_home_page_to_an_enterprise(open_page: OpenPage, permit: Certificate) -> None:
    page = open_page("/")
    page.get_by_role("searchbox").fill("三亚示例")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="查看 三亚示例市政工程有限公司").click()
    expect(page.locator("h1")).to_have_text("三亚示例市政工程有限公司")
    page.get_by_role("link", name=f"查看 {permit.subject_name}").click()
    expect(page.get_by_role("link", name=permit.number).first).to_be_visible()


def test_the_search_acts_at_once_and_keeps_its_kind(open_page: OpenPage, permit: Certificate) -> None:
    page = open_page("/search/?t=person")
    page.locator(".fbar input[type=search]").fill("吉海龙")
    expect(page.locator("#found tbody tr")).to_have_count(1)
    page.wait_for_url("**t=person**q=*")
    page.get_by_role("link", name="查看 吉海龙").click()
    expect(page.locator("h1")).to_have_text("吉海龙")


def test_a_permit_is_found_read_and_downloaded(open_page: OpenPage, permit: Certificate) -> None:
    page = open_page("/notices/", NARROW)
    page.locator(".fbar input[type=search]").fill(permit.number)
    expect(page.locator("#notices tbody tr")).to_have_count(1)
    page.get_by_role("link", name=f"查看 {permit.number}").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载电子证照").click()
    assert download.value.path().read_bytes() == documents.content(permit.sha256)
    assert download.value.suggested_filename.endswith(".pdf")


def test_scanning_the_code_sends_its_proof_in_the_body_only(
    open_page: OpenPage, axe: Check, permit: Certificate
) -> None:
    page = open_page("/")
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    page.goto(f"/V/{permit.number}#{permit.proof}")
    expect(page.locator("#result .note-blue")).to_be_visible()
    expect(page.locator("#result .verdict-valid")).to_be_visible()
    expect(page.locator("#result form")).to_have_count(0)
    assert [method for method, url in asked if "/v/" in url.lower()] == ["GET", "POST"]
    assert [url for _, url in asked if permit.proof in url.partition("#")[0]] == []
    axe(page)


def test_a_scanned_code_that_does_not_fit_turns_the_page_red(
    open_page: OpenPage, axe: Check, permit: Certificate
) -> None:
    page = open_page(f"/V/{permit.number}#{permit.proof[:-4]}AAAA")
    expect(page.locator("#result .verdict-tampered")).to_be_visible()
    axe(page)


def test_without_script_the_page_says_what_it_could_not_check(open_page: OpenPage, permit: Certificate) -> None:
    page = open_page(f"/V/{permit.number}#{permit.proof}", NARROW, script=False)
    expect(page.locator(".verdict-valid")).to_be_visible()
    expect(page.get_by_text("尚未核验纸质证照本身")).to_be_visible()
    page.get_by_label("二维码的文字内容").fill(f"HTTPS://TESTSERVER/V/{permit.number}#{permit.proof}")
    page.get_by_role("button", name="核验").click()
    expect(page.locator(".note-blue")).to_be_visible()
    assert permit.proof not in page.url


@pytest.mark.parametrize("script", [True, False])
def test_a_file_is_verified_to_its_last_byte(
    open_page: OpenPage, axe: Check, permit: Certificate, script: bool
) -> None:
    genuine = documents.content(permit.sha256)
    altered = bytearray(genuine)
    altered[len(altered) // 2] ^= 1
    page = open_page("/verify/", NARROW, script=script)
    for data, verdict in ((genuine, "valid"), (bytes(altered), "tampered")):
        page.goto("/verify/")
        page.locator("input[type=file]").set_input_files(
            {"name": "permit.pdf", "mimeType": "application/pdf", "buffer": data}
        )
        page.locator("form[enctype] button").click()
        expect(page.locator(f".verdict-{verdict}")).to_be_visible()
        if script:
            page.locator("details").first.locator("summary").click()
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


def test_a_number_is_verified_from_the_home_page(open_page: OpenPage, permit: Certificate) -> None:
    page = open_page("/", script=False)
    page.get_by_label("证照编号").fill(permit.number)
    page.get_by_role("button", name="核验").click()
    expect(page.locator(".verdict-valid")).to_be_visible()
    page.goto("/verify/")
    page.get_by_label("证照编号，或二维码的文字内容").fill("1")
    page.locator("form:not([enctype]) button", has_text="核验").click()
    expect(page.locator(".verdict-unknown")).to_be_visible()


def test_progress_is_told_and_a_wrong_pair_keeps_what_was_typed(
    open_page: OpenPage, axe: Check, permit: Certificate, committed_world: World
) -> None:
    from jianguan.licensing.matters.models import Case

    number = Case.objects.get(pk=permit.case_id).number
    page = open_page("/progress/", NARROW)
    page.locator("#f-number").fill(number)
    page.locator("#f-uscc").fill("1")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#f-number")).to_have_value(number)
    axe(page)
    page.locator("#f-uscc").fill(permit.holder_uscc)
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".stp .done")).to_have_count(6)
    axe(page)


def test_the_log_answers_on_its_page(open_page: OpenPage, permit: Certificate) -> None:
    page = open_page("/log/", script=False)
    page.get_by_label("证照编号或日志条目标识").fill(permit.number)
    page.get_by_role("button", name="查找").click()
    expect(page.locator(".note-green")).to_be_visible()
    expect(page.get_by_text(permit.sha256)).to_be_visible()


def test_the_guide_leads_to_the_application(open_page: OpenPage, committed_world: World) -> None:
    page = open_page("/guides/construction_permit/", script=False)
    page.get_by_role("link", name="在线申办").click()
    page.get_by_label("用户名").fill("agent")
    page.get_by_label("密码").fill(committed_world.document["password"])
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/e/matters/construction_permit/")
