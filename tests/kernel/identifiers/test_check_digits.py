from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.identifiers import check_digits

METHODS = {
    "mod11_2": (check_digits.mod11_2, check_digits.DIGITS),
    "mod11_10": (check_digits.mod11_10, check_digits.DIGITS),
    "mod37_36": (check_digits.mod37_36, check_digits.ALPHANUMERIC),
    "mod31": (check_digits.mod31, check_digits.USCC_ALPHABET),
}


@pytest.mark.parametrize(
    ("method", "payload", "check"),
    [
        (check_digits.mod11_2, "11010519491231002", "X"),
        (check_digits.mod11_2, "44052418800101001", "4"),
        (check_digits.mod11_10, "2509320193890154406", "0"),
        (check_digits.mod31, "11430000006122244", "L"),
        (check_digits.org_code, "00612224", "4"),
        (check_digits.org_code, "13221006", "9"),
        (check_digits.mod37_36, "11100000000013338W01111430000006122244L20230000403001", "U"),
        (check_digits.mod37_36, "11100000000013338W01111430000006122244L20230000403002", "S"),
        (check_digits.mod37_36, "11100000000013338W03211220000013544541J2430599001", "F"),
        (check_digits.mod37_36, "11100000000013338W08711370800MB2855918437080001202411010001001", "3"),
        (check_digits.mod37_36, "11100000000013338W00911330105002500287C2025052201002", "0"),
        (check_digits.mod37_36, "11100000000013661B006113700000045046442209FA4E88F9E4C878F3E9BED2CE7EA49001", "D"),
    ],
)
def test_the_published_examples_have_their_check_character(method, payload, check):
    assert method(payload) == check


@pytest.mark.parametrize(
    ("code", "total"),
    [
        ("11430000006122244L", 600),
        ("91460100MA5TE5T156", 2071),
        ("91420500MA4HTE5T5D", 2777),
        ("91430100MA4QTE5T3Q", 2735),
        ("1146010000817TE53Q", 1495),
    ],
)
def test_a_credit_code_has_the_weighted_sum_of_the_standard(code, total):
    alphabet = check_digits.USCC_ALPHABET
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    assert sum(alphabet.index(c) * w for c, w in zip(code[:17], weights, strict=True)) == total
    assert check_digits.mod31(code[:17]) == alphabet[(31 - total % 31) % 31] == code[17]


@pytest.mark.parametrize(
    ("number", "total"),
    [
        ("11010519491231002X", 167),
        ("440524188001010014", 195),
        ("460000198001010019", 157),
        ("460000199202290023", 240),
        ("430000198506070038", 224),
        ("420000197612310043", 185),
    ],
)
def test_an_identity_number_has_the_weighted_sum_of_the_standard(number, total):
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    assert sum(int(c) * w for c, w in zip(number[:17], weights, strict=True)) == total
    assert check_digits.mod11_2(number[:17]) == "10X98765432"[total % 11] == number[17]


@pytest.mark.parametrize("name", METHODS)
@given(data=st.data())
def test_every_single_wrong_character_changes_the_check(name, data):
    method, alphabet = METHODS[name]
    payload = data.draw(st.text(alphabet, min_size=1, max_size=70))
    position = data.draw(st.integers(0, len(payload) - 1))
    wrong = data.draw(st.sampled_from(alphabet.replace(payload[position], "")))
    assert method(payload[:position] + wrong + payload[position + 1 :]) != method(payload)


@given(st.text(check_digits.DIGITS, min_size=8, max_size=8), st.integers(0, 7), st.integers(1, 9))
def test_a_single_wrong_digit_of_an_organisation_code_changes_the_check(body, position, step):
    wrong = str((int(body[position]) + step) % 10)
    assert check_digits.org_code(body[:position] + wrong + body[position + 1 :]) != check_digits.org_code(body)


def test_two_letters_of_an_organisation_code_may_look_the_same_to_the_check():
    assert check_digits.org_code("A0000000") == check_digits.org_code("L0000000")


@pytest.mark.parametrize("name", METHODS)
def test_a_character_outside_the_alphabet_is_an_error(name):
    with pytest.raises(ValueError, match=re.escape("substring not found")):
        METHODS[name][0]("1-2")
