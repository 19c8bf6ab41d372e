"""How answers are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.licensing.forms import notation
from jianguan.licensing.forms.sample import NUMBERS


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("１，２３４．50", "1234.50"),
        ("1,234,567", "1234567"),
        (" 007 ", "7"),
        ("+3.10", "3.10"),
        ("－５", "-5"),
        ("-0.00", "0.00"),
        ("12 345.6", "12345.6"),
    ],
)
def test_a_number_is_read_in_every_usual_writing(typed: str, stored: str) -> None:
    assert notation.number(typed) == stored


@pytest.mark.parametrize(
    "typed", ["", "12,34", "1.2.3", "1e5", "NaN", "Infinity", "²", "٣", "一百", "0x10", "1_000", ".5"]
)
def test_what_is_no_number_is_not_guessed(typed: str) -> None:
    assert notation.number(typed) is None


@pytest.mark.parametrize("typed", ["2026年1月5日", "2026/1/5", "2026.01.05", "２０２６-01-05", "20260105", "2026-1-5"])
def test_a_date_is_read_in_every_usual_writing(typed: str) -> None:
    assert notation.day(typed) == "2026-01-05"


@pytest.mark.parametrize(
    "typed", ["2026-02-30", "2026-13-01", "0000-01-01", "26-01-05", "明天", "2026-01", "202601051"]
)
def test_what_is_no_day_is_not_guessed(typed: str) -> None:
    assert notation.day(typed) is None


def test_text_loses_only_what_cannot_be_shown() -> None:
    assert notation.text(" a\x00b\u202ec\ud800\r\nd ") == "abc d"
    assert notation.text("　甲\r\n乙\t丙\r", lines=True) == "甲\n乙\t丙"
    assert len(notation.text("字" * 50_000)) == notation.LONGEST


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    once = notation.text(typed, lines=True)
    assert notation.text(once, lines=True) == once
    once = notation.text(typed)
    assert notation.text(once) == once
    assert "\n" not in once


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_number_keeps_its_value(value: Decimal) -> None:
    stored = notation.number(f"{value:,}")
    assert stored is not None
    assert Decimal(stored) == value
    assert notation.number(stored) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("138 0000 0000", "13800000000"),
        ("+86-13800000000", "13800000000"),
        ("（0898）65300000", "0898-65300000"),
        ("010-12345678-21", "010-12345678-21"),
        ("4001234567", "400-123-4567"),
        ("+85223456789", "+85223456789"),
    ],
)
def test_a_telephone_number_has_one_form(typed: str, stored: str) -> None:
    assert notation.check("phone", typed).normal == stored
    assert notation.check("phone", stored).normal == stored


@pytest.mark.parametrize("typed", ["", "1234", "1380000000", "23800000000", "电话"])
def test_what_is_no_telephone_number_is_refused(typed: str) -> None:
    assert not notation.check("phone", typed).valid


def test_other_papers_than_the_identity_card_are_accepted_with_a_doubt() -> None:
    verdict = notation.check("identity", "e12345678")
    assert verdict.normal == "E12345678"
    assert verdict.warnings
    assert notation.check("identity", "460000199003075232").warnings == ()


def test_a_mistyped_identity_number_is_not_taken_for_another_paper() -> None:
    for wrong in ("460000199003075233", "46000019900307523", "4600001990"):
        assert not notation.check("identity", wrong).valid


def test_there_is_a_sample_of_every_kind_of_number() -> None:
    assert set(NUMBERS) == set(notation.FORMATS)
    for kind, value in NUMBERS.items():
        assert notation.refusal(kind, value) is None, kind


def test_a_number_in_another_writing_may_not_stand_in_a_record() -> None:
    refusal = notation.refusal("id_card", "46000019900307523２")
    assert refusal is not None
    assert "460000199003075232" in str(refusal)


def test_values_of_a_library_become_answers() -> None:
    given = [Decimal("1.50"), date(2026, 1, 5), True, None, "甲", ("a", Decimal(1))]
    assert [notation.from_library(value) for value in given] == ["1.50", "2026-01-05", True, None, "甲", ["a", "1"]]
