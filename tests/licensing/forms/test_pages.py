"""Forms as pages, with the real templates."""

from __future__ import annotations

import json
from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from jianguan.licensing.forms import notation
from jianguan.licensing.forms import service as forms
from jianguan.licensing.forms.service import Form, Known, Outcome

Render = Callable[..., html.HtmlElement]
PostBack = Callable[[html.HtmlElement], QueryDict]
Posted = Callable[[dict[str, Any]], QueryDict]
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


def words(page: html.HtmlElement) -> str:
    return " ".join(page.text_content().split())


@LANGUAGES
def test_every_error_links_to_an_input_of_the_page(permit: Form, render: Render, language: str) -> None:
    record = {"units": [{}, {"role": "x"}], "hazardous": True, "hazards": [{}], "start": "x", "finish": "2026-01-01"}
    problems = forms.errors(permit, record)
    page = render(permit, record, Known(), problems, language=language)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    anchors = [link.get("href") for link in page.xpath("//*[contains(@class, 'errs')]//a")]
    assert anchors == [f"#f-{name}" for name in problems]
    assert {anchor[1:] for anchor in anchors} <= set(ids)
    for name in problems:
        assert page.get_element_by_id(f"f-{name}-e").text_content().strip()


@LANGUAGES
def test_the_page_is_in_the_language_of_the_reader(permit: Form, render: Render, known: Known, language: str) -> None:
    text = words(render(permit, forms.start(permit, known), known, language=language))
    assert ("工程基本信息" in text) is (language == "zh-hans")
    assert ("From the project library" in text) is (language == "en")


def test_every_sentence_beside_an_input_belongs_to_it(permit: Form, render: Render) -> None:
    page = render(permit, {}, Known(), forms.errors(permit, {}))
    ids = set(page.xpath("//@id"))
    described = [identifier for value in page.xpath("//@aria-describedby") for identifier in value.split()]
    assert described
    assert set(described) <= ids
    assert set(page.xpath("//label/@for")) <= ids


def test_every_control_has_a_name_for_those_who_hear_it(small: Form, render: Render, answers: dict[str, Any]) -> None:
    page = render(small, answers)
    labelled = set(page.xpath("//label/@for"))
    for control in page.xpath("//select | //textarea | //input[not(@type='hidden')]"):
        named = control.get("id") in labelled or control.get("aria-label") or control.getparent().tag == "label"
        assert named, html.tostring(control)
    assert "人员第 1 项：姓名" in page.xpath("//input/@aria-label")


def test_nothing_on_the_page_breaks_the_content_security_policy(permit: Form, render: Render) -> None:
    page = render(permit, forms.sample(permit), Known(), forms.errors(permit, {}))
    attributes = {name for element in page.iter() for name in element.attrib}
    assert "style" not in attributes
    assert not [name for name in attributes if name.startswith(("on", "hx-on"))]
    assert not page.xpath("//script")


def test_what_was_posted_is_drawn_and_posted_again(
    permit: Form, render: Render, post_back: PostBack, known: Known
) -> None:
    record = forms.sample(permit, known)
    assert forms.read(permit, post_back(render(permit, record, known)), known) == record


def test_a_wrong_record_survives_the_page_as_well(small: Form, render: Render, post_back: PostBack) -> None:
    typed = {
        "name": "<b>&quot;", "code": "没有", "size": "约 12", "first": "下周", "kind": "b", "sure": False, "why": "a\nb",
        "people": [{"person": "'\"", "phone": "1"}, {}],
    }  # fmt: skip
    page = render(small, typed, Known(), forms.errors(small, typed))
    assert forms.read(small, post_back(page)) == typed


def test_a_date_that_is_none_is_shown_as_it_was_typed(small: Form, render: Render) -> None:
    page = render(small, {"first": "下周", "last": "2026-01-01"})
    assert (page.get_element_by_id("f-first").get("type"), page.get_element_by_id("f-first").value) == ("text", "下周")
    assert page.get_element_by_id("f-last").get("type") == "date"


def test_a_locked_answer_is_shown_with_its_source_and_not_posted(
    permit: Form, render: Render, post_back: PostBack, known: Known
) -> None:
    page = render(permit, forms.start(permit, known), known)
    region = page.get_element_by_id("f-region")
    assert (region.value, region.get("readonly"), region.get("name")) == ("秀英区", "readonly", None)
    assert "项目库带出" in words(page.xpath("//label[@for='f-region']")[0])
    assert "region" not in post_back(page)


def test_the_source_is_not_named_once_the_answer_was_changed(permit: Form, render: Render, known: Known) -> None:
    page = render(permit, forms.start(permit, known) | {"address": "别处"}, known)
    assert "项目库带出" not in words(page.xpath("//label[@for='f-address']")[0])
    assert page.get_element_by_id("f-address").get("name") == "address"


def test_what_is_known_waits_in_a_question_that_is_not_asked_yet(
    permit: Form, render: Render, post_back: PostBack, known: Known
) -> None:
    start = forms.start(permit, known)
    page = render(permit, start, known)
    assert page.get_element_by_id("f-land_approval_number").value == "琼（2026）0001号"
    assert "land_approval_number" not in forms.read(permit, post_back(page), known)
    emptied = render(permit, start | {"land_required": True}, known)
    assert emptied.get_element_by_id("f-land_approval_number").value == ""


def test_conditional_questions_wait_hidden_with_all_their_conditions(small: Form, render: Render) -> None:
    def part(record: dict[str, Any]) -> html.HtmlElement:
        return render(small, record).xpath("//*[@id='f-why']/ancestor::*[@data-show]")[0]

    waiting = part({"kind": "a"})
    assert json.loads(waiting.get("data-show")) == [["kind", ["b"]], ["sure", ["0"]]]
    assert "data-off" in waiting.attrib
    assert "data-off" not in part({"kind": "b", "sure": False}).attrib


def test_conditions_of_a_row_name_the_inputs_of_that_row(small: Form, render: Render) -> None:
    page = render(small, {"people": [{}, {"post": "b"}]})
    shown = page.xpath("//*[@id='f-people-1-other']/ancestor::*[@data-show]")[0]
    assert json.loads(shown.get("data-show")) == [["people-1-post", ["b"]]]


def test_a_group_shows_a_first_row_and_no_button_beyond_its_limit(small: Form, render: Render) -> None:
    page = render(small, {})
    assert page.xpath("//input[@name='people-n']/@value") == ["1"]
    assert page.xpath("//button[@value='add:people']")
    full = render(small, {"people": [{}, {}, {}]})
    assert full.xpath("//input[@name='people-n']/@value") == ["3"]
    assert not full.xpath("//button[@value='add:people']")


def test_every_button_on_the_page_is_an_operation_of_the_form(
    permit: Form, small: Form, render: Render, answers: dict[str, Any]
) -> None:
    for form, record in ((permit, forms.sample(permit)), (small, answers)):
        buttons = render(form, record).xpath("//button[@name='_op']/@value")
        assert len(buttons) > 3
        for value in buttons:
            forms.operation(form, value)


def test_enter_saves_and_does_not_press_the_first_button(permit: Form, render: Render) -> None:
    assert render(permit, {}).xpath("(//button)[1]/@value") == ["save"]


def test_remarks_and_focus_of_an_operation_are_drawn(small: Form, render: Render) -> None:
    outcome = forms.carry_out(small, {"code": "x"}, forms.operation(small, "fill:code"), lambda *_: None)
    page = render(small, outcome.record, Known(), {}, outcome)
    assert page.xpath("//*[@autofocus]/@id") == ["f-code"]
    assert "库中没有这个号码的信息" in page.get_element_by_id("f-code-r").text_content()
    assert not render(small, {}, Known(), {}, Outcome({})).xpath("//*[@autofocus]")


def test_doubts_about_a_number_are_drawn(permit: Form, render: Render) -> None:
    page = render(permit, {"investment_code": "2509-320193-89-01-544061"})
    assert page.get_element_by_id("f-investment_code-r").text_content().strip()


def test_a_choice_without_options_can_still_be_jumped_to(permit: Form, render: Render) -> None:
    page = render(permit, {}, Known({}, {"works": []}))
    assert "没有可选项" in page.get_element_by_id("f-works_ids").text_content()


@LANGUAGES
def test_a_record_is_shown_to_be_read(permit: Form, known: Known, language: str) -> None:
    with override(language):
        parts = forms.present(permit, forms.sample(permit, known), known)
        page = html.fromstring("<main>" + render_to_string("forms/reading.html", {"parts": parts}) + "</main>")
    assert len(page.xpath("//h2")) == len(permit.sections)
    assert "460000199003075232" not in words(page)
    assert not page.xpath("//input")


def test_rows_of_a_table_are_shown_as_a_table(small: Form, answers: dict[str, Any]) -> None:
    parts = forms.present(small, answers)
    page = html.fromstring("<main>" + render_to_string("forms/reading.html", {"parts": parts}) + "</main>")
    assert [cell.text_content() for cell in page.xpath("//tbody//td")][:3] == ["选项a", "张三", "460000********5232"]


def test_a_group_without_rows_is_shown_as_empty(small: Form, answers: dict[str, Any]) -> None:
    with override("zh-hans"):
        parts = forms.present(small, answers | {"people": []})
        assert "人员：无" in render_to_string("forms/reading.html", {"parts": parts})


def test_a_long_list_of_mistakes_is_folded(permit: Form, small: Form, render: Render) -> None:
    long, short = (render(form, {}, Known(), forms.errors(form, {})) for form in (permit, small))
    assert len(long.xpath("//details//a")) == len(forms.errors(permit, {})) - 8
    assert not short.xpath("//details")
    assert not render(small, {}).xpath("//*[@role='alert']")


def test_the_time_of_a_page_is_told(permit: Form, render: Render, record_property: Callable[..., None]) -> None:
    record = forms.sample(permit)
    render(permit, record)  # compiles the templates
    began = perf_counter()
    for _ in range(10):
        render_to_string("forms/form.html", {"form": forms.draw(permit, record)})
    milliseconds = (perf_counter() - began) * 100
    record_property("milliseconds_per_page", f"{milliseconds:.1f}")
    print(f"\npermit form: {milliseconds:.1f} ms a page")  # noqa: T201 - reported, not asserted


# --- whatever is typed

PATIENT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXT = st.text(max_size=60) | st.sampled_from(["<script>", "'\"&", "1" * 40, "\x00", "２０２６年", "-", "0", "1,000"])


@PATIENT
@given(data=st.data())
def test_any_text_in_any_field_is_shown_again(
    small: Form, render: Render, post_back: PostBack, posted: Posted, data: st.DataObject
) -> None:
    names = ["name", "code", "kind", "tags", "size", "first", "last", "sure", "why", "note", "people-n"]
    names += [f"people-{n}-{key}" for n in (0, 1) for key in ("post", "person", "identity", "phone", "other")]
    typed = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(names, TEXT)))
    record = forms.read(small, posted(typed))
    problems = forms.errors(small, record)
    page = render(small, record, Known(), problems)
    for name in ("name", "code", "size", "first", "note"):
        field = small.field(name)
        assert field is not None
        assert page.get_element_by_id(f"f-{name}").value == (notation.stored(field, typed.get(name, "")))
    again = forms.read(small, post_back(page))
    assert {key: again.get(key) for key in ("name", "code", "size", "first", "last", "note")} == {
        key: record.get(key) for key in ("name", "code", "size", "first", "last", "note")
    }
    assert forms.open_record(small, forms.seal(small, record)) == record
    forms.present(small, record)


@PATIENT
@given(
    record=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["name", "kind", "tags", "size", "people", "post", "sure", "x"]), inner)
        ),
        max_leaves=12,
    )
)
def test_any_record_of_a_machine_is_judged(small: Form, record: Any) -> None:
    assert forms.errors(small, record)
