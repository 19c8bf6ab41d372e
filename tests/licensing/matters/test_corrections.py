"""The correction request as an object: until when, what each item is about, replies, marks, reminder, lapse."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from lxml import html

from jianguan.config import background
from jianguan.config.demonstration import timeline
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.models import CorrectionNotice, UnsentDecision
from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, NotFound, Refusal
from jianguan.platform.notices.service import Notice

ITEMS = ("合同缺少签章。", "合同价格与中标通知书不一致。")
ABOUT = ("file-contract", "contract_price")
BEGUN = datetime(2026, 10, 12, 9, tzinfo=clock.LEGAL_ZONE)
LAST = date(2026, 11, 11)  # thirty days after the notice of 12 October


def words(response: Any) -> str:
    return " ".join(html.fromstring(response.content).text_content().split())


def told() -> list[str]:
    return [str(notice.template) % notice.params for notice in Notice.objects.order_by("id")]


@pytest.fixture
def asked(road: Any) -> Any:
    """An application received and returned for correction on 12 October."""
    with clock.standing_at(BEGUN):
        application = road()
        application.finish("acceptance", "window", "correct", items=ITEMS, about=ABOUT)
    return application


def notice_of(application: Any) -> CorrectionNotice:
    return CorrectionNotice.objects.get(case=application.case_id)


def submit(application: Any) -> None:
    case, agent = application.case, application.world.actor("agent2")
    matters.submit(agent, matters.Submit(new_command_id(), case.id, case.draft.revision))
    timeline.settle()


def test_the_last_day_is_that_of_the_timer_and_is_told_everywhere(asked, visit):
    notice = notice_of(asked)
    assert notice.reply_by == LAST
    assert any("2026-11-11" in text and "counts as withdrawn" in text for text in told())
    agent = visit("agent2")
    for address in (f"/e/cases/{asked.case_id}/", f"/e/apply/{asked.case_id}/"):
        assert "2026-11-11" in words(agent.get(address))
    printed = words(agent.get(f"/cases/{asked.case_id}/corrections/{notice.number}/"))
    assert "补正告知书" in printed
    assert all(item in printed for item in (*ITEMS, "2026-11-11", "施工合同"))
    assert visit("window").get(f"/cases/{asked.case_id}/corrections/{notice.number}/").status_code == 200
    assert visit("agent").get(f"/cases/{asked.case_id}/corrections/{notice.number}/").status_code == 404
    assert agent.get(f"/cases/{asked.case_id}/corrections/460100-BZ-2026-99999/").status_code == 404


def test_the_timer_fires_on_the_day_after_the_one_that_was_told(asked):
    with clock.standing_at(datetime(2026, 11, 11, 23, 59, tzinfo=clock.LEGAL_ZONE)):
        assert background.fire_timers() == 0
    with clock.standing_at(datetime(2026, 11, 12, 0, 1, tzinfo=clock.LEGAL_ZONE)):
        assert background.fire_timers() == 1
        timeline.settle()
    assert asked.case.status == "withdrawn"
    assert notice_of(asked).lapsed_at is not None
    assert any("was not corrected by 2026-11-11" in text for text in told())


def test_a_lapse_is_told_on_the_case_and_on_the_notice(asked, visit):
    with clock.standing_at(datetime(2026, 11, 12, 0, 1, tzinfo=clock.LEGAL_ZONE)):
        background.fire_timers()
        timeline.settle()
    agent = visit("agent2")
    assert "逾期未补正，视为撤回" in words(agent.get(f"/e/cases/{asked.case_id}/"))
    assert "视为撤回" in words(agent.get(f"/cases/{asked.case_id}/corrections/{notice_of(asked).number}/"))


def test_a_reminder_is_sent_once_some_days_before(asked):
    with clock.standing_at(BEGUN + timedelta(days=24)):
        assert matters.remind_of_corrections() == 0
    with clock.standing_at(BEGUN + timedelta(days=25)):
        assert matters.remind_of_corrections() == 1
        assert matters.remind_of_corrections() == 0
    assert len([text for text in told() if "is due by 2026-11-11" in text]) == 1


def test_who_has_answered_or_withdrawn_is_not_reminded(asked, road):
    with clock.standing_at(BEGUN):
        submit(asked)
        other = road(project="p06", price=15200)
        other.finish("acceptance", "window", "correct", items=ITEMS)
        owner = matters.Case.objects.get(pk=other.case_id).created_by
        agent = other.world.actor(next(n for n in ("agent", "agent2") if other.world.actor(n).id == owner))
        matters.withdraw(agent, matters.Withdraw(new_command_id(), other.case_id, "项目调整。"))
    with clock.standing_at(BEGUN + timedelta(days=29)):
        assert matters.remind_of_corrections() == 0


def test_replies_are_kept_with_the_draft_and_shown_to_the_officer_with_what_changed(asked, visit):
    agent, case = visit("agent2"), asked.case
    page = html.fromstring(agent.get(f"/e/apply/{case.id}/").content)
    assert len(page.xpath('//textarea[starts-with(@name, "reply-")]')) == 2
    record = {**forms.open_record(matters.of_version(case.pack).form, case.draft.record), "contract_price": "24600"}
    revision = matters.save_draft(asked.world.actor("agent2"), case.id, record, case.draft.revision)
    matters.keep_replies(asked.world.actor("agent2"), case.id, {0: "已重新签章。", 1: " 已更正为24600万元。 "})
    kept = html.fromstring(agent.get(f"/e/apply/{case.id}/").content)
    assert kept.xpath('string(//textarea[@name="reply-1"])').strip() == "已更正为24600万元。"
    matters.submit(asked.world.actor("agent2"), matters.Submit(new_command_id(), case.id, revision))
    notice = notice_of(asked)
    assert (notice.answered_version, notice.replies) == (2, ["已重新签章。", "已更正为24600万元。"])
    shown = html.fromstring(visit("window").get(f"/g/cases/{case.id}/").content)
    second = " ".join(shown.xpath('//section[@id="changes"]//ol/li')[1].text_content().split())
    assert "已更正为24600万元" in second
    assert "24,650" in second
    assert "24,600" in second


def test_the_form_keeps_replies_on_every_button(asked, visit):
    agent = visit("agent2")
    page = html.fromstring(agent.get(f"/e/apply/{asked.case_id}/").content)
    form = page.get_element_by_id("apply")
    sent = {name: value for name, value in form.form_values() if not name.startswith("reply-")}
    agent.post(f"/e/apply/{asked.case_id}/", {**sent, "reply-0": "已签章。", "reply-x": "?", "_op": "save"})
    assert notice_of(asked).replies == ["已签章。", ""]


def test_replies_of_strangers_and_after_the_answer_are_refused(asked):
    with pytest.raises(NotFound):
        matters.keep_replies(asked.world.actor("agent"), asked.case_id, {0: "x"})
    with pytest.raises(Refusal) as refusal:
        matters.keep_replies(asked.world.actor("agent2"), asked.case_id, {1: "长" * 2001})
    assert list(refusal.value.fields) == ["reply-1"]
    submit(asked)
    with pytest.raises(Conflict):
        matters.keep_replies(asked.world.actor("agent2"), asked.case_id, {0: "x"})


def test_an_officer_marks_what_was_mended_and_is_not_bound_by_it(asked, visit):
    submit(asked)
    window = visit("window")
    page = html.fromstring(window.get(f"/g/cases/{asked.case_id}/").content)
    form = page.xpath('//form[contains(@class, "decide")]')[0]
    hidden = {field.name: field.value for field in form.xpath('.//input[@type="hidden"]')}
    sent = {
        **hidden,
        "outcome": "accept",
        "opinion": "予以受理。",
        "mark-0": "mended",
        "mark-1": "unmended",
        "mark-9": "mended",
    }
    assert window.post(f"/g/cases/{asked.case_id}/decide/", {**sent, "_op": "submit"}).status_code == 302
    notice = notice_of(asked)
    assert (notice.marks, notice.marked_by) == (["mended", "unmended"], asked.world.actor("window").id)
    assert asked.case.accepted_on is not None
    text = words(visit("quality").get(f"/g/cases/{asked.case_id}/"))
    assert "已补正到位" in text
    assert "未补正到位" in text


def test_an_item_about_something_the_application_does_not_have_is_refused(road):
    with pytest.raises(Refusal) as refusal:
        road().finish("acceptance", "window", "correct", items=("补。",), about=("file-moon",))
    assert list(refusal.value.fields) == ["items"]
    assert not CorrectionNotice.objects.exists()


def test_items_about_several_things_are_typed_row_by_row(road, visit):
    application = road()
    window = visit("window")
    sent = {"item": application.item("acceptance"), "outcome": "correct", "opinion": "请补正。", "command_id": uuid4()}
    first = {**sent, "items": ["第一项。\n第二项。"], "about": ["file-contract"]}
    more = window.post(f"/g/cases/{application.case_id}/decide/", {**first, "_op": "row"})
    page = html.fromstring(more.content)
    assert [area.text.strip() for area in page.xpath('//textarea[@name="items"]') if area.text] == [
        "第一项。\n第二项。"
    ]
    assert page.xpath('//select[@name="about"]/optgroup/option[@selected]/@value') == ["file-contract"]
    assert len(page.xpath('//textarea[@name="items"]')) == 2
    both = {**sent, "items": ["第一项。\n第二项。", "第三项。"], "about": ["file-contract", "contract_price"]}
    assert window.post(f"/g/cases/{application.case_id}/decide/", {**both, "_op": "keep"}).status_code == 302
    assert UnsentDecision.objects.get().content["items"][1] == ["第三项。", "contract_price"]
    assert "第三项。" in window.get(f"/g/cases/{application.case_id}/").text
    assert window.post(f"/g/cases/{application.case_id}/decide/", {**both, "_op": "submit"}).status_code == 302
    notice = notice_of(application)
    assert notice.items == ["第一项。", "第二项。", "第三项。"]
    assert notice.about == ["file-contract", "file-contract", "contract_price"]
