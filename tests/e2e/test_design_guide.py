"""The design guide in a real browser: looks, accessibility, behaviour with and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from jianguan.config.demonstration.loading import World

pytestmark = pytest.mark.browser
PAGES = ["/design/", "/design/form/", "/design/portal/", "/design/verified/", "/login/", "/nowhere/"]
WIDE, NARROW = (1440, 900), (390, 844)
OpenPage = Callable[..., Page]
Check = Callable[[Page], None]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("language", "theme", "viewport"),  # every pair of two meets
    [("zh-hans", "light", WIDE), ("zh-hans", "dark", NARROW), ("en", "light", NARROW), ("en", "dark", WIDE)],
)
def test_every_page_is_accessible_and_fits(
    open_page: OpenPage, axe: Check, path: str, language: str, theme: str, viewport: tuple[int, int]
) -> None:
    page = open_page(path, viewport, theme=theme, language=language)
    assert page.locator("html").get_attribute("data-theme") == theme
    assert page.locator("html").get_attribute("lang") == language
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport[0]


@pytest.mark.parametrize("path", PAGES)
def test_larger_type_fits_a_phone(open_page: OpenPage, axe: Check, path: str) -> None:
    page = open_page(path, NARROW, size="large")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "17.5px"
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


def test_a_style_in_the_page_is_blocked_and_noticed(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/design/")
    page.locator("body").evaluate("body => body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    assert "Content Security Policy" in complaints.pop()


def test_the_keyboard_reaches_content_and_menu(open_page: OpenPage) -> None:
    page = open_page("/design/verified/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_menu_of_a_narrow_screen_opens_and_closes_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/design/", NARROW)
    burger, menu = page.locator(".burger"), page.locator("#menu")
    expect(menu).to_be_hidden()
    burger.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    expect(burger).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(burger).to_be_focused()


def test_a_slash_goes_to_the_search_box_but_not_while_typing(open_page: OpenPage) -> None:
    page = open_page("/design/")
    page.locator("#main").focus()
    page.keyboard.press("/")
    expect(page.locator("[data-find]")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.locator("[data-find]")).to_have_value("a/b")


def test_the_theme_changes_at_once_and_stays(open_page: OpenPage) -> None:
    page = open_page("/design/")
    with page.expect_response("**/preferences/"):
        page.locator("[data-theme-switch] button").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    with page.expect_response("**/preferences/"):
        page.locator("[data-theme-switch] button").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_filters_act_at_once_and_stand_in_the_address(open_page: OpenPage, axe: Check) -> None:
    page = open_page("/design/")
    page.locator(".fbar input").fill("滨江")
    expect(page.locator("#cases tbody tr")).to_have_count(2)
    page.wait_for_url("**/design/?q=*")
    page.locator(".fbar input").fill("什么都不是")
    expect(page.locator("#cases .empty-s")).to_be_visible()
    axe(page)
    page.go_back()
    expect(page.locator("#cases tbody tr")).to_have_count(2)


def test_the_next_page_replaces_only_the_rows(open_page: OpenPage) -> None:
    page = open_page("/design/")
    page.evaluate("window.sameDocument = true")
    page.locator(".pager [rel=next]").click()
    expect(page.locator("#cases tbody tr")).to_have_count(2)
    assert page.evaluate("window.sameDocument")
    assert "after=5" in page.url


def test_one_box_ticks_all(open_page: OpenPage) -> None:
    page = open_page("/design/")
    everything = page.locator("[data-selects]")
    everything.check()
    assert page.locator('input[name="case"]:checked').count() == 5
    page.locator('input[name="case"]').first.uncheck()
    assert everything.evaluate("box => box.indeterminate")


def test_a_phrase_becomes_a_line_of_the_opinion(open_page: OpenPage) -> None:
    page = open_page("/design/")
    page.locator("[data-phrase-for]").first.click()
    expect(page.locator("#opinion")).to_have_value(
        "经核，材料齐全、符合法定条件。\n符合《建筑工程施工许可管理办法》第四条"
    )


def test_a_word_from_the_server_comes_and_goes(open_page: OpenPage) -> None:
    page = open_page("/design/")
    page.clock.install()
    page.locator("button[name=_op][value=save]").click()
    expect(page.locator("#toasts .toast-green")).to_have_text("已保存。")
    page.clock.run_for(6000)
    expect(page.locator("#toasts .toast")).to_have_count(0)


def test_a_refusal_stays_until_it_is_closed_and_nothing_typed_is_lost(open_page: OpenPage, axe: Check) -> None:
    page = open_page("/design/")
    page.clock.install()
    page.locator("#opinion").fill("typed")
    page.locator("button[name=_op][value=refuse]").click()
    refusal = page.locator("#toasts .toast-red")
    expect(refusal).to_contain_text("刚刚已由同事办理")
    page.clock.run_for(60_000)
    axe(page)
    expect(page.locator("#opinion")).to_have_value("typed")
    refusal.get_by_role("button").click()
    expect(refusal).to_have_count(0)


def test_a_server_that_does_not_answer_is_said(open_page: OpenPage) -> None:
    page = open_page("/design/")
    page.route("**/design/", lambda route: route.fulfill(status=500, body="<h1>fault</h1>"))
    page.locator("button[name=_op][value=save]").click()
    expect(page.locator("#toasts .toast-red")).to_contain_text("系统出错了")
    expect(page.locator("h1")).to_have_text("设计规范 · 组件一览")


def test_fields_follow_the_answers_they_depend_on(open_page: OpenPage) -> None:
    page = open_page("/design/form/")
    length, structure = page.locator("[name=length]"), page.locator("[name=structure]")
    expect(length).to_be_hidden()
    expect(length).to_be_disabled()
    page.get_by_label("市政基础设施").check()
    expect(length).to_be_visible()
    expect(length).to_be_enabled()
    expect(structure).to_be_hidden()
    expect(structure).to_be_disabled()


def test_a_chosen_file_shows_its_name(open_page: OpenPage) -> None:
    page = open_page("/design/form/")
    page.locator("input[name=photos]").set_input_files({"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": b"x"})
    expect(page.locator("#chosen-photos")).to_have_text("现场.jpg")


def test_a_mistake_leads_to_its_input_past_the_bars(open_page: OpenPage) -> None:
    page = open_page("/design/form/")
    page.locator(".errs a").last.click()
    expect(page.locator("#f-rate")).to_be_focused()
    field, bar = page.locator("#f-rate").bounding_box(), page.locator(".fbot").bounding_box()
    assert field
    assert bar
    assert 50 <= field["y"] <= bar["y"] - field["height"]


def test_without_script_everything_is_there(open_page: OpenPage) -> None:
    page = open_page("/design/form/", script=False)
    expect(page.locator("[name=length]")).to_be_visible()
    expect(page.locator("[name=length]")).to_be_enabled()
    expect(page.locator("input[name=photos]")).to_be_visible()
    page.goto("/design/")
    page.locator(".fbar input").fill("滨江")
    page.locator(".fbar .without-script").click()
    assert page.locator("#cases tbody tr").count() == 2
    page.locator("button[name=_op][value=save]").click()
    expect(page.locator("#toasts")).to_contain_text("已保存。")
    page.locator("[data-theme-switch] button").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_without_script_a_narrow_screen_shows_the_menu(open_page: OpenPage) -> None:
    page = open_page("/design/", NARROW, script=False)
    expect(page.locator("#menu")).to_be_visible()
    expect(page.locator(".burger")).to_be_hidden()


@pytest.mark.parametrize(("username", "path"), [("head", "/design/"), ("agent", "/design/form/")])
def test_signing_in_and_out_works_without_script(
    open_page: OpenPage, committed_world: World, username: str, path: str
) -> None:
    page = open_page(f"/login/?next={path}", script=False)
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill("wrong")
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不正确。")
    expect(page.get_by_label("用户名")).to_have_value(username)
    page.get_by_label("密码").fill(committed_world.document["password"])
    page.locator("button[type=submit]").click()
    page.wait_for_url(f"**{path}")
    page.locator(".who summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.goto(path)
    expect(page.locator(".who")).to_have_count(0)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_signed_in_persons_menu_is_accessible(
    open_page: OpenPage, axe: Check, committed_world: World, viewport: tuple[int, int]
) -> None:
    page = open_page("/login/?next=/design/", viewport)
    page.get_by_label("用户名").fill("head")
    page.get_by_label("密码").fill(committed_world.document["password"])
    page.keyboard.press("Enter")
    page.locator(".who summary").click()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="退出登录")).to_be_hidden()
