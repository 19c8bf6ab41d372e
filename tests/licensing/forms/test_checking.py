"""Whether a record answers its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.utils.translation import gettext, override

from jianguan.licensing.forms import service as forms
from jianguan.licensing.forms.drawing import say
from jianguan.licensing.forms.service import Form, Known, Problem


def sentences(problems: Mapping[str, Problem], language: str = "zh-hans") -> dict[str, str]:
    with override(language):
        return {name: f"{say(problem.title)}：{say(problem.says)}" for name, problem in problems.items()}


def test_an_empty_form_is_refused_with_a_sentence_per_field_in_both_languages(small: Form) -> None:
    problems = forms.errors(small, {})
    assert sentences(problems) == {
        "name": "名称：请填写。",
        "code": "代码：请填写。",
        "kind": "种类：请选择。",
        "size": "面积：请填写。",
        "first": "开工：请填写。",
        "last": "竣工：请填写。",
        "people": "人员：请填写甲岗人员。",
    }
    assert sentences(problems, "en")["kind"] == "Kind：Please choose."
    assert sentences(problems, "en")["people"] == "People：Please enter somebody for post a."


def test_a_complete_record_passes(small: Form, answers: dict[str, Any]) -> None:
    assert forms.errors(small, answers) == {}


def test_the_permit_form_refuses_an_empty_record_and_passes_its_sample(permit: Form) -> None:
    problems = forms.errors(permit, {})
    assert {field.key for field in permit.fields if field.required and not field.show} == set(problems)
    assert all(problem.missing for problem in problems.values())
    assert forms.errors(permit, forms.sample(permit)) == {}


def test_no_is_as_good_an_answer_as_yes(permit: Form) -> None:
    questions = [field.key for field in permit.fields if field.widget == "yes-no"]
    record = forms.sample(permit, answers=dict.fromkeys(questions, False))
    assert forms.errors(permit, record) == {}


@pytest.mark.parametrize(
    ("change", "name", "says"),
    [
        ({"size": "abc"}, "size", "应为数字，例如 1234.5。"),
        ({"size": "1.234"}, "size", "小数点后最多 2 位。"),
        ({"size": "-1"}, "size", "不得小于 0。"),
        ({"size": "5000.51"}, "size", "不得大于 5000.5。"),
        ({"size": "1" * 16}, "size", "数字最多 15 位。"),
        ({"size": 12.5}, "size", "回答的类型应为 string。"),
        ({"size": "1,000"}, "size", "应为数字，例如 1234.5。"),
        ({"first": "2026-02-30"}, "first", "应为日期，例如 2026-01-31。"),
        ({"first": "2026/01/01"}, "first", "应为日期，例如 2026-01-31。"),
        ({"last": "2026-01-01"}, "last", "应晚于“开工”。"),
        ({"kind": "c"}, "kind", "请从选项中选择。"),
        ({"tags": ["x", "z"]}, "tags", "请从选项中选择。"),
        ({"tags": ["x", "x"]}, "tags", "同一选项选了两次。"),
        ({"tags": "x"}, "tags", "回答的类型应为 array。"),
        ({"tags": []}, "tags", "此处至少 1 项。"),
        ({"name": "甲" * 201}, "name", "不超过 200 字。"),
        ({"name": ""}, "name", "请填写。"),
        ({"name": " 甲"}, "name", "文字首尾有空格，或者含有无法显示的字符。"),
        ({"name": "甲\x00"}, "name", "文字首尾有空格，或者含有无法显示的字符。"),
        ({"kind": "b", "sure": False, "why": "嗯"}, "why", "不少于 3 字。"),
        ({"kind": "b", "sure": "yes"}, "sure", "回答的类型应为 boolean。"),
        ({"sure": True}, "sure", "按其他回答，此项不需填写，请删去。"),
        ({"people": []}, "people", "请填写甲岗人员。"),
        ({"people": {}}, "people", "回答的类型应为 array。"),
        ({"people": ["张三"]}, "people-0", "回答的类型应为 object。"),
        ({"colour": "red"}, "colour", "本表单没有这一项。"),
    ],
)
def test_a_wrong_answer_is_refused_with_a_sentence(
    small: Form, answers: dict[str, Any], change: dict[str, Any], name: str, says: str
) -> None:
    problems = forms.errors(small, answers | change)
    assert [(key, sentences(problems)[key].split("：", 1)[1]) for key in problems][:1] == [(name, says)]


def test_an_old_number_of_an_enterprise_is_refused_in_the_words_of_the_kernel(
    small: Form, answers: dict[str, Any]
) -> None:
    problems = forms.errors(small, answers | {"code": "91460100MA5TE5T157"})
    assert list(problems) == ["code"]
    assert "last character" in str(problems["code"].says)


def test_conditional_questions_are_required_only_when_they_are_asked(small: Form, answers: dict[str, Any]) -> None:
    assert list(forms.errors(small, answers | {"kind": "b"})) == ["sure"]
    assert list(forms.errors(small, answers | {"kind": "b", "sure": False})) == ["why"]
    assert forms.errors(small, answers | {"kind": "b", "sure": True}) == {}


def test_problems_of_rows_name_the_row(small: Form, answers: dict[str, Any]) -> None:
    answers["people"].append({"post": "b", "person": "李四", "identity": "1", "colour": "red"})
    found = sentences(forms.errors(small, answers))
    assert list(found) == ["people-1-identity", "people-1-phone", "people-1-other", "people-1-colour"]
    assert found["people-1-phone"] == "人员第 2 项：电话：请填写。"


def test_too_many_rows_and_the_wrong_ones_are_refused(small: Form, answers: dict[str, Any]) -> None:
    person = answers["people"][0]
    assert sentences(forms.errors(small, answers | {"people": [person] * 4})) == {"people": "人员：此处最多 3 项。"}
    wrong = [{**person, "post": "b", "other": "某"}]
    assert sentences(forms.errors(small, answers | {"people": wrong})) == {"people": "人员：请填写甲岗人员。"}


def test_problems_stand_in_the_order_of_the_page(small: Form) -> None:
    record = {"people": [{}], "code": "x", "zzz": 1}
    names = list(forms.errors(small, record))
    assert names[:2] == ["name", "code"]
    assert names.index("people") < names.index("people-0-post") < names.index("people-0-phone")
    assert names[-1] == "zzz"


def test_what_is_missing_is_counted_by_section(small: Form, answers: dict[str, Any]) -> None:
    assert forms.missing(small, {}) == {"one": 4, "two": 3}
    assert forms.missing(small, answers | {"size": "wrong"}) == {}
    assert forms.count(small, forms.errors(small, answers | {"size": "wrong"})) == {"one": 1}


def test_doubts_are_told_but_do_not_refuse(permit: Form) -> None:
    record = forms.sample(permit, answers={"investment_code": "2509-320193-89-01-544061"})
    assert forms.errors(permit, record) == {}
    assert list(forms.warnings(permit, record)) == ["investment_code"]


def test_a_locked_answer_must_be_what_the_platform_knows(small: Form, answers: dict[str, Any]) -> None:
    known = Known({"project": {"name": "某工程"}})
    assert forms.errors(small, answers, known) == {}
    forged = forms.errors(small, answers | {"name": "别的工程"}, known)
    assert sentences(forged) == {"name": "名称：此项由平台带出，不能在此修改。"}


def test_nobody_is_asked_to_correct_what_is_locked(small: Form, answers: dict[str, Any]) -> None:
    long = "甲" * 300
    assert forms.errors(small, answers | {"name": long}, Known({"project": {"name": long}})) == {}


def test_works_must_be_among_those_of_the_project(permit: Form, known: Known) -> None:
    record = forms.sample(permit, known)
    assert record["works_ids"] == ["w-1"]
    assert forms.errors(permit, record, known) == {}
    record["works_ids"] = ["w-1", "elsewhere"]
    assert sentences(forms.errors(permit, record, known)) == {"works_ids": "本次申请的单体：请从选项中选择。"}


def deep(levels: int) -> Any:
    nest: Any = "x"
    for _ in range(levels):
        nest = [nest]
    return nest


@pytest.mark.parametrize(
    "nonsense",
    [None, [], "x", 5, {"people": [[]]}, {"people": [None] * 500}, {"tags": [{}]}, {"kind": ["a"]}, {"size": {}},
     {"x" * 100_000: 1}, {"name": deep(5000)}, {"tags": [deep(5000)]}, {"people": [{"post": deep(5000)}]}],
    ids=range(13),
)  # fmt: skip
def test_hostile_records_are_refused_without_a_crash(small: Form, nonsense: Any) -> None:
    problems = forms.errors(small, nonsense)
    assert problems
    with override("en"):
        for problem in problems.values():
            assert len(problem.says.render(gettext)) < 500
            assert len(say(problem.title)) < 100


def test_the_sound_part_of_a_record_holds_no_wrong_answer(permit: Form) -> None:
    record = forms.sample(permit) | {
        "contract_price": "约 12",
        "start": "下周",
        "units": [{"role": "x", "uscc": "1"}, {}],
    }
    kept = forms.sound(permit, record)
    assert "contract_price" not in kept
    assert "start" not in kept
    assert kept["units"] == [{}, {}]
    assert record["units"][0] == {"role": "x", "uscc": "1"}
    assert [problem for problem in forms.errors(permit, kept).values() if not problem.missing] == []
