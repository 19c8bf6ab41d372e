"""Applying on the pages, without script: nothing typed or uploaded is lost, whatever button is pressed and however often."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.licensing.matters.test_case_pages import page, words

from jianguan.config.demonstration import cases, timeline
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters.models import Case, Draft, Submission
from jianguan.platform.documents import service as documents

ROW = {
    "project": "p11",
    "until": "x",
    "builder": "builder_1",
    "manager": "manager_2",
    "chief": "chief_2",
    "price": 41000.00,
}
PDF = timeline.paper()


def draft(visit: Any, world: Any, project: str = "p11", username: str = "agent") -> tuple[Any, str]:
    """A new draft: the browser and its address."""
    agent = visit(username)
    begun = page(agent.get("/e/matters/construction_permit/"))
    command = begun.xpath('//input[@name="command_id"]/@value')[0]
    response = agent.post(
        "/e/matters/construction_permit/", {"command_id": command, "project_id": str(world.projects[project])}
    )
    assert response.status_code == 302
    return agent, response["Location"]


def posted(agent: Any, address: str) -> dict[str, Any]:
    """The form of a draft as the browser would send it."""
    shown = page(agent.get(address))
    form = shown.get_element_by_id("apply")
    sent: dict[str, Any] = {}
    for field in form.xpath(".//input|.//select|.//textarea"):
        if not field.get("name") or field.get("type") in ("file", "submit"):
            continue
        if field.get("type") in ("checkbox", "radio"):
            if field.get("checked") is not None:
                sent.setdefault(field.name, []).append(field.get("value"))
        else:
            sent.setdefault(field.name, []).append(field.value or "")
    return sent


def case_of(address: str) -> UUID:
    return UUID(address.split("/")[3])


def upload(name: str = "合同.pdf", data: bytes = PDF, media_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, media_type)


def complete(world: Any, agent: Any, address: str) -> dict[str, Any]:
    """A draft with everything filled in, as `posted` gives it."""
    cases.fill(world, case_of(address), ROW)
    return posted(agent, address) | {"promise": "1"}


def test_an_application_begins_with_what_the_libraries_know(visit, world):
    agent, address = draft(visit, world)
    shown = page(agent.get(address))
    assert "江东新区创新产业园一期" in shown.xpath("//input[@readonly]/@value")
    assert "项目库带出" in words(shown)


def test_beginning_twice_with_one_page_makes_one_draft(visit, world):
    agent = visit("agent")
    command = page(agent.get("/e/matters/construction_permit/")).xpath('//input[@name="command_id"]/@value')[0]
    sent = {"command_id": command, "project_id": str(world.projects["p11"])}
    addresses = {agent.post("/e/matters/construction_permit/", sent)["Location"] for _ in range(2)}
    assert len(addresses) == 1
    assert Case.objects.count() == 1


def test_a_project_of_another_enterprise_cannot_be_chosen(visit, world):
    sent = {"command_id": str(uuid4()), "project_id": str(world.projects["p02"])}
    response = visit("agent").post("/e/matters/construction_permit/", sent)
    assert response.status_code == 403
    assert "请选择本企业建设或者参与建设的项目" in response.text
    assert not Case.objects.exists()


def test_a_draft_keeps_what_is_typed_right_or_wrong(visit, world):
    agent, address = draft(visit, world)
    sent = posted(agent, address) | {"works_name": "一期研发楼", "contract_price": "约三亿", "_op": "save"}
    assert agent.post(address, sent).status_code == 302
    shown = page(agent.get(address))
    assert shown.get_element_by_id("f-works_name").value == "一期研发楼"
    assert shown.get_element_by_id("f-contract_price").value == "约三亿"


def test_checking_names_everything_that_is_missing_with_a_link_to_it(visit, world):
    agent, address = draft(visit, world)
    response = agent.post(address, posted(agent, address) | {"_op": "check"})
    shown = page(response)
    links = shown.xpath('//*[@id="errors"]//a/@href')
    assert "#f-works_name" in links
    assert "#f-file-contract" in links
    assert all(shown.xpath(f'//*[@id="{link[1:]}"]') for link in links)


def test_submitting_what_is_not_complete_is_refused_and_loses_nothing(visit, world):
    agent, address = draft(visit, world)
    response = agent.post(
        address, posted(agent, address) | {"works_name": "一期研发楼", "_op": "submit", "promise": "1"}
    )
    assert response.status_code == 422
    assert page(response).get_element_by_id("f-works_name").value == "一期研发楼"
    assert page(response).xpath('//input[@name="promise"]/@checked')
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("units-0-uscc", "91460000MA46TE013X", "校验"),
        ("owner_leader_identity", "460000199001010011", "校验"),
        ("contract_price", "-3", ""),
        ("finish", "2020-01-01", ""),
    ],
)
def test_a_wrong_answer_is_said_at_its_field(visit, world, field, typed, says):
    agent, address = draft(visit, world)
    response = agent.post(address, complete(world, agent, address) | {field: typed, "_op": "submit"})
    error = page(response).get_element_by_id(f"f-{field}-e")
    assert response.status_code == 422
    assert says in words(error)
    assert page(response).get_element_by_id(f"f-{field}").value == typed


def test_uploads_are_kept_whatever_button_is_pressed(visit, world):
    agent, address = draft(visit, world)
    case_id = case_of(address)
    for button in ("save", "check", "submit", "add:units"):
        sent = posted(agent, address) | {
            "_op": button,
            "file-contract": upload(f"{button.partition(':')[0]}.pdf", PDF + button.encode()),
        }
        agent.post(address, sent)
    names = [document.filename for document in documents.of_subject("case", case_id)]
    assert names == ["save.pdf", "check.pdf", "submit.pdf", "add.pdf"]


def test_an_upload_that_is_not_what_it_says_is_refused_at_its_place(visit, world):
    agent, address = draft(visit, world)
    sent = posted(agent, address) | {
        "_op": "save",
        "works_name": "一期研发楼",
        "file-contract": upload("合同.pdf", b"<html>hello</html>"),
    }
    response = agent.post(address, sent)
    assert words(page(response).get_element_by_id("f-file-contract-e")).count("合同.pdf") == 1
    assert page(response).get_element_by_id("f-works_name").value == "一期研发楼"
    assert not documents.of_subject("case", case_of(address)).exists()


def test_an_upload_nobody_asked_for_is_refused(visit, world):
    agent, address = draft(visit, world)
    response = agent.post(address, posted(agent, address) | {"_op": "save", "file-other": upload()})
    assert "本事项不需要这份材料" in response.text


def test_a_document_can_be_taken_off_again(visit, world):
    agent, address = draft(visit, world)
    agent.post(address, posted(agent, address) | {"_op": "save", "file-contract": upload()})
    button = page(agent.get(address)).xpath('//button[starts-with(@value, "detach:")]/@value')[0]
    agent.post(address, posted(agent, address) | {"_op": button})
    assert not documents.of_subject("case", case_of(address)).exists()


def test_rows_are_added_and_deleted_without_script(visit, world):
    agent, address = draft(visit, world)
    rows = len(page(agent.get(address)).xpath('//select[starts-with(@name, "units-")][contains(@name, "-role")]'))
    added = agent.post(address, posted(agent, address) | {"_op": "add:units"})
    assert len(page(added).xpath('//select[starts-with(@name, "units-")][contains(@name, "-role")]')) == rows + 1
    deleted = agent.post(address, posted(agent, address) | {"_op": "del:units:0"})
    assert len(page(deleted).xpath('//select[starts-with(@name, "units-")][contains(@name, "-role")]')) == rows


def test_a_complete_application_is_submitted_and_gets_a_receipt(visit, world):
    agent, address = draft(visit, world)
    response = agent.post(address, complete(world, agent, address) | {"_op": "submit"})
    assert (response.status_code, response["Location"]) == (302, f"{address}receipt/")
    case = Case.objects.get()
    assert case.number in agent.get(response["Location"]).text
    assert case.status == "acceptance"


def test_a_second_click_submits_once_and_leads_to_the_same_receipt(visit, world):
    agent, address = draft(visit, world)
    sent = complete(world, agent, address) | {"_op": "submit"}
    locations = {agent.post(address, sent)["Location"] for _ in range(3)}
    assert locations == {f"{address}receipt/"}
    assert Submission.objects.count() == 1


def test_without_the_commitment_nothing_is_submitted(visit, world):
    agent, address = draft(visit, world)
    sent = complete(world, agent, address)
    del sent["promise"]
    response = agent.post(address, sent | {"_op": "submit"})
    assert response.status_code == 422
    assert "提交前请勾选承诺。" in words(page(response).get_element_by_id("f-promise-e"))
    assert not Submission.objects.exists()


def test_works_that_have_a_permit_are_refused_with_its_number(visit, world, road):
    application = road(**ROW).to_certificate()
    permit = certificates.of_case(application.case_id)
    agent, address = draft(visit, world)
    response = agent.post(address, complete(world, agent, address) | {"_op": "submit"})
    assert response.status_code == 409
    assert permit.number in response.text
    assert Draft.objects.filter(case=case_of(address)).exists()


def test_works_with_an_open_application_are_refused_with_its_number(visit, world, road):
    other = road(**ROW)
    agent, address = draft(visit, world)
    response = agent.post(address, complete(world, agent, address) | {"_op": "submit"})
    assert response.status_code == 409
    assert other.case.number in response.text


def test_two_windows_cannot_overwrite_each_other(visit, world):
    agent, address = draft(visit, world)
    first, second = posted(agent, address), posted(agent, address)
    agent.post(address, first | {"works_name": "第一个窗口", "_op": "save"})
    response = agent.post(address, second | {"works_name": "第二个窗口", "_op": "save"})
    assert response.status_code == 409
    assert "已在另一窗口中修改" in response.text
    assert page(response).get_element_by_id("f-works_name").value == "第二个窗口"
    assert Draft.objects.get().record["works_name"] == "第一个窗口"


def test_one_window_saves_again_and_again(visit, world):
    agent, address = draft(visit, world)
    sent = posted(agent, address)
    for name in ("一", "二", "三"):
        response = agent.post(address, sent | {"works_name": name, "_op": "autosave"}, headers={"HX-Request": "true"})
        assert "草稿已于" in response.text
    assert Draft.objects.get().record["works_name"] == "三"


def test_a_draft_of_another_enterprise_is_not_found(visit, world):
    _agent, address = draft(visit, world)
    assert visit("agent2").get(address).status_code == 404
    assert visit("window").get(address).status_code == 403


def test_identity_numbers_of_a_draft_are_encrypted_in_the_database(visit, world):
    agent, address = draft(visit, world)
    sent = complete(world, agent, address)
    agent.post(address, sent | {"_op": "save"})
    number = sent["owner_leader_identity"][0]
    assert number
    assert number not in str(Draft.objects.get().record)


def test_a_draft_can_be_discarded(visit, world):
    agent, address = draft(visit, world)
    sent = posted(agent, address)
    response = agent.post(address.replace("apply", "cases"), sent)
    assert response["Location"] == "/e/cases/"
    assert Case.objects.get().status == "withdrawn"


def test_a_correction_is_made_on_the_same_form_and_shows_what_changed(visit, world, road):
    application = road()
    application.finish("acceptance", "window", "correct", items=("请更正合同价格。",))
    agent, address = visit("agent2"), f"/e/apply/{application.case_id}/"
    assert "请更正合同价格。" in agent.get(address).text
    sent = posted(agent, address) | {"contract_price": "25000", "promise": "1", "_op": "submit"}
    assert agent.post(address, sent).status_code == 302
    text = words(page(visit("window").get(f"/g/cases/{application.case_id}/")).get_element_by_id("changes"))
    assert "24,650" in text
    assert "25,000" in text


def test_a_submitted_application_is_read_not_written(visit, road):
    application = road()
    response = visit("agent2").get(f"/e/apply/{application.case_id}/")
    assert response["Location"] == f"/e/cases/{application.case_id}/"


def test_the_applicant_sees_the_course_but_not_the_words_of_the_office(visit, road):
    application = road().through("acceptance")
    application.finish("quality_review", "quality", "pass", opinion="内部意见：同意。")
    text = words(page(visit("agent2").get(f"/e/cases/{application.case_id}/")))
    assert "质量监督审查" in text
    assert "内部意见" not in text
    assert "赵立新" not in text


def test_withdrawing_needs_a_reason_and_ends_the_case(visit, road):
    application, agent = road(), visit("agent2")
    address = f"/e/cases/{application.case_id}/"
    command = page(agent.get(address)).xpath('//input[@name="command_id"]/@value')[0]
    refused = agent.post(address, {"command_id": command, "reason": " "})
    assert refused.status_code == 422
    assert "请说明撤回原因。" in refused.text
    assert agent.post(address, {"command_id": command, "reason": "施工计划调整。"}).status_code == 302
    assert application.case.status == "withdrawn"


def test_a_decided_case_is_not_withdrawn(visit, road):
    application, agent = road().to_certificate(), visit("agent2")
    response = agent.post(f"/e/cases/{application.case_id}/", {"command_id": str(uuid4()), "reason": "不要了。"})
    assert response.status_code == 409
    assert application.case.status == "completed"


def test_the_list_shows_ones_own_cases_only(visit, road):
    application = road()
    assert application.case.number in visit("agent2").get("/e/cases/").text
    assert application.case.number not in visit("agent").get("/e/cases/").text
