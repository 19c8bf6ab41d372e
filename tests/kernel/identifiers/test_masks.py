from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.identifiers import mask_id, mask_name, mask_phone


def test_the_middle_of_an_identity_number_is_hidden():
    assert mask_id("11010519491231002X") == "110105********002X"
    assert mask_id("11010519491231002X", head=3) == "110***********002X"


@pytest.mark.parametrize("number", ["", "1", "E12345678", "1234567890"])
def test_what_is_too_short_to_mask_is_hidden_whole(number):
    assert mask_id(number) == "*" * len(number)


@given(st.text(), st.integers(0, 8), st.integers(0, 8))
def test_a_mask_keeps_the_length_and_hides_something(number, head, tail):
    masked = mask_id(number, head, tail)
    assert len(masked) == len(number)
    assert not number or "*" in masked


@pytest.mark.parametrize("phone", ["13800005678", "138 0000 5678", "+86 138-0000-5678", "１３８００００５６７８"])
def test_the_middle_of_a_mobile_number_is_hidden(phone):
    assert mask_phone(phone) == "138****5678"


def test_of_other_phone_numbers_the_last_four_digits_stay():
    assert mask_phone("0898-65331234") == "********1234"
    assert mask_phone("110") == "***"


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三丰", "张**"), ("张三", "张*"), ("欧阳修", "欧阳*"), ("欧阳", "欧*"), ("张", "张"), ("", "")],
)
def test_the_surname_stays(name, masked):
    assert mask_name(name) == masked


def test_a_name_is_written_with_mou_only_where_asked():
    assert mask_name("张三丰", hidden="某") == "张某某"
