"""Pages of procedures, calls and objections: what each reader sees, and what becomes of bad input."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html
from tests.licensing.proceedings.conftest import enter_record, objection, order

from jianguan.config.demonstration.timeline import paper
from jianguan.licensing.proceedings.models import Call, Objection, Proceeding
from jianguan.platform import clock
from jianguan.platform.documents import service as documents

ORDER = {
    "kind": "survey",
    "expected_days": "５",
    "reason": "核实现场条件。",
    "asked": "是否具备施工条件。",
    "place": "工地",
}
CALL = {"incoming": "", "name": "林晓", "number": "139-0000-0099", "time": "09：30", "said": "已提醒补交合同。"}


def words(response: Any) -> str:
    return " ".join(html.fromstring(response.content).text_content().split())


def section(response: Any) -> str:
    return " ".join(html.fromstring(response.content).xpath('string(//section[@id="proceedings"])').split())


def test_an_officer_orders_a_survey_on_the_page_and_everyone_sees_it(road, visit):
    application = road()
    window = visit("window")
    assert "尚无听证" in section(window.get(f"/g/cases/{application.case_id}/"))
    sent = {**ORDER, "command_id": uuid4()}
    for _ in range(2):  # a second click
        response = window.post(f"/g/cases/{application.case_id}/proceedings/new/", sent)
        assert response.status_code == 302
    made = Proceeding.objects.get()
    assert (made.expected_days, made.place) == (5, "工地")
    for reader, address in (("window", f"/g/cases/{made.case_id}/"), ("agent2", f"/e/cases/{made.case_id}/")):
        shown = visit(reader).get(address)
        assert made.number in section(shown)
        assert "现场踏勘" in words(shown)
        assert "计时中止" in words(shown)
    notice = words(visit("agent2").get(f"/proceedings/{made.id}/notice/"))
    assert "5 个工作日" in notice
    assert "不计入" in notice


def test_an_order_that_lacks_something_keeps_what_was_typed(road, visit):
    application = road()
    response = visit("window").post(f"/g/cases/{application.case_id}/proceedings/new/", {**ORDER, "reason": ""})
    assert response.status_code == 422
    page = html.fromstring(response.content)
    assert page.xpath('string(//textarea[@name="asked"])').strip() == ORDER["asked"]
    assert page.xpath('//textarea[@name="reason"]/@aria-invalid') == ["true"]
    assert not Proceeding.objects.exists()


@pytest.mark.parametrize(("username", "status"), [("market", 403), ("agent", 403), ("registrar", 404)])
def test_the_form_of_an_order_is_for_who_has_an_open_step(road, visit, username, status):
    assert visit(username).get(f"/g/cases/{road().case_id}/proceedings/new/").status_code == status


def test_a_decision_on_the_page_is_refused_with_a_sentence(road, visit):
    application = road()
    order(application)
    command = {"command_id": uuid4(), "item": application.item("acceptance"), "outcome": "accept", "opinion": "同意。"}
    response = visit("window").post(f"/g/cases/{application.case_id}/decide/", {**command, "_op": "submit"})
    assert response.status_code == 409
    assert "特别程序尚未结束" in words(response)
    assert "同意。" in response.text


def test_record_and_photos_are_for_officers_those_of_a_hearing_for_the_applicant_too(road, visit):
    application = road()
    for kind, readable in (("survey", False), ("hearing", True)):
        made = order(application, kind=kind)
        sent = {"file": SimpleUploadedFile("现场.pdf", paper())}
        assert visit("window").post(f"/g/proceedings/{made.id}/documents/", sent).status_code == 302
        link = html.fromstring(visit("window").get(f"/g/proceedings/{made.id}/").content).xpath(
            '//ul[@class="files"]//a/@href'
        )[0]
        assert visit("agent2").get(link).status_code == 404  # before the record is entered
        finding = f"{kind}的结论。"
        typed = {"held_on": clock.today(), "participants": "王芳", "findings": finding, "command_id": uuid4()}
        assert visit("window").post(f"/g/proceedings/{made.id}/record/", typed).status_code == 302
        assert finding in words(visit("quality").get(f"/g/cases/{application.case_id}/"))
        assert (finding in words(visit("agent2").get(f"/e/cases/{application.case_id}/"))) is readable
        assert visit("agent2").get(link).status_code == (200 if readable else 404)
        assert visit("quality").get(link)["Content-Disposition"].startswith("inline")
        assert visit("agent").get(link).status_code == 404


def test_a_file_that_is_none_is_refused_in_its_place(road, visit):
    made = order(road())
    response = visit("window").post(
        f"/g/proceedings/{made.id}/documents/", {"file": SimpleUploadedFile("x.pdf", b"MZ")}
    )
    assert response.status_code == 422
    assert "x.pdf" in words(response)
    assert visit("window").post(f"/g/proceedings/{made.id}/documents/").status_code == 422


def test_calling_off_asks_for_a_reason(road, visit):
    made = order(road())
    address = f"/g/proceedings/{made.id}/call-off/"
    assert visit("window").post(address, {"reason": ""}).status_code == 422
    assert visit("window").post(address, {"reason": "已核实。", "command_id": uuid4()}).status_code == 302
    made.refresh_from_db()
    assert made.state == "called_off"


def test_a_call_is_noted_masked_and_its_number_shown_once(road, visit):
    application = road()
    sent = {**CALL, "day": clock.today() - timedelta(days=1), "command_id": uuid4()}
    for _ in range(2):
        assert visit("window").post(f"/g/cases/{application.case_id}/calls/new/", sent).status_code == 302
    call = Call.objects.get()
    assert call.number == "13900000099"
    page = visit("window").get(f"/g/cases/{application.case_id}/")
    assert "139****0099" in words(page)
    assert "13900000099" not in page.text
    assert "已提醒补交合同" in words(page)
    assert "已提醒补交合同" not in words(visit("agent2").get(f"/e/cases/{application.case_id}/"))
    assert "13900000099" not in visit("window").get(f"/g/calls/{call.id}/").text
    assert "13900000099" in visit("window").post(f"/g/calls/{call.id}/", {"command_id": uuid4()}).text
    assert visit("approver").post(f"/g/calls/{call.id}/", {"command_id": uuid4()}).status_code == 403
    assert visit("agent2").get(f"/g/calls/{call.id}/").status_code == 403


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"number": "十二"}, "number"),
        ({"time": "25:00"}, "time"),
        ({"said": ""}, "said"),
        ({"day": "2099-01-01"}, "day"),
    ],
)
def test_a_call_that_cannot_be_is_refused_at_its_field(road, visit, typed, field):
    application = road()
    sent = {**CALL, "day": clock.today(), **typed}
    response = visit("window").post(f"/g/cases/{application.case_id}/calls/new/", sent)
    assert response.status_code == 422
    assert html.fromstring(response.content).xpath(f'//*[@name="{field}"]/@aria-invalid') == ["true"]
    assert not Call.objects.exists()


def test_only_who_handles_the_case_notes_calls(road, visit):
    assert visit("approver").get(f"/g/cases/{road().case_id}/calls/new/").status_code == 403


def test_an_applicant_objects_and_reads_the_answer(refused, visit):
    agent, case_id = visit("agent2"), refused.case_id
    assert "可在" in section(agent.get(f"/e/cases/{case_id}/"))
    sent = {"key": f"refused:{refused.case.number}", "reasons": "资金已到账。", "command_id": uuid4()}
    response = agent.post(f"/e/cases/{case_id}/objections/new/", sent)
    assert response.status_code == 302
    made = Objection.objects.get()
    added = [
        agent.post(f"/e/objections/{made.id}/documents/", {"file": SimpleUploadedFile("资金证明.pdf", paper())})
        for _ in range(2)
    ]
    assert [response.status_code for response in added] == [302, 302]
    assert documents.of_subject("objection", made.id).count() == 1
    assert made.number in words(visit("approver").get("/g/proceedings/?list=objections"))
    assert "须由他人" in words(visit("head").get(f"/objections/{made.id}/"))
    typed = {"result": "maintained", "words": "受理时未到账。", "command_id": uuid4()}
    assert visit("head").post(f"/g/objections/{made.id}/answer/", typed).status_code == 403
    assert visit("approver").post(f"/g/objections/{made.id}/answer/", {"result": "", "words": "x"}).status_code == 422
    assert visit("approver").post(f"/g/objections/{made.id}/answer/", typed).status_code == 302
    text = words(agent.get(f"/objections/{made.id}/"))
    assert "受理时未到账" in text
    assert "行政复议" in text
    assert "吴建华" not in text
    assert visit("agent").get(f"/objections/{made.id}/").status_code == 404
    late = {"file": SimpleUploadedFile("迟到.pdf", paper())}
    assert agent.post(f"/e/objections/{made.id}/documents/", late).status_code == 409


def test_an_objection_without_reasons_keeps_its_choice(refused, visit):
    key = f"refused:{refused.case.number}"
    response = visit("agent2").post(f"/e/cases/{refused.case_id}/objections/new/", {"key": key, "reasons": ""})
    assert response.status_code == 422
    assert html.fromstring(response.content).xpath('//input[@name="key"][@checked]/@value') == [key]


def test_lists_are_cut_by_jurisdiction(road, refused, visit):
    made = order(road(project="p06", price=15200), kind="hearing")
    objection(refused)
    assert made.number in words(visit("head").get("/g/proceedings/"))
    assert visit("registrar").get("/g/proceedings/").status_code == 403


def test_pages_take_as_many_queries_for_much_as_for_little(road, visit, django_assert_max_num_queries):
    application = road()
    window = visit("window")
    enter_record(application, order(application))
    window.get(f"/g/cases/{application.case_id}/")
    with CaptureQueriesContext(connection) as few:
        window.get(f"/g/cases/{application.case_id}/")
    for kind in ("hearing", "testing", "survey"):
        enter_record(application, order(application, kind=kind))
    with django_assert_max_num_queries(len(few)):
        window.get(f"/g/cases/{application.case_id}/")
