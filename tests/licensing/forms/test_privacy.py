"""Sensitive answers, stored and shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils.translation import override

from jianguan.licensing.forms import service as forms
from jianguan.licensing.forms.presenting import NO_ANSWER
from jianguan.licensing.forms.service import Change, Form, Known
from jianguan.platform.privacy.service import CannotDecryptError

IDENTITY, PHONE = "460000199003075232", "13800000000"


def test_sensitive_answers_never_appear_in_clear_in_a_sealed_record(permit: Form) -> None:
    record = forms.sample(permit)
    sealed = forms.seal(permit, record)
    assert IDENTITY in json.dumps(record)
    assert IDENTITY not in json.dumps(sealed)
    assert PHONE not in json.dumps(sealed)
    assert sealed["works_name"] == record["works_name"]
    assert forms.open_record(permit, sealed) == record


def test_a_mistyped_number_is_sealed_too(small: Form) -> None:
    sealed = forms.seal(small, {"people": [{"identity": "46000019900307523", "person": "张三"}, {}]})
    assert "46000019900307523" not in json.dumps(sealed)
    assert sealed["people"][0]["person"] == "张三"


def test_sealing_twice_gives_other_text_and_leaves_the_record_alone(small: Form, answers: dict[str, Any]) -> None:
    before = json.dumps(answers)
    first, second = forms.seal(small, answers), forms.seal(small, answers)
    assert first["people"][0]["identity"] != second["people"][0]["identity"]
    assert json.dumps(answers) == before


def test_an_altered_record_does_not_open(small: Form, answers: dict[str, Any]) -> None:
    sealed = forms.seal(small, answers)
    text = sealed["people"][0]["identity"]
    sealed["people"][0]["identity"] = text[:-6] + ("AAAA" if text[-6:-2] != "AAAA" else "BBBB") + text[-2:]
    with pytest.raises(CannotDecryptError):
        forms.open_record(small, sealed)


def test_a_masked_record_is_recognised_but_not_read(small: Form, answers: dict[str, Any]) -> None:
    person = forms.masked(small, answers)["people"][0]
    assert person == {"post": "a", "person": "张三", "identity": "460000********5232", "phone": "138****0000"}


def lines(form: Form, record: dict[str, Any], *more: Any, language: str = "zh-hans") -> dict[str, str]:
    with override(language):
        parts = forms.present(form, record, *more)
        plain = [line for part in parts for line in part.lines]
        cells = [line for part in parts for group in part.groups for row in group.rows for line in row]
        return {line.name: line.text for line in plain + cells}


def test_a_presentation_masks_and_names(small: Form, answers: dict[str, Any]) -> None:
    shown = lines(small, answers | {"kind": "b", "sure": False, "why": "没钱", "tags": ["x", "y"], "size": "1234.50"})
    assert shown["kind"] == "选项b"
    assert shown["tags"] == "选项x、选项y"
    assert shown["sure"] == "否"
    assert shown["size"] == "1,234.50"
    assert shown["note"] == NO_ANSWER
    assert shown["people-0-identity"] == "460000********5232"
    assert lines(small, answers | {"tags": ["x", "y"]}, language="en")["tags"] == "Option x, Option y"


def test_units_stand_behind_their_numbers(permit: Form, known: Known) -> None:
    shown = lines(permit, forms.sample(permit, known, {"contract_price": "42386.55"}), known)
    assert shown["contract_price"] == "42,386.55 万元"
    assert shown["region"] == "秀英区"
    assert shown["works_ids"] == "1# 楼"


def test_what_is_not_asked_is_not_presented(small: Form, answers: dict[str, Any]) -> None:
    assert "sure" not in lines(small, answers)
    assert lines(small, answers | {"kind": "b"})["sure"] == NO_ANSWER


def test_a_single_number_can_be_revealed(small: Form, answers: dict[str, Any]) -> None:
    shown = lines(small, answers, Known(), {"people-0-identity"})
    assert shown["people-0-identity"] == IDENTITY
    assert shown["people-0-phone"] == "138****0000"


def test_a_code_that_is_no_longer_known_stands_for_itself(small: Form, answers: dict[str, Any]) -> None:
    assert lines(small, answers | {"kind": "gone"})["kind"] == "gone"


def changes(form: Form, before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    with override("zh-hans"):
        return list(forms.changes(form, before, after))


def test_a_correction_shows_what_changed_and_nothing_else(small: Form, answers: dict[str, Any]) -> None:
    after = answers | {"size": "13", "note": "补充"}
    del after["code"]
    assert changes(small, answers, after) == [
        Change("code", "代码", "91460100MA5TE5T156", ""),
        Change("size", "面积", "12.5", "13"),
        Change("note", "备注", "", "补充"),
    ]
    assert changes(small, answers, answers) == []


def test_a_sensitive_change_is_seen_but_not_read(small: Form, answers: dict[str, Any]) -> None:
    person = answers["people"][0] | {"identity": "460000199003075312"}
    (change,) = changes(small, answers, answers | {"people": [person]})
    assert change == Change("people-0-identity", "人员第 1 项：证件号码", "460000********5232", "460000********5312")


def test_rows_are_matched_by_what_they_say(small: Form, answers: dict[str, Any]) -> None:
    first, second = answers["people"][0], {"post": "b", "person": "李四", "other": "某"}
    gone = changes(small, {"people": [first, second]}, {"people": [second]})
    assert [(change.title, change.before, change.after) for change in gone] == [
        ("人员第 1 项", "选项a; 张三; 460000********5232; 138****0000", "")
    ]
    come = changes(small, {"people": [second]}, {"people": [first, second]})
    assert [(change.name, change.before) for change in come] == [("people-0", "")]
    both = changes(small, {"people": [first]}, {"people": [first | {"person": "王五"}, second]})
    assert [(change.name, change.before, change.after) for change in both] == [
        ("people-0-person", "张三", "王五"),
        ("people-1", "", "选项b; 李四; 某"),
    ]
