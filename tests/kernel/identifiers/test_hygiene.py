from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.identifiers.hygiene import bare, bare_if, tidy


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  91460100ma5te5t156\n", "91460100MA5TE5T156"),
        ("９１４６０１００ＭＡ５ｔｅ５ｔ１５６", "91460100MA5TE5T156"),
        ("1101 0519\u30004912\u00a031002x", "11010519491231002X"),
        ("\ufeff琼246\u200b202100001", "琼246202100001"),
        ("（鄂）JZ安许证字【2005】000115", "(鄂)JZ安许证字[2005]000115"),
        ("〔2018〕施［朝］建字0072号", "[2018]施[朝]建字0072号"),
        ("2509–320193—89−01－544060", "2509-320193-89-01-544060"),
        ("\ud800\x001", "1"),
    ],
)
def test_widths_case_dashes_brackets_and_spaces_are_made_one(typed, clean):
    assert tidy(typed) == clean


def test_signs_that_only_resemble_digits_are_left_alone():
    assert tidy("①²٣½") == "①²٣½"


def test_dashes_go_where_the_form_has_none():
    assert bare("00612224-4") == "006122244"


def test_dashes_go_only_where_the_rest_fits():
    clean = bare_if(r"\d{4}")
    assert clean("12-34") == "1234"
    assert clean("12-345") == "12-345"


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert tidy(tidy(text)) == tidy(text)
    assert bare(bare(text)) == bare(text)
