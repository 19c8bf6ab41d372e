"""The workbench: what waits for whom, in which order, and how it is found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.licensing.conftest import Road
from tests.licensing.matters.test_case_pages import page, words

from jianguan.licensing.matters.models import Case
from jianguan.licensing.process.service import WorkItem
from jianguan.platform import clock
from jianguan.platform.notices.models import Notice


@pytest.fixture
def three(world):
    """Three applications that wait for acceptance; their numbers in the order of submission."""
    rows = [("p05", 24650), ("p06", 15200), ("p07", 5600)]
    return [
        Road(world, {"project": p, "until": "x", "builder": "builder_1", "manager": "manager_1", "chief": "chief_2", "price": price})
        for p, price in rows
    ]  # fmt: skip


def numbers(response) -> list[str]:
    return page(response).xpath("//table//tbody/tr/td[a][1]/a/text()")


def test_home_is_the_list_of_work_for_officers_and_the_overview_for_enterprises(world, visit):
    assert visit("window").get("/home/")["Location"] == "/g/work/"
    assert visit("agent").get("/home/")["Location"] == "/e/"


def test_the_most_urgent_case_stands_first(three, visit):
    late, soon, later = three[2], three[0], three[1]
    for days, application in ((-2, late), (1, soon), (3, later)):
        due = clock.today() + timedelta(days=days)
        WorkItem.objects.filter(instance=application.case_id).update(due_on=due)
        Case.objects.filter(pk=application.case_id).update(due_on=due)
    assert numbers(visit("window").get("/g/work/")) == [a.case.number for a in (late, soon, later)]


def test_a_late_case_is_marked_by_shape_word_and_edge(three, visit):
    due = clock.today() - timedelta(days=3)
    WorkItem.objects.filter(instance=three[0].case_id).update(due_on=due)
    Case.objects.filter(pk=three[0].case_id).update(due_on=due)
    row = page(visit("window").get("/g/work/")).xpath('//tr[@class="late"]')[0]
    assert "超期" in words(row)
    assert row.xpath('.//*[contains(@class, "lamp-overdue")]')


def test_work_is_shown_to_who_holds_the_role_only(three, visit):
    assert len(numbers(visit("window").get("/g/work/"))) == 3
    for username in ("quality", "head", "approver", "admin", "registrar"):
        assert numbers(visit(username).get("/g/work/")) == []


def test_all_open_cases_are_those_one_may_read(three, visit):
    assert len(numbers(visit("head").get("/g/work/?list=open"))) == 3
    assert numbers(visit("registrar").get("/g/work/?list=open")) == []


def test_a_correction_waits_in_its_own_list(three, visit):
    three[0].finish("acceptance", "window", "correct", items=("合同缺少签章。",))
    window = visit("window")
    assert three[0].case.number not in numbers(window.get("/g/work/"))
    assert numbers(window.get("/g/work/?list=waiting")) == [three[0].case.number]


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=西海岸", 1), ("q=置业", 0), ("q=城市建设投资", 3), ("matter=construction_permit", 3), ("matter=other", 0),
     ("region=460105", 1), ("region=460100", 3), ("region=nowhere", 3), ("stage=acceptance", 3), ("stage=review", 0),
     ("late=today", 0), ("late=overdue", 0)],
)  # fmt: skip
def test_filters_narrow_the_list(three, visit, query, found):
    assert len(numbers(visit("window").get(f"/g/work/?{query}"))) == found


def test_a_number_is_found_from_its_beginning(three, visit):
    number = three[1].case.number
    assert numbers(visit("window").get(f"/g/work/?q={number}")) == [number]


def test_figures_are_filters_and_count_what_they_say(three, visit):
    shown = page(visit("window").get("/g/work/"))
    figures = {words(a.xpath('.//*[@class="k"]')[0]): a.get("href") for a in shown.xpath('//nav[@class="stats"]/a')}
    assert figures["待受理"] == "?stage=acceptance"
    assert words(shown.xpath('//nav[@class="stats"]/a[1]')[0]) == "全部3件"


def test_a_part_of_the_page_is_given_to_script(three, visit):
    response = visit("window").get("/g/work/", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "<html" not in response.text
    assert three[0].case.number in response.text


def test_done_shows_what_one_finished(three, visit):
    three[0].through("acceptance")
    assert numbers(visit("window").get("/g/done/")) == [three[0].case.number]
    assert numbers(visit("quality").get("/g/done/")) == []


def test_overdue_shows_what_is_past_its_promised_day(three, visit):
    Case.objects.filter(pk=three[0].case_id).update(due_on=clock.today() - timedelta(days=1))
    assert numbers(visit("head").get("/g/overdue/")) == [three[0].case.number]
    assert numbers(visit("registrar").get("/g/overdue/")) == []


def test_a_case_number_in_the_search_box_leads_straight_there(three, visit):
    response = visit("window").get(f"/g/search/?q={three[0].case.number.lower()}")
    assert response["Location"] == f"/g/cases/{three[0].case_id}/"


def test_the_search_box_finds_in_every_library(three, visit):
    text = words(page(visit("market").get("/g/search/?q=海口")))
    for group in ("办件", "项目", "企业"):
        assert group in text


def test_the_search_box_finds_nothing_the_reader_may_not_see(three, visit):
    assert three[0].case.number not in visit("registrar").get("/g/search/?q=西海岸").text


@pytest.mark.parametrize("text", ["", "%", "_", "'; DROP TABLE", "龘" * 300])
def test_odd_words_in_the_search_box_do_no_harm(world, visit, text):
    assert visit("window").get("/g/search/", {"q": text}).status_code == 200
    assert visit("window").get("/g/work/", {"q": text}).status_code == 200


def test_a_character_no_keyboard_sends_is_refused(world, visit):
    assert visit("window").get("/g/search/", {"q": "a\x00b"}).status_code == 400
    assert visit("window").post("/inbox/read/", {"x": "\x00"}).status_code == 400


def test_messages_are_new_until_they_are_marked_as_read(three, visit):
    three[0].through("acceptance")
    agent = visit("agent2")
    assert "已受理" in agent.get("/inbox/").text
    assert Notice.objects.filter(read_at=None).exists()
    assert agent.post("/inbox/read/")["Location"] == "/inbox/"
    assert not Notice.objects.filter(organisation_id=three[0].case.applicant_id, read_at=None).exists()


def test_an_enterprise_sees_first_what_waits_for_it(three, visit):
    three[0].finish("acceptance", "window", "correct", items=("合同缺少签章。",))
    shown = page(visit("agent2").get("/e/"))
    assert three[0].case.title in words(shown.xpath('//section[.//h2[text()="待您处理"]]')[0])


def test_the_pages_of_officers_are_not_for_enterprises_and_the_other_way_round(world, visit):
    for address in ("/g/work/", "/g/done/", "/g/overdue/", "/g/search/"):
        assert visit("agent").get(address).status_code == 403
    assert visit("window").get("/e/").status_code == 403


def test_a_list_takes_as_many_queries_for_many_cases_as_for_one(three, visit):
    window = visit("window")
    queries = []
    for region in ("460105", "460105", "460100"):
        with CaptureQueriesContext(connection) as captured:
            found = numbers(window.get(f"/g/work/?region={region}"))
        queries.append((len(found), len(captured)))
    assert queries[1][0] < queries[2][0]
    assert queries[1][1] == queries[2][1]


def test_who_has_no_work_is_shown_what_else_there_is_to_do(visit):
    assert "您还可以办理" in visit("audit").get("/g/work/").text
    assert "/g/conf/audit/" in visit("audit").get("/g/work/").text


def test_lists_offer_the_places_of_the_installation_only(visit):
    offered = page(visit("admin").get("/g/work/")).xpath('//select[@name="region"]/option/@value')
    assert offered
    assert {place[:2] for place in offered if place} == {"46"}
    elsewhere = page(visit("admin").get("/g/ents/")).xpath('//select[@name="region"]/option/@value')
    assert "430000" in elsewhere, "enterprises come from other provinces too"


def test_the_audit_log_speaks_in_words(visit, three):
    text = visit("audit").get("/g/conf/audit/?kind=case.submitted").text
    assert three[0].case.number in text
    assert str(three[0].case_id) not in text
