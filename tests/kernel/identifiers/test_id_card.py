from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.identifiers import check, check_digits


@st.composite
def numbers(draw):
    day = draw(st.dates(date(1880, 1, 1), date(2030, 12, 31)))
    body = f"460000{day:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return body + check_digits.mod11_2(body)


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "440524188001010014",
        "460000198001010019",
        "460000199202290023",
        "430000198506070038",
        "420000197612310043",
    ],
)
def test_the_examples_are_valid(number):
    verdict = check("id_card", number)
    assert (verdict.normal, verdict.warnings) == (number, ())


def test_a_number_is_taken_apart():
    assert check("id_card", "11010519491231002X").parts == {
        "region": "110105",
        "date": "19491231",
        "serial": "002",
        "check": "X",
        "sex": "female",
    }
    assert check("id_card", "440524188001010014").parts["sex"] == "male"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("110105194912310021", "last character"),
        ("460000199202300021", "no such day"),
        ("4600001980010100190", "This one has 19 characters."),
        ("46000019800101X019", "wrong place"),
        ("46000019800101001Y", "This one contains Y."),
        ("٤60000198001010019", "This one contains ٤."),
    ],
)
def test_a_wrong_number_is_refused_with_the_reason(number, said):
    verdict = check("id_card", number)
    assert not verdict.valid
    assert said in str(verdict.problems[0])


def test_a_small_x_is_made_large_before_the_check():
    assert check("id_card", "11010519491231002x").normal == "11010519491231002X"
    refused = check("id_card", "46000019800101001x")
    assert [str(problem) for problem in refused.problems] == [
        "The last character does not agree with the others; compare the number with the original."
    ]


def test_a_number_of_fifteen_digits_is_explained_and_upgraded():
    verdict = check("id_card", "110105491231002")
    assert not verdict.valid
    assert "old number of 15 digits" in str(verdict.problems[0])
    assert verdict.parts["upgraded"] == "11010519491231002X"
    assert (verdict.parts["date"], verdict.parts["sex"]) == ("19491231", "female")


@given(numbers(), st.data())
def test_every_single_wrong_character_is_caught(number, data):
    assert check("id_card", number).valid
    position = data.draw(st.integers(0, 17))
    wrong = data.draw(st.sampled_from("0123456789X".replace(number[position], "")))
    assert not check("id_card", number[:position] + wrong + number[position + 1 :]).valid
