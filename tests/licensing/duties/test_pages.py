"""The pages of who handles what, as a browser without script meets them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.licensing.matters.test_case_pages import page, words

from jianguan.licensing.duties import service as duties
from jianguan.licensing.matters.models import Case
from jianguan.licensing.process.models import Handover, Recusal, WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts.models import Absence
from jianguan.platform.commands.service import new_command_id


@pytest.fixture
def two(road):
    return [road(), road(project="p06", price=15200)]


def items(applications):
    return [str(application.item("acceptance")) for application in applications]


def rows(response, column):
    return [words(cell) for cell in page(response).xpath(f"//table//tbody/tr/td[{column}]")]


def test_a_button_takes_one_step_and_the_list_says_whose_it_is(two, visit, world):
    window, ids = visit("window"), items(two)
    shown = page(window.get("/g/work/"))
    assert {button.get("value") for button in shown.xpath('//td//button[@name="only"]')} == set(ids)
    sent = {"command_id": str(uuid4()), "only": ids[0], "back": "/g/work/?list=held"}
    assert window.post("/g/duties/claim/", sent)["Location"] == "/g/work/?list=held"
    assert len(rows(window.get("/g/work/?list=held"), 2)) == 1
    assert rows(window.get("/g/work/"), 5)[0].startswith("王芳") or rows(window.get("/g/work/"), 5)[1].startswith(
        "王芳"
    )
    other = visit("window2")
    assert len(rows(other.get("/g/work/"), 2)) == 1
    assert rows(other.get("/g/work/?list=others"), 4)[0].startswith("王芳")


def test_the_ticked_are_taken_together_and_given_back(two, visit):
    window, ids = visit("window"), items(two)
    window.post("/g/duties/claim/", {"command_id": str(uuid4()), "item": ids})
    assert Handover.objects.filter(way="claimed").count() == 2
    window.post("/g/duties/give-back/", {"command_id": str(uuid4()), "item": ids})
    assert not WorkItem.objects.exclude(holder_id=None).exists()


def test_one_of_several_that_is_held_is_told_and_the_others_are_taken(two, visit, world):
    ids = items(two)
    window2 = world.actor("window2")
    duties.claim(window2, duties.Claim(new_command_id(), two[0].item("acceptance")))
    response = visit("window").post("/g/duties/claim/", {"command_id": str(uuid4()), "item": ids}, follow=True)
    assert "已签收 1 件" in response.text
    assert "本环节由郑晓燕持有" in response.text


def test_nothing_ticked_and_a_foreign_address_do_no_harm(world, visit):
    sent = {"command_id": str(uuid4()), "back": "https://elsewhere.example/"}
    response = visit("window").post("/g/duties/claim/", sent)
    assert response["Location"] == "/g/work/"


def test_the_ticked_are_passed_on_together(two, visit, world):
    window, ids = visit("window"), items(two)
    chosen = window.post("/g/duties/pass/", {"choose": "1", "item": ids, "command_id": str(uuid4())})
    form = page(window.get(chosen["Location"]))
    offered = {option.get("value"): words(option) for option in form.xpath('//select[@name="to"]/option')}
    to = str(world.accounts["window2"].id)
    assert to in offered
    assert str(world.accounts["window"].id) not in offered
    missing = window.post(chosen["Location"], {"command_id": str(uuid4()), "to": to, "reason": ""})
    assert missing.status_code == 422
    window.post(chosen["Location"], {"command_id": str(uuid4()), "to": to, "reason": "外勤，请代办。"})
    assert set(WorkItem.objects.filter(pk__in=ids).values_list("holder_id", flat=True)) == {
        world.accounts["window2"].id
    }


def test_the_page_of_a_case_says_who_holds_it_since_when_and_for_how_long(two, visit, world):
    application = two[0]
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        window = world.actor("window")
        duties.claim(window, duties.Claim(new_command_id(), application.item("acceptance")))
    section = page(visit("window2").get(f"/g/cases/{application.case_id}/")).xpath('//section[@id="duties"]')[0]
    assert "王芳 持有" in words(section)
    assert "待签收：当日" in words(section).replace(" ", "")
    text = words(page(visit("window2").get(f"/g/cases/{application.case_id}/")))
    assert "本环节由王芳持有，须由其本人转办，或者由该辖区的办理负责人指派。" in text
    assert not page(visit("window2").get(f"/g/cases/{application.case_id}/")).xpath(
        '//form[contains(@action, "decide")]'
    )


def test_an_overdue_case_says_whose_hands_the_days_fell_into(two, visit, world):
    due = clock.today() - timedelta(days=14)
    WorkItem.objects.filter(instance=two[0].case_id).update(due_on=due)
    Case.objects.filter(pk=two[0].case_id).update(due_on=due)
    WorkItem.objects.filter(instance=two[0].case_id).update(opened_at=clock.now() - timedelta(days=20))
    for response in (visit("head").get("/g/overdue/"), visit("window").get("/g/work/")):
        assert "待签收 10 个工作日" in response.text or "待签收 9 个工作日" in response.text


def test_a_head_assigns_takes_away_and_reminds_others_do_not(two, visit, world):
    item = items(two)[0]
    head, window2 = visit("head"), str(world.accounts["window2"].id)
    head.post(f"/g/duties/assign/?item={item}", {"command_id": str(uuid4()), "to": window2, "reason": ""})
    assert str(WorkItem.objects.get(pk=item).holder_id) == window2
    head.post(f"/g/duties/urge/?item={item}", {"command_id": str(uuid4()), "words": "请抓紧。"})
    assert "请抓紧。" in visit("window2").get("/inbox/").text
    head.post(f"/g/duties/take/?item={item}", {"command_id": str(uuid4()), "reason": "调整分工。"})
    assert WorkItem.objects.get(pk=item).holder_id is None
    for act in ("assign", "take", "urge"):
        assert visit("window").get(f"/g/duties/{act}/?item={item}").status_code == 403


def test_a_step_of_a_case_one_may_not_see_is_not_found(two, visit):
    for username in ("supervisor1", "security"):
        assert visit(username).get(f"/g/duties/pass/?item={items(two)[0]}").status_code == 404


def test_a_recusal_is_declared_marked_and_lifted(two, visit, world):
    application, window = two[0], visit("window")
    address = f"/g/cases/{application.case_id}/recusal/"
    own = str(world.accounts["window"].id)
    assert window.post(address, {"command_id": str(uuid4()), "account": own}).status_code == 422
    window.post(address, {"command_id": str(uuid4()), "account": own, "reason": "kinship", "words": "表弟。"})
    shown = window.get(f"/g/cases/{application.case_id}/")
    assert "您在本件中已回避" in shown.text
    assert "表弟" not in visit("window2").get(f"/g/cases/{application.case_id}/").text
    standing = Recusal.objects.get()
    lift = f"/g/recusals/{standing.id}/lift/"
    assert window.post(lift, {"command_id": str(uuid4()), "answer": "没事了。"}).status_code == 403
    visit("head").post(lift, {"command_id": str(uuid4()), "answer": "经核实无亲属关系。"})
    assert "您在本件中已回避" not in window.get(f"/g/cases/{application.case_id}/").text


def test_an_applicant_asks_and_the_head_decides(two, visit, world):
    application, agent = two[0], visit("agent2")
    asked = f"/e/cases/{application.case_id}/recusal/"
    typed = {"command_id": str(uuid4()), "named": "窗口王姓人员", "reason": "interest", "words": "系我公司前员工。"}
    assert agent.post(asked, typed)["Location"] == f"/e/cases/{application.case_id}/"
    assert "待决定" in agent.get(f"/e/cases/{application.case_id}/").text
    assert visit("agent").get(asked).status_code == 404
    answer = f"/g/recusals/{Recusal.objects.get().id}/answer/"
    given = {"command_id": str(uuid4()), "account": str(world.accounts["window"].id), "answer": "决定回避。"}
    visit("head").post(answer, given)
    assert "已准予回避" in agent.get(f"/e/cases/{application.case_id}/").text
    assert "您在本件中已回避" in visit("window").get(f"/g/cases/{application.case_id}/").text


def test_leave_is_entered_listed_and_ended(world, visit):
    window, today = visit("window"), clock.today()
    typed = {
        "command_id": str(uuid4()), "first_day": today.isoformat(), "last_day": (today - timedelta(days=1)).isoformat(),
        "substitute": str(world.accounts["window2"].id), "reason": "年休假",
    }  # fmt: skip
    wrong = window.post("/me/leave/new/", typed)
    assert wrong.status_code == 422
    assert "早于开始日期" in wrong.text
    window.post("/me/leave/new/", {**typed, "last_day": today.isoformat()})
    assert "郑晓燕" in window.get("/me/leave/").text
    assert "王芳" in visit("window2").get("/me/leave/").text
    assert "王芳" in visit("head").get("/g/leave/").text
    absence = Absence.objects.get()
    assert visit("window2").get(f"/me/leave/{absence.id}/end/").status_code == 404
    visit("head").post(f"/me/leave/{absence.id}/end/", {"command_id": str(uuid4())})
    absence.refresh_from_db()
    assert absence.valid_until <= clock.now()


def test_the_leave_of_others_is_for_heads(world, visit):
    assert visit("window").get("/g/leave/").status_code == 403
    assert visit("window").get("/g/leave/new/").status_code == 403
    assert visit("agent").get("/me/leave/").status_code == 403


def test_a_substitute_stands_in_the_timeline_with_whom_they_stood_in_for(two, visit, world):
    today = clock.today()
    typed = {
        "command_id": str(uuid4()), "first_day": today.isoformat(), "last_day": today.isoformat(),
        "substitute": str(world.accounts["tender"].id),
    }  # fmt: skip
    visit("window").post("/me/leave/new/", typed)
    two[0].finish("acceptance", "tender", "accept", opinion="同意受理。")
    assert "黎书文（代休假的王芳办理）" in visit("head").get(f"/g/cases/{two[0].case_id}/").text
