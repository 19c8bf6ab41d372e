"""What a browser posts becomes a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict

from jianguan.licensing.forms import service as forms
from jianguan.licensing.forms.posting import MOST_ROWS, without_blank_rows
from jianguan.licensing.forms.service import Form, Known

Posted = Callable[[dict[str, Any]], QueryDict]


def test_answers_are_read_and_brought_into_one_form(small: Form, posted: Posted) -> None:
    record = forms.read(
        small,
        posted(
            {
                "name": " 某工程\u200b ",
                "code": "９１460100ma5te5t156",
                "kind": "a",
                "tags": ["y", "x", "y", ""],
                "size": "１，２３４．50",
                "first": "2026年1月5日",
                "people-n": "1",
                "people-0-post": "a",
                "people-0-identity": "46000019900307523２",
                "people-0-phone": "138 0000 0000",
                "note": "甲\r\n乙",
            }
        ),
    )
    assert record == {
        "name": "某工程",
        "code": "91460100MA5TE5T156",
        "kind": "a",
        "tags": ["y", "x"],
        "size": "1234.50",
        "first": "2026-01-05",
        "people": [{"post": "a", "identity": "460000199003075232", "phone": "13800000000"}],
        "note": "甲\n乙",
    }


def test_what_cannot_be_read_stays_as_typed(small: Form, posted: Posted) -> None:
    record = forms.read(small, posted({"size": "约 12", "first": "下周", "code": "没有"}))
    assert {key: record[key] for key in ("size", "first", "code")} == {"size": "约 12", "first": "下周", "code": "没有"}


def test_what_is_not_asked_never_enters_the_record(small: Form, posted: Posted) -> None:
    hidden = {"kind": "a", "sure": "0", "why": "因为", "people-n": "1", "people-0-post": "a", "people-0-other": "某"}
    record = forms.read(small, posted(hidden))
    assert "sure" not in record
    assert "why" not in record
    assert record["people"] == [{"post": "a"}]
    asked = forms.read(small, posted(hidden | {"kind": "b", "people-0-post": "b"}))
    assert asked["sure"] is False
    assert asked["why"] == "因为"
    assert asked["people"] == [{"post": "b", "other": "某"}]


def test_an_answer_behind_a_hidden_question_is_not_asked_either(small: Form, posted: Posted) -> None:
    assert "why" not in forms.read(small, posted({"kind": "a", "sure": "0", "why": "因为"}))


def test_a_forged_post_cannot_alter_what_is_locked(small: Form, posted: Posted) -> None:
    known = Known({"project": {"name": "某工程"}})
    assert forms.read(small, posted({"name": "别的工程"}), known)["name"] == "某工程"
    assert forms.read(small, posted({}), known)["name"] == "某工程"


@pytest.mark.parametrize("sources", [{}, {"project": {}}, {"project": {"name": ""}}, {"project": {"name": None}}])
def test_a_lock_is_open_where_the_platform_knows_nothing(small: Form, posted: Posted, sources: dict[str, Any]) -> None:
    assert forms.read(small, posted({"name": "某工程"}), Known(sources))["name"] == "某工程"


def test_a_new_form_holds_what_the_platform_knows_and_its_opening_rows(permit: Form, known: Known) -> None:
    record = forms.start(permit, known)
    assert record["project_name"] == "滨江新城二期"
    assert record["address"] == "滨江大道 1 号"
    assert [row["role"] for row in record["units"]] == ["010", "011", "009"]
    assert "land_approval_number" not in record  # it is asked only after a yes
    assert "scale" not in record


def test_opening_rows_are_not_shared_between_forms(permit: Form) -> None:
    forms.start(permit)["units"][0]["role"] = "999"
    assert forms.start(permit)["units"][0]["role"] == "010"


@pytest.mark.parametrize(
    ("count", "rows"),
    [
        ("2", 2),
        ("0", 0),
        ("-1", 0),
        ("", 0),
        ("abc", 0),
        ("9" * 5000, MOST_ROWS),
        ("２", 0),
        ("1e9", 0),
        ("201", MOST_ROWS),
    ],
)
def test_the_number_of_rows_is_bounded(small: Form, posted: Posted, count: str, rows: int) -> None:
    assert len(forms.read(small, posted({"people-n": count})).get("people", [])) == rows


def test_names_the_form_does_not_know_are_not_looked_at(small: Form, posted: Posted) -> None:
    hostile = {
        "__proto__": "x", "people-99999-post": "a", "people--1-post": "a", "people-0-0-post": "a", "people-0-colour": "x",
        "name-0": "x", "people": "x", "people-n": "1", "csrfmiddlewaretoken": "x",
    }  # fmt: skip
    assert forms.read(small, posted(hostile)) == {"people": [{}]}


def test_a_huge_answer_is_cut_and_then_refused(small: Form, posted: Posted) -> None:
    record = forms.read(small, posted({"note": "字" * 1_000_000, "kind": "字" * 1_000_000, "tags": ["x"] * 10_000}))
    assert len(record["note"]) == 10_000
    assert record["tags"] == ["x"]
    assert {"note", "kind"} <= set(forms.errors(small, record))


@pytest.mark.parametrize("typed", ["yes", "true", "2", "", "01"])
def test_only_the_two_answers_of_the_page_are_yes_and_no(small: Form, posted: Posted, typed: str) -> None:
    assert "sure" not in forms.read(small, posted({"kind": "b", "sure": typed}))


def test_blank_rows_go_and_a_group_without_rows_with_them(small: Form) -> None:
    record = {"name": "甲", "people": [{}, {"post": "a"}, {}]}
    assert without_blank_rows(small, record) == {"name": "甲", "people": [{"post": "a"}]}
    assert without_blank_rows(small, {"people": [{}]}) == {}
