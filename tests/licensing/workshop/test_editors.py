"""Changing the parts of a working copy on its pages, without script."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from jianguan.licensing.workshop.judging import gated
from jianguan.licensing.workshop.models import WorkingCopy
from jianguan.licensing.workshop.yamltext import with_section, with_value
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.journal import service as journal

MATTER, FORM, PROCESS = "matter.yaml", "form.schema.json", "process.bpmn"
PARTS = ("names", "limits", "materials", "steps", "clauses")
Begin = Callable[..., WorkingCopy]


class Fields(HTMLParser):
    """What a browser would send of the forms of a page, buttons apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self._select, self._area = "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "input" and given.get("name") and given.get("type") not in ("checkbox", "radio", "file", "search"):
            self.sent[given["name"]] = given.get("value", "")
        elif tag == "input" and given.get("name") and "checked" in given:
            self.sent[given["name"]] = given.get("value", "on")
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select and (self._select not in self.sent or "selected" in given):
            self.sent[self._select] = given.get("value", "")
            self._option = "value" not in given
        elif tag == "textarea":
            self._area = given.get("name", "")
            self.sent[self._area] = ""

    _option = False

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area] += data.removeprefix("\n")
        elif self._select and self._option:
            self.sent[self._select] = data
            self._option = False

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area
        self._select = "" if tag == "select" else self._select
        self._option = False if tag == "option" else self._option


def fields(page: Any) -> dict[str, str]:
    assert page.status_code == 200
    return Fields(page.content.decode()).sent


def text(copy: WorkingCopy, name: str) -> str:
    return copy.files.get(name=name).text


def faults(copy: WorkingCopy) -> list[str]:
    return [
        str(problem) for problem in gated(dict(copy.files.values_list("name", "text"))).problems if problem.is_error
    ]


@pytest.fixture
def edit(begin: Begin, visit: Callable[[str], Any]) -> Callable[..., Any]:
    """Opens a page of a working copy, changes inputs, and posts it: `edit(copy, "form/", {"q-x-zh": "…"})`."""

    def post(copy: WorkingCopy, view: str, changes: Mapping[str, str | None], **more: Any) -> Any:
        address = f"/g/conf/workshop/{copy.pk}/{view}"
        client = visit("system")
        sent = {**fields(client.get(address)), **changes, **more}
        return client.post(address, {key: value for key, value in sent.items() if value is not None})

    return post


# --- texts of YAML


@pytest.mark.parametrize("key", ["a", "b", "c", "d", "new"])
@pytest.mark.parametrize("value", [1, "text: with colon", [], [{"zh": "一"}], {"x": {"y": None}}, "many\nlines"])
def test_one_entry_of_a_file_is_replaced_and_all_else_stays(key: str, value: Any) -> None:
    source = "a: 1   # one\nb:\n  - {x: 1}\n  - {y: 2}\n\n# about c\nc: {z: 3}  # three\nd: >\n  long\n  text\ne: 5\n"
    made = with_section(source, key, value)
    assert yaml.safe_load(made) == {**yaml.safe_load(source), key: value}
    assert all(comment in made for comment in ("# one", "# about c", "# three"))


@pytest.mark.parametrize("value", [None, "2026-04-22", ["a", "b"], {"x": "passed"}, []])
def test_one_value_deep_in_a_file_is_replaced(value: Any) -> None:
    source = "- name: x  # first\n  acts:\n    - {day: 2026-04-15, then: {due: 2026-04-20, open: [a]}}\n    - day: 1\n      then:\n        open:\n        - a\n        - b\n  expect: {}\n"
    for place in ((0, "acts", 0, "then", "due"), (0, "acts", 1, "then", "open")):
        made = with_value(source, place, value)
        expected = yaml.safe_load(source)
        expected[place[0]]["acts"][place[2]]["then"][place[4]] = value  # type: ignore[index]
        assert yaml.safe_load(made) == expected
        assert "# first" in made


# --- every page keeps what it shows


@pytest.mark.parametrize("matter", ["construction_permit", "fire_design_review", "crane_filing"])
def test_saving_a_page_unchanged_changes_nothing_that_counts(
    begin: Begin, edit: Callable[..., Any], visit: Callable[[str], Any], matter: str
) -> None:
    copy = begin(matter)
    before = dict(copy.files.values_list("name", "text"))
    tables = [name.removeprefix("rules/").removesuffix(".table.json") for name in before if name.startswith("rules/")]
    for view in ("form/", *(f"matter/{part}/" for part in PARTS), *(f"tables/{key}/" for key in tables)):
        done = edit(copy, view, {})
        assert done.status_code == 302, view
    after = dict(copy.files.values_list("name", "text"))
    for name, was in before.items():
        read = json.loads if name.endswith(".json") else yaml.safe_load if name.endswith(".yaml") else str
        assert read(after[name]) == read(was), name
    assert faults(copy) == []


# --- process


def test_the_process_is_kept_with_its_faults_at_their_elements(
    begin: Begin, change: Callable[..., None], visit: Callable[[str], Any]
) -> None:
    copy, system = begin(), visit("system")
    address = f"/g/conf/workshop/{copy.pk}/process/"
    sent = fields(system.get(address))
    broken = text(copy, PROCESS).replace('jg:role="window_clerk"', "")
    answer = system.post(address, {**sent, "text": broken}, headers={"accept": "application/json"})
    assert answer.json()["revision"] == 2
    assert {(one["id"], one["error"]) for one in answer.json()["faults"]} == {("acceptance", True)}
    assert system.post(address, sent, headers={"accept": "application/json"}).status_code == 409
    page = system.get(address)
    assert 'class="fn next bad"' in page.content.decode()
    change(copy, MATTER, "  acceptance:\n", "  intake:\n")  # what another file does not say of a step is told there too
    told = system.get(address).context["faults"]
    assert [one.id for one in told if "acts" in str(one.says)] == ["acceptance"]


def test_a_process_can_be_sent_as_a_file_and_bad_xml_harms_nothing(begin: Begin, visit: Callable[[str], Any]) -> None:
    copy, system = begin(), visit("system")
    address = f"/g/conf/workshop/{copy.pk}/process/"
    good = text(copy, PROCESS).replace("窗口受理", "综合受理")
    file = SimpleUploadedFile("p.bpmn", good.encode(), "application/xml")
    assert system.post(address, {"revision": 1, "text": "", "upload": file}).status_code == 302
    assert text(copy, PROCESS) == good
    entities = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    for bad in (entities, "<x", "", "\ufffd" * 10, "<bpmn/>"):
        revision = copy.files.get(name=PROCESS).revision
        system.post(address, {"revision": revision, "text": bad})
        page = system.get(address)
        assert page.status_code == 200
        assert page.context["picture"] == ""
        assert page.context["faults"]


# --- tables


def test_a_cell_that_is_none_is_kept_and_told_at_the_cell(
    begin: Begin, edit: Callable[..., Any], visit: Callable[[str], Any]
) -> None:
    copy = begin("construction_permit")
    done = edit(copy, "tables/land/", {"row-1-when-0": "maybe", "row-2-then-0": ""})
    assert done.status_code == 302
    page = visit("system").get(f"/g/conf/workshop/{copy.pk}/tables/land/")
    grid = page.context["grid"]
    assert grid.table is None
    assert [bool(cell.fault) for cell in grid.rows[1].when] == [True, False]
    assert grid.rows[1].when[0].value == "maybe"
    assert 'aria-invalid="true"' in page.content.decode()


def test_overlaps_and_gaps_are_told_at_the_rows(
    begin: Begin, edit: Callable[..., Any], visit: Callable[[str], Any]
) -> None:
    copy = begin("construction_permit")
    edit(copy, "tables/land/", {"row-0-when-0": "-"})
    grid = visit("system").get(f"/g/conf/workshop/{copy.pk}/tables/land/").context["grid"]
    assert [bool(row.faults) for row in grid.rows] == [True] * len(grid.rows)
    edit(copy, "tables/land/", {"row-0-remove": "on"})
    grid = visit("system").get(f"/g/conf/workshop/{copy.pk}/tables/land/").context["grid"]
    assert any("No row applies" in str(says) for says in grid.faults)


def test_rows_and_columns_are_added_moved_and_removed(begin: Begin, edit: Callable[..., Any]) -> None:
    copy = begin("construction_permit")
    name = "rules/land.table.json"
    rows = [row["id"] for row in json.loads(text(copy, name))["rows"]]
    edit(copy, "tables/land/", {}, _op="add:row")
    edit(copy, "tables/land/", {}, _op="up:1")
    edit(copy, "tables/land/", {}, _op="add:in")
    edit(
        copy,
        "tables/land/",
        {
            "in-0-remove": "on",
            "in-2-key": "nature",
            "in-2-type": "text",
            "in-2-zh": "性质",
            "in-2-en": "Nature",
            "in-2-values": "a，b",
        },
    )
    table = json.loads(text(copy, name))
    assert [row["id"] for row in table["rows"]] == [rows[1], rows[0], *rows[2:], "row_1"]
    assert [column["key"] for column in table["inputs"]] == ["land_approval", "nature"]
    assert table["inputs"][1]["values"] == ["a", "b"]
    assert {len(row["when"]) for row in table["rows"]} == {2}


def test_a_table_is_tried_out(begin: Begin, visit: Callable[[str], Any]) -> None:
    copy, system = begin("construction_permit"), visit("system")
    address = f"/g/conf/workshop/{copy.pk}/tables/land/"
    page = system.get(address, {"try-land_required": "true", "try-land_approval": "missing"})
    assert any("missing" in str(says) for says in page.context["tried"].said)
    page = system.get(address, {"try-land_required": "true", "try-land_approval": "nonsense"})
    assert page.context["tried"].fault


def test_a_table_is_added_and_taken_out(begin: Begin, visit: Callable[[str], Any]) -> None:
    copy, system = begin(), visit("system")
    address = f"/g/conf/workshop/{copy.pk}/tables/"
    assert system.post(address, {"key": "Bad Name"}).status_code == 422
    done = system.post(address, {"key": "extra"})
    assert done["Location"].endswith("/tables/extra/")
    assert system.post(address, {"key": "extra"}).status_code == 422
    assert system.get(done["Location"]).status_code == 200
    assert system.post(done["Location"], {"_op": "remove"}).status_code == 302
    assert not copy.files.filter(name="rules/extra.table.json").exists()


# --- form


def test_questions_are_renamed_moved_limited_added_and_removed(
    begin: Begin, edit: Callable[..., Any], visit: Callable[[str], Any]
) -> None:
    copy = begin("construction_permit")
    changes = {
        "q-address-zh": "工地地址", "q-address-hint-zh": "写到门牌号。", "q-address-hint-en": "With the number.",
        "q-address-maxLength": "80", "q-address-required": None, "q-address-place": "1", "q-length-remove": "on",
        "new-key": "nickname", "new-zh": "俗称", "new-en": "Popular name", "new-widget": "text", "new-section": "green",
    }  # fmt: skip
    assert edit(copy, "form/", changes).status_code == 302
    form = json.loads(text(copy, FORM))
    address = form["properties"]["address"]
    assert (address["title"], address["maxLength"], address["x-required"]) == ("工地地址", 80, False)
    assert address["x-hint"] == {"zh": "写到门牌号。", "en": "With the number."}
    assert form["x-sections"][0]["fields"][:2] == ["address", "project_code"]
    assert "length" not in form["properties"]
    assert form["properties"]["nickname"]["x-widget"] == "text"
    edit(copy, "form/", {"q-units-uscc-en": "统一代码", "q-address-maxLength": "many"})
    page = visit("system").get(f"/g/conf/workshop/{copy.pk}/form/")
    faulty = {one.key for one in page.context["questions"] if one.faults}
    assert "address" in faulty


def test_the_preview_shows_both_languages_with_sample_answers(begin: Begin, visit: Callable[[str], Any]) -> None:
    copy, system = begin(), visit("system")
    address = f"/g/conf/workshop/{copy.pk}/form/preview/"
    assert system.get(address).content.decode().count("<iframe") == 2
    for language in ("zh-hans", "en"):
        page = system.get(f"{address}{language}/?filled")
        assert f'<html lang="{language}"' in page.content.decode()
        assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert system.get(f"{address}de/").status_code == 404


# --- matter


def test_a_new_limit_makes_scenarios_fail_until_each_is_accepted(
    begin: Begin, edit: Callable[..., Any], visit: Callable[[str], Any]
) -> None:
    copy, system = begin("construction_permit"), visit("system")
    assert edit(copy, "matter/limits/", {"limits/promised/days": "5"}).status_code == 302
    assert "duration: P5WD" in text(copy, MATTER)
    assert "clock: receipt   # 期限自收到申请之日起算" in text(copy, MATTER)  # what was not changed keeps its comment
    address = f"/g/conf/workshop/{copy.pk}/scenarios/"
    page = system.get(address)
    failing = [
        (file, revision, one, misses)
        for file, revision, several in page.context["files"]
        for one, misses in several
        if one.failure
    ]
    assert failing
    assert all(misses for *_, misses in failing)
    before, turns = len(failing), 0
    while failing:
        file, revision, one, _ = failing[0]
        sent = {"command_id": new_command_id(), "file": file, "number": one.number, "revision": revision}
        assert system.post(address, sent).status_code == 302
        assert system.post(address, {**sent, "command_id": new_command_id()}).status_code == 409
        page = system.get(address)
        failing = [
            (file, revision, one, misses)
            for file, revision, several in page.context["files"]
            for one, misses in several
            if one.failure
        ]
        turns += 1
    assert turns == before
    assert faults(copy) == []
    entries = [
        entry for entry in journal.about("working_copy", copy.pk) if entry.kind == "working_copy.expectation_accepted"
    ]
    assert len(entries) == turns
    assert "# The road through the process" in text(copy, "tests/road.yaml")


def test_other_failures_of_a_scenario_cannot_be_accepted(
    begin: Begin, change: Callable[..., None], visit: Callable[[str], Any]
) -> None:
    copy, system = begin("construction_permit"), visit("system")
    change(copy, "tests/road.yaml", "day: 2026-04-15\n      at: acceptance", "day: 2026-04-15\n      at: approval")
    address = f"/g/conf/workshop/{copy.pk}/scenarios/"
    file, revision, several = next(one for one in system.get(address).context["files"] if one[0] == "tests/road.yaml")
    one, misses = several[0]
    assert one.failure
    assert not misses
    sent = {"command_id": new_command_id(), "file": file, "number": one.number, "revision": revision}
    assert system.post(address, sent).status_code == 422


def test_documents_phrases_and_clauses_are_changed(begin: Begin, edit: Callable[..., Any]) -> None:
    copy = begin("construction_permit")
    number = len(yaml.safe_load(text(copy, MATTER))["materials"])
    edit(
        copy,
        "matter/materials/",
        {
            "materials/0/zh": "用地材料",
            "materials/1/remove": "on",
            f"materials/{number}/key": "extra",
            f"materials/{number}/zh": "其他",
            f"materials/{number}/en": "Others",
            f"materials/{number}/required": None,
        },
    )
    edit(
        copy,
        "matter/steps/",
        {"acts/correction/phrases/0/zh": "已补正。", "acts/correction/phrases/0/en": "Corrected."},
    )
    edit(copy, "matter/clauses/", {"clauses/0/remove": "on"})
    matter = yaml.safe_load(text(copy, MATTER))
    assert len(matter["materials"]) == number
    assert matter["materials"][0]["zh"] == "用地材料"
    assert matter["materials"][0]["when"] == {"land_required": True}
    assert matter["materials"][-1] == {
        "key": "extra",
        "zh": "其他",
        "en": "Others",
        "source": "upload",
        "required": False,
    }
    assert matter["acts"]["correction"]["phrases"] == [{"zh": "已补正。", "en": "Corrected."}]
    assert faults(copy) == []


def test_faults_of_the_matter_are_told_with_their_place(
    begin: Begin, edit: Callable[..., Any], visit: Callable[[str], Any]
) -> None:
    copy = begin()
    edit(copy, "matter/names/", {"name/en": ""})
    page = visit("system").get(f"/g/conf/workshop/{copy.pk}/matter/names/")
    assert [place for place, _ in page.context["faults"]] == ["name/en"]


@pytest.mark.parametrize(
    ("name", "view"),
    [(FORM, "form/"), ("rules/category.table.json", "tables/category/"), (MATTER, "matter/names/")],
)
def test_a_file_that_inputs_cannot_show_is_changed_as_text(
    begin: Begin, visit: Callable[[str], Any], name: str, view: str
) -> None:
    copy, system = begin(), visit("system")
    assert copy.files.filter(name=name).update(text="[1, 2") == 1
    answer = system.get(f"/g/conf/workshop/{copy.pk}/{view}")
    assert answer["Location"].endswith(f"/files/?file={name}")
    assert system.get(answer["Location"]).context["problems"]
    for page in ("", "process/", "scenarios/", "form/preview/", "tables/"):
        assert system.get(f"/g/conf/workshop/{copy.pk}/{page}").status_code == 200


def test_a_file_that_repeats_itself_without_limits_is_only_text(begin: Begin, visit: Callable[[str], Any]) -> None:
    copy, system = begin(), visit("system")
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20))
    copy.files.filter(name=MATTER).update(text=bomb)
    answer = system.get(f"/g/conf/workshop/{copy.pk}/matter/")
    assert answer["Location"].endswith(f"?file={MATTER}")
    assert any("References" in str(one.says) for one in system.get(answer["Location"]).context["problems"])
    for page in ("", "process/", "scenarios/", "form/"):
        assert system.get(f"/g/conf/workshop/{copy.pk}/{page}").status_code == 200


def test_what_was_typed_stays_where_another_window_was_first(begin: Begin, edit: Callable[..., Any]) -> None:
    copy = begin()
    for view, name in (("form/", "s-0-zh"), ("matter/names/", "name/zh"), ("files/", "text")):
        page = edit(copy, view, {name: "写了很多字", "revision": "7"})
        assert page.status_code == 409, view
        assert "写了很多字" in page.content.decode()


def test_pages_ask_as_often_for_many_files_as_for_few(
    begin: Begin, visit: Callable[[str], Any], django_assert_max_num_queries: Any
) -> None:
    copy, system = begin("construction_permit"), visit("system")
    for view in ("", "process/", "tables/", "tables/land/", "form/", "matter/", "scenarios/", "files/"):
        system.get(f"/g/conf/workshop/{copy.pk}/{view}")
        with django_assert_max_num_queries(16):
            system.get(f"/g/conf/workshop/{copy.pk}/{view}")
