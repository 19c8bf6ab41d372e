"""Promises on the pages, without script: nothing typed or uploaded is lost, and nobody sees what is not theirs."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.licensing.matters.test_application_pages import case_of, page, posted, words
from tests.licensing.promises.conftest import noon

from jianguan.config.demonstration import further, timeline
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case
from jianguan.licensing.promises import service as promises
from jianguan.licensing.promises.models import LaterCheck, Note, State, Way

PDF = timeline.paper()
PROMISE = {"promise-way": "promise", "promise-item-water": "1", "promise-item-outlet": "1", "promise-signer": "何大川"}


@pytest.fixture
def draft(visit, world):
    """A filled-in draft of a drainage permit without documents: browser, address and what it would send."""
    agent = visit("agent2")
    command = page(agent.get("/e/matters/drainage_permit/")).xpath('//input[@name="command_id"]/@value')[0]
    sent = {"command_id": command, "project_id": str(world.projects["p05"])}
    address = agent.post("/e/matters/drainage_permit/", sent)["Location"]
    case = Case.objects.select_related("pack", "draft").get(pk=case_of(address))
    pack = matters.of_version(case.pack)
    row = {"matter": "drainage_permit", "by": "agent2", "project": "p05"}
    record = further._answers(world, row, case, pack)
    matters.save_draft(world.actor("agent2"), case.id, record, case.draft.revision)
    matters.attach(world.actor("agent2"), case.id, "plan", "方案.pdf", PDF)
    assert forms.errors(pack.form, record) == {}
    return agent, address, posted(agent, address) | {"promise": "1"}


def test_the_choice_is_offered_with_what_is_told(draft):
    agent, address, _ = draft
    shown = page(agent.get(address))
    assert len(shown.xpath('//input[@name="promise-way"]')) == 2
    text = words(shown.get_element_by_id("way"))
    for told in ("告知承诺", "排水水质符合", "撤销行政决定", "国办发〔2020〕42号"):
        assert told in text


def test_a_matter_without_promises_offers_none(visit, world):
    agent = visit("agent")
    command = page(agent.get("/e/matters/construction_permit/")).xpath('//input[@name="command_id"]/@value')[0]
    sent = {"command_id": command, "project_id": str(world.projects["p11"])}
    address = agent.post("/e/matters/construction_permit/", sent)["Location"]
    assert not page(agent.get(address)).xpath('//input[@name="promise-way"]')


def test_without_the_documents_it_is_submitted_by_promise(draft):
    agent, address, sent = draft
    refused = agent.post(address, sent | {"promise-way": "documents", "_op": "submit"})
    assert refused.status_code == 422
    assert "file-drawing" in refused.content.decode()
    sent["revision"] = page(refused).xpath('//input[@name="revision"]/@value')[0]
    done = agent.post(address, posted(agent, address) | PROMISE | {"promise": "1", "_op": "submit"})
    assert done["Location"].endswith("receipt/")
    promise = promises.of_submission(case_of(address), 1)
    assert promise
    assert promise.signer == "何大川"


def test_what_was_confirmed_and_signed_stays_where_something_is_missing(draft):
    agent, address, sent = draft
    half = {"promise-way": "promise", "promise-item-water": "1", "promise-signer": "何大川"}
    refused = agent.post(address, sent | half | {"_op": "submit"})
    assert refused.status_code == 422
    shown = page(refused)
    assert shown.get_element_by_id("f-promise-item-water").get("checked") is not None
    assert shown.get_element_by_id("f-promise-item-outlet").get("aria-invalid") == "true"
    assert shown.get_element_by_id("f-promise-signer").get("value") == "何大川"
    assert shown.xpath('//a[@href="#f-promise-item-outlet"]'), "the summary leads there"


def test_choosing_documents_for_a_while_loses_nothing(draft):
    agent, address, sent = draft
    agent.post(address, sent | PROMISE | {"_op": "save"})
    agent.post(address, posted(agent, address) | {"promise-way": "documents", "promise-signer": "", "_op": "save"})
    way = Way.objects.get(case_id=case_of(address))
    assert (way.promised, way.signer, way.confirmed) == (False, "何大川", ["water", "outlet"])


def test_who_is_barred_is_told_why_and_until_when(promised, draft):
    promised(project="p10").sanctioned()
    agent, address, _ = draft
    section = page(agent.get(address)).get_element_by_id("way")
    (radio,) = section.xpath('.//input[@value="promise"]')
    assert radio.get("disabled") is not None
    bar = promises.barred_now().get()
    assert f"{bar.last_day}" in words(section)
    assert "施工排水" in words(section)


def test_officers_see_what_is_promised(promised, visit):
    application = promised()
    shown = words(page(visit("window").get(f"/g/cases/{application.case_id}/")))
    assert "已承诺" in shown
    assert "不得" in shown


def test_the_document_is_read_by_both_sides_and_by_nobody_else(promised, visit):
    address = f"/promises/{promises.of_cases([promised().case_id])[0].id}/"
    for username in ("agent2", "window"):
        text = words(page(visit(username).get(address)))
        assert "何大川" in text
        assert "排水水质符合" in text
    assert [visit(name).get(address).status_code for name in ("agent", "supervisor1")] == [404, 404]


def test_a_result_is_entered_with_documents(promised, visit):
    application = promised().decided()
    officer, address = visit("urban"), f"/g/promises/{application.check.id}/"
    command = page(officer.get(address)).xpath('//input[@name="command_id"]/@value')[0]
    sent = {"command_id": command, "findings": "", "kept": "no"}
    refused = officer.post(address, sent | {"documents": SimpleUploadedFile("现场.pdf", PDF, "application/pdf")})
    assert refused.status_code == 422
    shown = page(refused)
    assert "现场.pdf" in words(shown)
    assert shown.xpath('//input[@name="kept"][@value="no"]/@checked')
    assert officer.post(address, sent | {"findings": "没有检测井。"}).status_code == 302
    (note,) = Note.objects.all()
    assert [one["name"] for one in note.documents] == ["现场.pdf"]
    link = page(visit("agent2").get(f"/e/promises/{application.check.id}/")).xpath(
        '//a[contains(@href, "documents")]/@href'
    )[0]
    assert visit("agent2").get(link).content == PDF
    assert visit("agent").get(link).status_code == 404


def test_an_unfinished_finding_is_not_shown_to_the_applicant(promised, visit):
    application = promised().decided()
    officer, address = visit("urban"), f"/g/promises/{application.check.id}/"
    file = SimpleUploadedFile("现场.pdf", PDF, "application/pdf")
    refused = officer.post(address, {"command_id": str(uuid4()), "kept": "no", "findings": "", "documents": file})
    link = page(refused).xpath('//a[contains(@href, "documents")]/@href')[0]
    assert officer.get(link).status_code == 200
    assert visit("agent2").get(link).status_code == 404


def test_what_the_applicant_typed_stays(promised, visit):
    application = promised().decided()
    application.result(kept=False)
    agent, address = visit("agent2"), f"/e/promises/{application.check.id}/"
    command = page(agent.get(address)).xpath('//input[@name="command_id"]/@value')[0]
    refused = agent.post(address, {"command_id": command, "_op": "report", "words": "长" * 2001})
    assert refused.status_code == 422
    assert "长" * 2001 in refused.content.decode()
    assert agent.post(address, {"command_id": command, "_op": "report", "words": "已补建。"}).status_code == 302
    late = agent.post(address, {"command_id": str(uuid4()), "_op": "report", "words": "再报一次。"})
    assert late.status_code == 409
    assert "再报一次。" in late.content.decode()


def test_the_whole_course_on_pages(promised, visit):
    application = promised().announced()
    agent, own = visit("agent2"), f"/e/promises/{application.check.id}/"
    page(agent.get(own))
    agent.post(own, {"command_id": str(uuid4()), "_op": "object", "words": "请求延期。"})
    approver, address = visit("approver"), f"/g/promises/{application.check.id}/"
    assert "请求延期。" in words(page(approver.get(address)))
    sent = {"command_id": str(uuid4()), "_op": "decide", "sanction": "yes", "reason": ""}
    assert approver.post(address, sent).status_code == 422
    assert approver.post(address, sent | {"reason": "逾期未整改。"}).status_code == 302
    assert LaterCheck.objects.get().state == State.SANCTIONED
    text = words(page(agent.get(own)))
    assert "行政复议" in text
    assert "吴建华" not in text, "the office speaks, not the officer"


def test_the_list_filters_and_tells_what_is_overdue(promised, visit):
    check = promised().decided().check
    officer = visit("urban")
    assert check.number in words(page(officer.get("/g/promises/")))
    assert check.number not in words(page(officer.get("/g/promises/?list=all&due=overdue")))
    with noon(check.due_on + timedelta(days=2)):
        late = page(officer.get("/g/promises/?list=all&due=overdue"))
    assert late.xpath('//tr[@class="late"]')
    assert check.number not in words(page(officer.get("/g/promises/?list=all&state=kept")))
    assert check.number not in words(page(officer.get("/g/promises/?list=all&region=460200")))
    assert check.number not in words(page(visit("approver").get("/g/promises/"))), "the approver does not check"


def test_pages_are_for_those_they_are_for(promised, visit):
    check = promised().decided().check
    assert visit("agent").get(f"/e/promises/{check.id}/").status_code == 404
    assert visit("agent2").get(f"/g/promises/{check.id}/").status_code == 403
    assert visit("supervisor1").get("/g/promises/").status_code == 403
    assert visit("head").get("/g/promises/figures/").status_code == 200


def test_the_public_sees_who_is_barred_and_for_how_long(promised, client):
    assert "没有" in words(page(client.get("/barred/")))
    promised().sanctioned()
    bar = promises.barred_now().get()
    text = words(page(client.get("/barred/")))
    assert bar.name in text
    assert bar.reason in text
    with noon(bar.last_day + timedelta(days=1)):
        assert bar.name not in words(page(client.get("/barred/")))


def test_lists_ask_as_often_for_many_as_for_one(promised, visit, django_assert_max_num_queries):
    promised().decided()
    officer = visit("urban")
    officer.get("/g/promises/?list=all")
    with django_assert_max_num_queries(60) as first:
        officer.get("/g/promises/?list=all")
    for project in ("p10", "p02", "p03"):
        promised(project=project).decided()
    with django_assert_max_num_queries(len(first.captured_queries)):
        officer.get("/g/promises/?list=all")
