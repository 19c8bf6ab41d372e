"""Pages of packages: offering, filling in, submitting, following; for applicants, officers and the public."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html
from tests.licensing.packages.conftest import PERMIT

from jianguan.config.demonstration import cases, timeline
from jianguan.config.demonstration import packages as made_up
from jianguan.licensing.matters.service import Case
from jianguan.licensing.packages import actions
from jianguan.licensing.packages.desk import desk_of
from jianguan.licensing.packages.models import Package
from jianguan.registry.projects import service as projects


def page(response: Any) -> html.HtmlElement:
    return html.fromstring(response.content)


def words(response: Any) -> str:
    return " ".join(page(response).xpath("//main")[0].text_content().split())


@pytest.fixture
def form(world: Any, visit: Any) -> Any:
    """The page of a draft, opened through the guide; `form.post(...)` presses a button of it."""

    class Form:
        client = visit("agent2")

        def __init__(self) -> None:
            answer = self.client.post(
                "/e/packages/construction_stage/",
                {"project_id": str(world.projects["p05"]), "command_id": str(uuid4())},
            )
            self.url = answer["Location"]
            self.package = Package.objects.get()

        def fields(self) -> dict[str, Any]:
            drawn = page(self.client.get(self.url)).xpath('//form[@id="apply"]')[0]
            return _values(drawn)

        def post(self, op: str, **changes: Any) -> Any:
            data = {**self.fields(), "_op": op, **changes}
            return self.client.post(self.url, {key: value for key, value in data.items() if value is not None})

    return Form()


def _values(drawn: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in drawn.form_values():
        found.setdefault(name, []).append(value)
    return found


def test_the_hall_shows_packages_before_the_matters(visit) -> None:
    found = page(visit("agent").get("/e/matters/"))
    assert found.xpath("//main//section")[0].get("id") == "packages"
    links = found.xpath('//section[@id="packages"]//a/@href')
    assert links == [f"/e/packages/{key}/" for key in ("completion_stage", "construction_stage", "design_stage")]


def test_the_guide_tells_matters_time_and_questions(visit) -> None:
    text = words(visit("agent").get("/e/packages/completion_stage/"))
    for shown in ("竣工联合验收", "任选其一", "前一事项通过后办理", "依次办理", "国办发〔2019〕11号", "尚无办结的办理"):
        assert shown in text


def test_the_form_shows_each_question_once_and_what_it_is_for(form) -> None:
    drawn = page(form.client.get(form.url))
    assert len(drawn.xpath('//input[@name="works_name"]')) == 1
    label = drawn.xpath('//label[@for="f-works_name"]')[0]
    assert label.xpath('.//span[contains(@class, "for")]/text()') == ["全部事项"]
    assert not drawn.xpath('//*[@name="discharge"]')


def test_choosing_a_matter_brings_its_questions_and_keeps_what_was_typed(form) -> None:
    form.post("save", works_name="滨海一号", matter="drainage_permit")
    drawn = page(form.client.get(form.url))
    assert drawn.xpath('//input[@name="works_name"]/@value') == ["滨海一号"]
    assert drawn.xpath('//*[@name="discharge"]')
    assert drawn.xpath('//input[@value="drainage_permit"]/@checked')


def test_bad_input_keeps_what_was_typed_and_names_the_mistake(form) -> None:
    answer = form.post("submit", works_name="滨海一号", contract_price="很多钱")
    assert answer.status_code == 422
    drawn = page(answer)
    assert drawn.xpath('//input[@name="works_name"]/@value') == ["滨海一号"]
    assert drawn.xpath('//input[@name="contract_price"]/@value') == ["很多钱"]
    assert drawn.xpath('//input[@name="contract_price"]/@aria-invalid') == ["true"]
    assert not Case.objects.filter(project_id=form.package.project_id).exists()


def test_rows_are_added_and_taken_away(form) -> None:
    def rows(drawn: Any) -> int:
        return int(drawn.xpath('//input[@name="units-n"]/@value')[0])

    before = rows(page(form.client.get(form.url)))
    assert rows(page(form.post("add:units"))) == before + 1
    assert rows(page(form.post("del:units:0"))) == before


@pytest.mark.parametrize("op", ["add:nothing", "del:works_name:0", "detach:x"])
def test_buttons_that_are_not_there_are_refused(form, op: str) -> None:
    assert form.post(op).status_code in (404, 422)


def test_a_refused_file_is_named_at_its_place(form) -> None:
    answer = form.post("save", **{"file-contract": SimpleUploadedFile("a.exe", b"MZ")})
    assert page(answer).xpath('//*[@id="f-file-contract-e"]')


def test_a_draft_is_submitted_and_shows_its_cases(form, world) -> None:
    desk = desk_of(form.package)
    actor = world.actor("agent2")
    actions.save_draft(
        actor, form.package.id, made_up.answers(world, PERMIT, desk, cases.answers), (), form.package.revision
    )
    for slot in desk_of(Package.objects.get()).slots():
        if not slot.satisfied:
            actions.attach(actor, form.package.id, slot.key, "纸.pdf", timeline.paper())
    refused = form.post("submit")
    assert refused.status_code == 422
    assert page(refused).xpath('//*[@id="f-promise-e"]')
    answer = form.post("submit", promise="1")
    assert answer.status_code == 302, words(answer)
    text = words(form.client.get(answer["Location"]))
    numbers = [case.number for case in Case.objects.filter(project_id=form.package.project_id)]
    assert len(numbers) == 3
    for number in numbers:
        assert number in text
    assert form.client.get(form.url)["Location"] == answer["Location"]


def test_a_draft_is_thrown_away(form) -> None:
    assert form.post("discard").status_code == 302
    assert not Package.objects.exists()


def test_nobody_else_sees_a_draft(form, visit) -> None:
    for username in ("agent", "builder"):
        assert visit(username).get(form.url).status_code == 404
    assert visit("window").get(form.url).status_code == 403


def test_officers_and_the_applicant_see_the_package_and_its_time_axis(handled, visit) -> None:
    done = handled(matters=["construction_waste"])
    for username, base in (("head", "g"), ("agent2", "e")):
        client = visit(username)
        answer = client.get(f"/{base}/packages/{done.id}/")
        text = words(answer)
        assert done.package.number in text
        assert "等待前一结果" in text
        assert len(page(answer).xpath('//*[contains(@class, "span ")]')) == 4
        links = page(answer).xpath("//main//td[last()]/a/@href")
        assert len(links) == 3
        assert {client.get(link).status_code for link in links} == {200}
        assert done.package.number in words(client.get(f"/{base}/packages/"))
    assert visit("agent").get(f"/e/packages/{done.id}/").status_code == 404
    assert visit("system").get(f"/g/packages/{done.id}/").status_code == 404


def test_the_page_of_a_case_leads_to_its_package(handled, visit) -> None:
    done = handled()
    case = done.case("quality_supervision")
    for username, base in (("head", "g"), ("agent2", "e")):
        assert f"/{base}/packages/{done.id}/" in page(visit(username).get(f"/{base}/cases/{case.id}/")).xpath(
            "//main//a/@href"
        )


def test_the_lines_of_a_project_show_its_packages(handled, visit, world) -> None:
    done = handled()
    code = projects.by_id(done.package.project_id).code
    for username, base in (("head", "g"), ("agent2", "e")):
        assert f"/{base}/packages/{done.id}/" in page(visit(username).get(f"/{base}/projects/{code}/line/")).xpath(
            "//main//a/@href"
        )


def test_the_public_asks_for_a_package_by_its_number(handled, client, world) -> None:
    done = handled()
    uscc = world.actor("agent2").uscc
    text = words(client.post("/progress/", {"number": done.package.number, "uscc": uscc}))
    assert done.case("construction_permit").number in text
    assert client.post("/progress/", {"number": done.package.number, "uscc": "x"}).status_code == 422


def test_the_portal_publishes_what_packages_saved(handled, client) -> None:
    handled("design_stage", matters=["fire_design_review"]).complete("drawing_review", "fire_design_review")
    assert "/guides/packages/design_stage/" in page(client.get("/guides/")).xpath("//main//a/@href")
    assert "已办结 1 件" in words(client.get("/guides/packages/design_stage/"))
    assert client.get("/guides/packages/nothing/").status_code == 404


def test_a_longer_package_asks_no_more_of_the_database(handled, visit) -> None:
    short, long = (
        handled("design_stage", matters=["fire_design_review"]),
        handled("construction_stage", matters=["drainage_permit", "construction_waste"]),
    )
    counts = []
    for done in (short, long):
        client = visit("head")
        client.get(f"/g/packages/{done.id}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/g/packages/{done.id}/")
        counts.append(len(queries))
    assert counts[0] >= counts[1] - 2


def test_the_list_asks_no_more_for_more_packages(handled, visit) -> None:
    def count() -> int:
        client = visit("agent2")
        client.get("/e/packages/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/e/packages/")
        return len(queries)

    handled("design_stage", matters=["fire_design_review"])
    one = count()
    handled("completion_stage")
    assert count() <= one
