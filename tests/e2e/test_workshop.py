"""Changing a process in a real browser: the modeler under the strict policy, the gate's answer at the element."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from jianguan.config.demonstration.loading import World
from jianguan.licensing.workshop import actions
from jianguan.licensing.workshop.models import WorkingCopy
from jianguan.platform.commands.service import new_command_id

PASSWORD = "jianguan-demo"
PROCESS = "process.bpmn"
PATIENCE = 30_000  # milliseconds: a save waits for a pause in drawing, and machines are shared


@pytest.fixture
def copy(committed_world: World) -> WorkingCopy:
    """A working copy of a matter that no other browser test changes."""
    actor = committed_world.actor("system")
    for old in WorkingCopy.objects.filter(owner_id=actor.id, state="open"):
        actions.discard_copy(actor, actions.OfCopy(new_command_id(), old.pk))
    done = actions.open_copy(actor, actions.OpenCopy(new_command_id(), "fire_design_review", 1))
    return WorkingCopy.objects.get(pk=UUID(done.id))


def open_modeler(open_page: Callable[..., Page], copy: WorkingCopy, **options: object) -> Page:
    path = f"/g/conf/workshop/{copy.pk}/process/"
    page = open_page(f"/login/?next={path}", **options)
    page.fill("[name=username]", "system")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{path}")
    return page


def test_a_step_is_renamed_and_given_to_another_role_and_the_gate_answers(
    open_page: Callable[..., Page], axe: Callable[[Page], None], copy: WorkingCopy
) -> None:
    page = open_modeler(open_page, copy)
    drawn = page.locator("#modeler [data-element-id=acceptance]").first
    expect(drawn).to_be_visible()
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    page.select_option("#p-chosen", "acceptance")
    page.fill("#p-name", "综合窗口受理")
    page.press("#p-name", "Tab")
    page.select_option("#p-role", "")
    expect(page.locator("#faults")).to_contain_text("acceptance", timeout=PATIENCE)
    expect(page.locator("#modeler .djs-element.fault")).to_have_attribute(
        "data-element-id", "acceptance", timeout=PATIENCE
    )
    page.select_option("#p-role", "section_head")
    expect(page.locator("#no-faults")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#saved-state")).to_have_text("已保存。", timeout=PATIENCE)
    kept = copy.files.get(name=PROCESS).text
    assert 'name="综合窗口受理"' in kept
    assert 'jg:role="section_head"' in kept
    assert "jg:stage code=" in kept
    axe(page)


def test_drawing_keeps_to_the_policy(open_page: Callable[..., Page], copy: WorkingCopy) -> None:
    """Creating, connecting, writing into the drawing and undoing: nothing of it puts a style into markup."""
    page = open_modeler(open_page, copy)
    page.locator("#modeler [data-element-id=review]").first.dblclick()
    page.keyboard.type("（一）")
    page.keyboard.press("Escape")
    page.select_option("#p-chosen", "examination")
    page.get_by_role("button", name="+ 环节", exact=True).click()
    page.fill("#p-name", "复核")
    page.press("#p-name", "Tab")
    page.fill("#p-id", "double_check")
    page.press("#p-id", "Tab")
    page.select_option("#p-target", "examination_result")
    expect(page.locator("#faults")).to_contain_text("double_check", timeout=PATIENCE)
    for _ in range(4):
        page.get_by_role("button", name="撤销").click()
    expect(page.locator("#modeler [data-element-id=double_check]")).to_have_count(0, timeout=PATIENCE)
    page.locator(".djs-palette .entry").first.click()
    page.mouse.move(600, 700)
    page.keyboard.press("Escape")


def test_two_windows_are_told_apart(open_page: Callable[..., Page], copy: WorkingCopy) -> None:
    page = open_modeler(open_page, copy)
    page.select_option("#p-chosen", "review")
    file = copy.files.get(name=PROCESS)
    file.revision += 1
    file.save()
    page.fill("#p-name", "另一个名称")
    page.press("#p-name", "Tab")
    expect(page.locator("#saved-state")).to_contain_text("另一窗口", timeout=PATIENCE)
    assert "另一个名称" not in copy.files.get(name=PROCESS).text


def test_a_narrow_screen_offers_picture_and_text(
    open_page: Callable[..., Page], axe: Callable[[Page], None], copy: WorkingCopy
) -> None:
    page = open_modeler(open_page, copy, viewport=(390, 844))
    expect(page.locator("#modeler")).to_be_hidden()
    expect(page.get_by_text("需要更宽的屏幕")).to_be_visible()
    expect(page.locator("svg.flow")).to_be_visible()
    axe(page)
