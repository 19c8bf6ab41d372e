"""An officer's day without a mouse, in a real browser: find, open, review and decide; and where keys keep still."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.licensing.conftest import ROW, Road

from jianguan.config.demonstration import loading, timeline

HANDS = ("window", "quality", "safety", "market", "head", "approver")  # who decides in turn
_serial = itertools.count(700)


@pytest.fixture
def road(committed_world: Any) -> Road:
    """An application for a project of its own, since what is done to it stays."""
    number = next(_serial)
    model = next(row for row in committed_world.document["projects"] if row["key"] == "p05")
    row = {**model, "key": f"keys-{number}", "zh": f"键盘测试项目{number}号"}
    committed_world.document["projects"].append(row)
    loading.add_project(committed_world, committed_world.actor("registrar"), number, row)
    return Road(committed_world, {**ROW, "project": row["key"]})


@pytest.fixture
def sign_in(open_page: Callable[..., Page]) -> Callable[[str], Page]:
    def enter(username: str, **cookies: str) -> Page:
        page = open_page("/login/", **cookies)
        page.focus("[name=username]")
        page.keyboard.type(username)
        page.keyboard.press("Tab")
        page.keyboard.type("jianguan-demo")
        page.keyboard.press("Enter")
        page.wait_for_url("**/g/work/")
        return page

    return enter


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.tagName"))


def test_a_case_is_accepted_reviewed_and_approved_by_keyboard_alone(sign_in, road: Road):
    number = road.case.number
    for username in HANDS:
        page = sign_in(username)
        page.keyboard.press("/")
        page.keyboard.type(number)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/g/cases/{road.case_id}/")
        page.keyboard.press("a")
        assert focused(page) == "outcome"
        page.keyboard.press("Alt+1")
        page.keyboard.press("Tab")
        page.keyboard.type("经审查，同意。jkax?")
        assert page.locator("[name=opinion]").input_value() == "经审查，同意。jkax?", "typing is typing"
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("#toasts .toast")
        page.context.close()
    timeline.settle()
    assert road.case.status == "completed"


def test_rows_are_walked_and_opened_and_the_menu_is_a_key_away(sign_in, road: Road):
    road.through("acceptance")
    page = sign_in("window")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/g/overdue/")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/g/done/")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.href")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.href") == first, "the first row has none before it"
    page.keyboard.press("Enter")
    page.wait_for_url(first)
    page.keyboard.press("u")
    page.wait_for_url("**/g/work/")


def test_the_keys_are_shown_over_the_page_and_as_a_page_of_their_own(sign_in, axe):
    page = sign_in("head")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open] #keys")
    axe(page)
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    page.goto("/keys/")
    axe(page)


def test_single_keys_can_be_switched_off(sign_in):
    page = sign_in("head")
    page.goto("/keys/")
    page.get_by_role("button", name="关闭单键操作").press("Enter")
    page.wait_for_selector("html[data-single-keys=off]")
    page.keyboard.press("/")
    assert focused(page) != "q"
    page.get_by_role("button", name="开启单键操作").press("Enter")
    page.wait_for_selector("html:not([data-single-keys])")
    page.keyboard.press("/")
    assert focused(page) == "q"
