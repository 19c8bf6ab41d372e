"""Bad input on the pages: refused with a Chinese sentence a clerk understands, nothing typed lost, nothing half done."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils.translation import override
from lxml import html
from pypdf import PdfReader, PdfWriter
from tests.licensing.matters.test_application_pages import ROW, complete, draft, posted
from tests.licensing.matters.test_case_pages import decide, page, panel, words

from jianguan.config.demonstration import timeline
from jianguan.config.packs_folder import shipped_packs
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.reading import from_files
from jianguan.platform.accounts.service import Account
from jianguan.platform.errors import Conflict
from jianguan.platform.web.service import say

PDF = timeline.paper()
OTHER_TABLES = {"django_session"}  # signing in is no part of what is refused
DRAFTS = {"matters_draft"}  # what was typed is kept there
ENGLISH = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]{2}.*。")


def standing() -> dict[str, object]:
    """Everything that is kept: a digest of every table, and the names of all stored files."""
    found: dict[str, object] = {
        "files": {path.name for path in Path(settings.DOCUMENTS_ROOT).rglob("*") if path.is_file()}
    }
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - OTHER_TABLES:
            cursor.execute(
                f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM \"{table}\" t"
            )
            found[table] = cursor.fetchone()
    return found


@pytest.fixture
def nothing_done() -> Callable[..., None]:
    """Says whether everything stands as it stood when this was last asked; `nothing_done()` first, then act."""
    before: dict[str, object] = {}

    def check(*, but: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        now = standing()
        changed = {name for name in now if before and before.get(name) != now[name]} - but
        before.update(now)
        assert not changed

    return check


def sentences(response: Any) -> str:
    """What a page says is wrong: above the form, at its fields, or as a page of its own."""
    told = page(response).xpath(
        "//main//*[contains(concat(' ', @class, ' '), ' errs ') or contains(@class, 'note-red') or @class = 'err']"
        "|//main//div[@class = 'card wide']"
    )
    return " ".join(words(element) for element in told)


def said_at(shown: html.HtmlElement, name: str) -> str:
    """The sentence at a field."""
    described = shown.get_element_by_id(f"f-{name}").get("aria-describedby", "").split()
    return " ".join(words(shown.get_element_by_id(identifier)) for identifier in described)


def assert_refused(response: Any, status: int, says: str) -> None:
    """A refusal with its sentence in Chinese, without a word of English beside it."""
    assert response.status_code == status
    said = sentences(response)
    assert re.search(says, said), said
    assert CHINESE.search(said)
    assert not ENGLISH.search(said), said


def form_of(shown: html.HtmlElement, xpath: str = '//form[@id="apply"]') -> dict[str, list[str]]:
    """What a form of a page would send."""
    sent: dict[str, list[str]] = {}
    for field in shown.xpath(xpath)[0].xpath(".//input|.//select|.//textarea"):
        if not field.get("name") or field.get("type") in ("file", "submit"):
            continue
        if field.get("type") not in ("checkbox", "radio") or field.get("checked") is not None:
            sent.setdefault(field.name, []).append(field.value or "")
    return sent


def assert_all_typed_is_there(response: Any, sent: Mapping[str, Any]) -> None:
    """Every answer that was sent stands in the form of the answer."""
    there = form_of(page(response))
    ours = {"_op", "revision", "window", "command_id", "csrfmiddlewaretoken"}
    for name, value in sent.items():
        if name not in ours and not isinstance(value, SimpleUploadedFile):
            assert there.get(name) == (value if isinstance(value, list) else [value]), name


# --- wrong check digits


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("units-0-uscc", "91460000MA46TE013X"),
        ("units-2-leader_identity", "460000199003075233"),
        ("staff-0-identity", "46000019900307523X"),
        ("staff-0-uscc", "91350100M000100Y44"),
        ("owner_leader_identity", "460000199001010011"),
        ("testing_uscc", "91460100MA5TE5T157"),
    ],
)
def test_a_wrong_check_digit_is_said_at_its_field(visit, world, nothing_done, field, typed):
    agent, address = draft(visit, world)
    sent = complete(world, agent, address) | {field: typed, "_op": "submit"}
    nothing_done()
    response = agent.post(address, sent)
    assert_refused(response, 422, "校验")
    assert "校验" in said_at(page(response), field)
    assert_all_typed_is_there(response, sent)
    nothing_done(but=DRAFTS)


@pytest.mark.parametrize(
    ("address", "typed", "field"),
    [
        ("/g/ents/new/", {"uscc": "91460000MA46TE013X", "name": "海南某某建设有限公司", "region": "460105"}, "uscc"),
        (
            "/g/people/new/",
            {"name": "张三", "identity_number": "460000199003075233", "region": "460105"},
            "identity_number",
        ),
    ],
)
def test_a_wrong_check_digit_is_not_taken_into_a_library(visit, world, nothing_done, address, typed, field):
    registrar = visit("registrar")
    sent = form_of(page(registrar.get(address)), '//main//form[@method="post"]') | typed
    nothing_done()
    response = registrar.post(address, sent)
    assert_refused(response, 422, "校验")
    shown = page(response)
    assert "校验" in said_at(shown, field)
    assert {name: shown.get_element_by_id(f"f-{name}").value for name in typed} == typed
    nothing_done()


# --- a project that has a permit for these works, or an open application


@pytest.mark.parametrize("decided", [True, False])
def test_works_that_are_taken_are_refused_with_the_number_that_has_them(visit, world, road, nothing_done, decided):
    other = road(**ROW)
    number = other.case.number
    if decided:
        number = certificates.of_case(other.to_certificate().case_id).number
    agent, address = draft(visit, world)
    sent = complete(world, agent, address) | {"_op": "submit"}
    nothing_done()
    response = agent.post(address, sent)
    assert_refused(response, 409, number)
    assert_all_typed_is_there(response, sent)
    nothing_done(but=DRAFTS)


# --- uploads that are not what they say


def locked_pdf() -> bytes:
    writer, buffer = PdfWriter(PdfReader(io.BytesIO(PDF))), io.BytesIO()
    writer.encrypt("geheim", algorithm="RC4-128")
    writer.write(buffer)
    return buffer.getvalue()


def package() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("合同.pdf", b"<html><script>alert(1)</script></html>", "application/pdf"),
        ("合同.pdf", b"MZ\x90\x00" + bytes(200), "application/pdf"),
        ("合同.pdf", PDF[: len(PDF) // 2], "application/pdf"),
        ("合同.pdf", b"", "application/pdf"),
        ("合同.pdf", b"\x89PNG\r\n\x1a\n" + bytes(50), "application/pdf"),
        ("合同.png", PDF, "image/png"),
        ("合同.docx", package(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("合同.exe", PDF, "application/pdf"),
        ("合同.pdf", locked_pdf(), "application/pdf"),
    ],
    ids=["page", "program", "cut", "empty", "broken picture", "named otherwise", "office", "named a program", "locked"],
)
@pytest.mark.parametrize("button", ["save", "submit"])
def test_an_upload_that_is_not_what_it_says_is_refused_at_its_place(
    visit, world, nothing_done, button, name, content, media_type
):
    agent, address = draft(visit, world)
    sent = posted(agent, address) | {"works_name": "一期研发楼", "contract_price": "约三亿", "_op": button}
    nothing_done()
    response = agent.post(address, sent | {"file-contract": SimpleUploadedFile(name, content, media_type)})
    assert response.status_code == (422 if button == "submit" else 200)
    said = words(page(response).get_element_by_id("f-file-contract-e"))
    assert said.count(name) == 1
    assert CHINESE.search(said.replace(name, ""))
    assert not ENGLISH.search(said.replace(name, ""))
    assert_all_typed_is_there(response, sent)
    nothing_done(but=DRAFTS)


# --- missing fields


def test_every_field_that_is_missing_is_named_and_the_rest_is_kept(visit, world, nothing_done):
    agent, address = draft(visit, world)
    sent = posted(agent, address) | {"works_name": "一期研发楼", "promise": "1", "_op": "submit"}
    nothing_done()
    response = agent.post(address, sent)
    assert_refused(response, 422, "请")
    shown = page(response)
    links = [link.get("href")[1:] for link in shown.xpath('//*[@id="errors"]//a')]
    assert {"f-contract_price", "f-start", "f-file-contract"} <= set(links)
    for link in links:
        assert CHINESE.search(words(shown.get_element_by_id(f"{link}-e"))), link
    assert_all_typed_is_there(response, sent)
    nothing_done(but=DRAFTS)


@pytest.mark.parametrize(
    "field", ["contract_price", "start", "owner_leader_phone", "units-0-name", "staff-0-certificate"]
)
def test_one_missing_field_is_enough(visit, world, nothing_done, field):
    agent, address = draft(visit, world)
    sent = complete(world, agent, address) | {field: "", "_op": "submit"}
    nothing_done()
    response = agent.post(address, sent)
    assert response.status_code == 422
    assert [link.get("href") for link in page(response).xpath('//*[@id="errors"]//a')] == [f"#f-{field}"]
    assert_all_typed_is_there(response, sent)
    nothing_done(but=DRAFTS)


@pytest.mark.parametrize(
    ("outcome", "typed", "says"),
    [
        ("", {"opinion": "我的意见。"}, "请"),
        ("correct", {"opinion": "请补正。", "items": "  "}, "请"),
        ("not_accept", {"opinion": "不属于本机关受理。"}, "请选择不予办理所依据的条款。"),
        ("not_accept", {"opinion": "", "clause": "《建筑工程施工许可管理办法》第四条第一款第（五）项"}, "请"),
        ("approve", {"opinion": "直接批准。"}, "."),
    ],
    ids=["no result", "no items", "no clause", "no opinion", "a result of another step"],
)
def test_a_decision_that_lacks_something_is_refused(road, visit, nothing_done, outcome, typed, says):
    application, window = road(), visit("window")
    hidden = panel(window, application)
    nothing_done()
    response = decide(window, application, hidden, outcome=outcome, **typed)
    assert_refused(response, 422, says)
    shown = page(response)
    there = form_of(shown, '//form[contains(@class, "decide")]')
    assert {name: there[name] for name in typed} == {name: [value] for name, value in typed.items()}
    nothing_done()


# --- repeated submission, a second click


def test_submitting_again_changes_nothing(visit, world, nothing_done):
    agent, address = draft(visit, world)
    sent = complete(world, agent, address) | {"_op": "submit"}
    first = agent.post(address, sent)
    nothing_done()
    assert agent.post(address, sent)["Location"] == first["Location"]
    changed = sent | {"works_name": "另一个名称", "command_id": str(uuid4())}
    assert agent.post(address, changed)["Location"] == first["Location"]
    upload = {"file-contract": SimpleUploadedFile("新合同.pdf", PDF + b"\n", "application/pdf")}
    assert agent.post(address, sent | upload)["Location"] == first["Location"]
    nothing_done()


def test_a_second_click_on_a_decision_changes_nothing(road, visit, nothing_done):
    application, window = road(), visit("window")
    hidden = panel(window, application)
    assert decide(window, application, hidden, outcome="accept", opinion="同意受理。").status_code == 302
    nothing_done()
    assert decide(window, application, hidden, outcome="accept", opinion="同意受理。").status_code == 302
    nothing_done()


def test_the_same_page_sent_again_with_another_decision_is_refused(road, visit, nothing_done):
    application, window = road(), visit("window")
    hidden = panel(window, application)
    decide(window, application, hidden, outcome="accept", opinion="同意受理。")
    nothing_done()
    response = decide(window, application, hidden, outcome="correct", opinion="改了主意。", items="补一份合同。")
    assert_refused(response, 409, ".")
    assert "改了主意。" in response.text
    nothing_done()


def test_a_second_click_on_withdrawing_changes_nothing(road, visit, nothing_done):
    application, agent = road(), visit("agent2")
    address = f"/e/cases/{application.case_id}/"
    sent = {"command_id": str(uuid4()), "reason": "施工计划调整。"}
    assert agent.post(address, sent).status_code == 302
    nothing_done()
    assert agent.post(address, sent).status_code == 302
    nothing_done()


def test_a_second_click_on_registering_changes_nothing(visit, world, nothing_done):
    registrar = visit("registrar")
    sent = form_of(page(registrar.get("/g/ents/new/")), '//main//form[@method="post"]') | {
        "uscc": "91350100M000100Y43",
        "name": "福建示例建设有限公司",
        "region": "460105",
    }
    first = registrar.post("/g/ents/new/", sent)
    assert first.status_code == 302, sentences(first)
    nothing_done()
    assert registrar.post("/g/ents/new/", sent)["Location"] == first["Location"]
    nothing_done()
    again = registrar.post("/g/ents/new/", sent | {"command_id": str(uuid4())})
    assert_refused(again, 422, "91350100M000100Y43|已")
    assert page(again).get_element_by_id("f-name").value == "福建示例建设有限公司"
    nothing_done()


# --- a stale page


def test_a_decision_from_a_stale_page_is_refused_and_can_be_read_again(road, visit, nothing_done):
    application, window = road(), visit("window")
    hidden = panel(window, application)
    application.through("acceptance")
    nothing_done()
    response = decide(window, application, hidden, outcome="accept", opinion="我写了很久的意见。")
    assert_refused(response, 409, "已由您在另一窗口或由同事办理完毕")
    assert page(response).get_element_by_id("rescued").text == "我写了很久的意见。"
    nothing_done()


def test_a_form_from_a_stale_page_is_refused_with_all_that_was_typed(visit, world, nothing_done):
    agent, address = draft(visit, world)
    complete(world, agent, address)
    first, second = posted(agent, address), posted(agent, address)
    agent.post(address, first | {"works_name": "第一个窗口", "_op": "save"})
    nothing_done()
    sent = second | {"works_name": "第二个窗口", "contract_price": "约三亿", "promise": "1", "_op": "submit"}
    response = agent.post(address, sent)
    assert_refused(response, 409, "已在另一窗口中修改")
    assert_all_typed_is_there(response, sent)
    nothing_done()


def test_withdrawing_from_a_stale_page_is_refused(road, visit, nothing_done):
    application, agent = road().to_approval(), visit("agent2")
    application.through("approval")
    nothing_done()
    response = agent.post(
        f"/e/cases/{application.case_id}/", {"command_id": str(uuid4()), "reason": "施工计划有调整。"}
    )
    assert_refused(response, 409, ".")
    assert "施工计划有调整。" in response.text
    nothing_done()


# --- an act without grant


@pytest.mark.parametrize(
    ("username", "status", "says"),
    [
        ("market", 403, "您不能办理本环节"),
        ("approver", 403, "您不能办理本环节"),
        ("registrar", 404, "不存在"),
        ("agent2", 403, "."),
    ],
)
def test_a_decision_without_grant_is_refused(road, visit, nothing_done, username, status, says):
    application = road()
    hidden = panel(visit("window"), application)
    client = visit(username)
    nothing_done()
    response = decide(client, application, hidden, outcome="accept", opinion="我以为我可以。")
    assert_refused(response, status, says)
    if username in ("market", "approver"):
        assert "我以为我可以。" in response.text
    nothing_done()


def test_a_grant_that_ended_while_the_page_was_open_no_longer_counts(road, visit, nothing_done):
    application, window = road(), visit("window")
    hidden = panel(window, application)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_grant SET role_id = 'market_reviewer' WHERE account_id = %s AND role_id = 'window_clerk'",
            [Account.objects.get(username="window").pk],
        )
        assert cursor.rowcount
    nothing_done()
    response = decide(window, application, hidden, outcome="accept", opinion="我写了很久的意见。")
    assert_refused(response, 403, "您不能办理本环节")
    assert "我写了很久的意见。" in response.text
    nothing_done()


@pytest.mark.parametrize(("username", "status"), [("agent2", 404), ("window", 403), ("admin", 403)])
@pytest.mark.parametrize("button", ["save", "submit"])
def test_an_application_of_others_cannot_be_written(visit, world, nothing_done, username, status, button):
    agent, address = draft(visit, world)
    sent = complete(world, agent, address) | {"works_name": "不是我的", "_op": button}
    client = visit(username)
    nothing_done()
    assert_refused(client.post(address, sent), status, ".")
    nothing_done()


@pytest.mark.parametrize("address", ["/g/ents/new/", "/g/people/new/"])
def test_the_libraries_are_not_written_without_grant(visit, world, nothing_done, address):
    window = visit("window")
    nothing_done()
    sent = {
        "command_id": str(uuid4()),
        "name": "某人",
        "uscc": "91350100M000100Y43",
        "identity_number": "460000199003075232",
    }
    assert_refused(window.post(address, sent), 403, ".")
    nothing_done()


# --- an unsound pack


def spoil(name: str, old: str, new: str) -> dict[str, bytes]:
    """The files of the permit as another version, with one thing wrong."""
    folder = shipped_packs() / "construction_permit" / "1"
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    files["matter.yaml"] = files["matter.yaml"].replace(b"version: 1\n", b"version: 99\n")
    assert old in files[name].decode()
    files[name] = files[name].replace(old.encode(), new.encode())
    return files


@pytest.mark.parametrize(
    "fault",
    [
        ("process.bpmn", "issue_certificate", "issue_everything"),
        ("rules/funds.table.json", '["false"]', '["true"]'),
        ("tests/road.yaml", "end: issued", "end: refused"),
        ("matter.yaml", "acts:\n  acceptance:", "acts:\n  reception:"),
        ("form.schema.json", '"x-title-en"', '"x-title-fr"'),
    ],
    ids=lambda fault: fault[0],
)
def test_an_unsound_pack_is_not_published_and_its_faults_are_named(world, nothing_done, fault):
    nothing_done()
    with pytest.raises(matters.PackError) as refused:
        matters.publish(from_files(spoil(*fault)), date(2026, 1, 1))
    assert fault[0] in {problem.file for problem in refused.value.problems}
    with override("zh-hans"):
        for problem in refused.value.problems:
            assert CHINESE.search(say(problem.says))
    nothing_done()


def test_another_pack_under_a_published_number_is_refused(world, nothing_done):
    files = spoil("tests/road.yaml", "end: issued", "end: issued ")
    files["matter.yaml"] = files["matter.yaml"].replace(b"version: 99\n", b"version: 1\n")
    nothing_done()
    with pytest.raises(Conflict, match="Raise the version"):
        matters.publish(from_files(files), date(2026, 1, 1))
    nothing_done()
