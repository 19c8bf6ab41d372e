"""The case page: what officers see, how they decide, and what becomes of what they typed when they may not."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from lxml import html
from tests.licensing.conftest import CLAUSE

from jianguan.licensing.matters.models import Act, CorrectionNotice, UnsentDecision
from jianguan.licensing.matters.service import open_step

UNKNOWN = "00000000-0000-0000-0000-000000000000"


def page(response: Any) -> html.HtmlElement:
    return html.fromstring(response.content)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def panel(client: Any, application: Any) -> dict[str, str]:
    """The hidden inputs of the panel."""
    form = page(client.get(f"/g/cases/{application.case_id}/")).xpath('//form[contains(@class, "decide")]')[0]
    return {field.name: field.value for field in form.xpath('.//input[@type="hidden"]')}


def decide(client: Any, application: Any, hidden: dict[str, str], **typed: Any) -> Any:
    return client.post(f"/g/cases/{application.case_id}/decide/", {**hidden, "_op": "submit", **typed})


def test_an_officer_sees_the_whole_case_on_one_page(road, visit):
    application = road()
    shown = page(visit("window").get(f"/g/cases/{application.case_id}/"))
    text = words(shown)
    assert application.case.number in text
    assert "用地批准手续" in text  # a check
    assert "施工合同.pdf" in text  # a document
    assert "建设工程规划许可证" in text
    assert shown.xpath('//form[contains(@class, "decide")]')


def test_every_check_names_its_clause_its_data_and_why_not(road, visit):
    shown = page(visit("window").get(f"/g/cases/{road().case_id}/"))
    check = next(li for li in shown.xpath('//section[@id="checks"]//li[@class="told"]') if "施工企业" in words(li))
    text = words(check)
    assert "第四条第一款第（四）项" in text
    assert "海南示例建工有限公司" in text
    assert "为何不是其他结论" in text
    assert "尚未确定施工企业" in text


def test_identity_numbers_are_masked_on_the_page(road, visit):
    application = road()
    text = visit("window").get(f"/g/cases/{application.case_id}/").text
    assert "460000********" in text
    assert not [person["identity"] for person in application.world.people.values() if person["identity"] in text]


@pytest.mark.parametrize("username", ["agent", "agent2"])
def test_the_officers_page_is_not_for_enterprises(road, visit, username):
    assert visit(username).get(f"/g/cases/{road().case_id}/").status_code == 403


@pytest.mark.parametrize("username", ["registrar", "security", "supervisor1"])
def test_who_has_no_grant_to_read_cases_gets_no_page(road, visit, username):
    assert visit(username).get(f"/g/cases/{road().case_id}/").status_code == 404


def test_a_visitor_is_sent_to_sign_in(road, client):
    response = client.get(f"/g/cases/{road().case_id}/")
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/login/")


def test_a_case_that_does_not_exist_is_not_found(world, visit):
    assert visit("window").get(f"/g/cases/{UNKNOWN}/").status_code == 404


def test_who_has_no_step_here_sees_where_the_case_stands(road, visit):
    text = words(page(visit("market").get(f"/g/cases/{road().case_id}/")))
    assert "当前环节： 窗口受理" in text


def test_deciding_leads_to_the_next_case(road, visit):
    first, second = road(), road(project="p06", price=15200)
    window = visit("window")
    response = decide(window, first, panel(window, first), outcome="accept", opinion="同意受理。")
    assert (response.status_code, response["Location"]) == (302, f"/g/cases/{second.case_id}/")
    assert first.case.status == "review"


def test_deciding_the_last_case_leads_to_the_list(road, visit):
    application, window = road(), visit("window")
    response = decide(window, application, panel(window, application), outcome="accept", opinion="同意受理。")
    assert response["Location"] == "/g/work/"


def test_a_second_click_decides_once(road, visit):
    application, window = road(), visit("window")
    hidden = panel(window, application)
    for _ in range(2):
        response = decide(window, application, hidden, outcome="accept", opinion="同意受理。")
        assert response.status_code == 302
    assert Act.objects.filter(case=application.case, node="acceptance").count() == 1


def test_a_decision_without_its_words_is_refused_at_the_field_and_nothing_typed_is_lost(road, visit):
    application, window = road(), visit("window")
    response = decide(
        window, application, panel(window, application), outcome="not_accept", opinion="不属于本机关受理。"
    )
    shown = page(response)
    assert response.status_code == 422
    assert "请选择不予办理所依据的条款。" in words(shown.get_element_by_id("decide"))
    assert shown.get_element_by_id("opinion").value == "不属于本机关受理。"
    assert shown.xpath('//input[@name="outcome"][@checked]/@value') == ["not_accept"]
    assert application.case.status == "acceptance"


def test_the_items_of_a_correction_are_one_per_line(road, visit):
    application, window = road(), visit("window")
    decide(
        window,
        application,
        panel(window, application),
        outcome="correct",
        opinion="请补正。",
        items="合同缺少签章。\n\n 补充清单。 ",
    )
    assert CorrectionNotice.objects.get(case=application.case).items == ["合同缺少签章。", "补充清单。"]


def test_what_the_chosen_result_does_not_need_is_left_out(road, visit):
    application, window = road(), visit("window")
    decide(
        window,
        application,
        panel(window, application),
        outcome="accept",
        opinion="同意。",
        items="没有用的一行",
        clause=CLAUSE,
    )
    assert not CorrectionNotice.objects.filter(case=application.case).exists()
    assert Act.objects.get(case=application.case, node="acceptance").details == {}


def test_a_stale_page_is_refused_and_shows_what_was_typed(road, visit):
    application, window = road(), visit("window")
    hidden = panel(window, application)
    application.through("acceptance")
    response = decide(window, application, hidden, outcome="accept", opinion="我写了很久的意见。")
    assert response.status_code == 409
    assert "本环节已由您在另一窗口或由同事办理完毕" in response.text
    assert page(response).get_element_by_id("rescued").text == "我写了很久的意见。"


def test_a_correction_that_arrived_meanwhile_makes_the_page_stale(road, visit):
    application, window = road(), visit("window")
    hidden = panel(window, application) | {"submission": "7"}
    response = decide(window, application, hidden, outcome="accept", opinion="同意。")
    assert response.status_code == 409
    assert "申请人已提交补正" in response.text


def test_an_act_without_grant_is_refused(road, visit):
    application = road()
    hidden = {"item": str(open_step(application.case_id, "acceptance")), "command_id": str(uuid4())}
    response = decide(visit("market"), application, hidden, outcome="accept", opinion="同意。")
    assert response.status_code == 403
    assert "您不能办理本环节" in response.text
    assert application.case.status == "acceptance"


@pytest.mark.parametrize("broken", [{"item": "x"}, {"command_id": ""}, {"assignees": ["x"]}, {"override-x": "理由"}])
def test_a_page_that_was_tampered_with_is_refused_with_a_sentence(road, visit, broken):
    application, window = road(), visit("window")
    response = decide(window, application, panel(window, application) | broken, outcome="accept", opinion="同意。")
    assert response.status_code == 422
    assert "页面已过期" in response.text
    assert application.case.status == "acceptance"


def test_what_was_kept_for_later_is_there_again_and_gone_once_it_is_sent(road, visit):
    application, window = road(), visit("window")
    hidden = panel(window, application)
    kept = {**hidden, "_op": "keep", "outcome": "correct", "opinion": "稍后再看", "items": "一项"}
    assert window.post(f"/g/cases/{application.case_id}/decide/", kept)["Location"] == "/g/work/"
    shown = page(window.get(f"/g/cases/{application.case_id}/"))
    assert shown.get_element_by_id("opinion").value == "稍后再看"
    assert shown.xpath('//input[@name="outcome"][@checked]/@value') == ["correct"]
    decide(window, application, panel(window, application), outcome="accept", opinion="同意。")
    assert not UnsentDecision.objects.exists()


def test_a_kept_decision_is_for_its_author_only(road, visit):
    application, window = road(), visit("window")
    kept = {**panel(window, application), "_op": "keep", "opinion": "稍后再看"}
    window.post(f"/g/cases/{application.case_id}/decide/", kept)
    assert "稍后再看" not in visit("admin").get(f"/g/cases/{application.case_id}/").text


def test_failed_conditions_are_overridden_one_by_one_with_a_reason(road, visit):
    application = road(answers={"funding_committed": False}).to_approval()
    approver = visit("approver")
    hidden = panel(approver, application)
    refused = decide(approver, application, hidden, outcome="approve", opinion="同意。")
    name = page(refused).xpath('//textarea[starts-with(@name, "override-")]/@name')[0]
    assert refused.status_code == 422
    done = decide(
        approver, application, hidden, outcome="approve", opinion="同意。", **{name: "承诺书原件已当面核验。"}
    )
    assert done.status_code == 302
    assert "承诺书原件已当面核验。" in visit("head").get(f"/g/cases/{application.case_id}/").text


def test_whoever_handled_before_is_told_why_there_is_no_panel(road, visit, world):
    from jianguan.platform.accounts.service import Account, grant_at_installation

    application = road().through("acceptance", "quality_review", "safety_review", "market_review")
    window = Account.objects.get(username="window")
    grant_at_installation(window, "section_head", "4601")
    text = words(page(visit("window").get(f"/g/cases/{application.case_id}/")))
    assert "按审办分离要求，本环节须由他人办理" in text


def test_documents_open_for_who_may_see_the_case(road, visit):
    application = road()
    link = page(visit("window").get(f"/g/cases/{application.case_id}/")).xpath('//section[@id="materials"]//a/@href')[0]
    response = visit("window").get(link)
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Disposition"].startswith("inline")
    assert visit("agent2").get(link).status_code == 200
    assert visit("agent").get(link).status_code == 404
    assert visit("registrar").get(link).status_code == 404


def test_a_document_of_another_case_is_not_found(road, visit):
    first, second = road(), road(project="p06", price=15200)
    link = page(visit("window").get(f"/g/cases/{first.case_id}/")).xpath('//section[@id="materials"]//a/@href')[0]
    assert visit("window").get(link.replace(str(first.case_id), str(second.case_id))).status_code == 404


def test_the_clock_is_told_day_by_day_and_why_it_stopped(road, visit):
    application = road()
    application.finish("acceptance", "window", "correct", items=("合同缺少签章。",))
    text = words(page(visit("window").get(f"/g/cases/{application.case_id}/")))
    assert "计时中止" in text
    assert "事件当日不计入" in text


def test_the_certificate_is_there_once_it_is_sealed(road, visit):
    application = road().to_certificate()
    shown = page(visit("head").get(f"/g/cases/{application.case_id}/"))
    assert shown.xpath('//a[starts-with(@href, "/notices/")][contains(@href, "/file/")]')
    assert "发证办结" in words(shown)


def test_the_page_takes_as_many_queries_for_a_long_case_as_for_a_short_one(road, visit, django_assert_max_num_queries):
    application = road().to_approval()
    head = visit("head")
    head.get(f"/g/cases/{application.case_id}/")
    with django_assert_max_num_queries(45):
        head.get(f"/g/cases/{application.case_id}/")
