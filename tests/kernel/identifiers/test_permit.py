from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.identifiers import NumberError, check, permit


def test_the_sample_number_is_taken_apart():
    verdict = check("permit", "321111201709010201")
    assert (verdict.normal, verdict.warnings) == ("321111201709010201", ())
    assert verdict.parts == {"region": "321111", "date": "20170901", "serial": "02", "category": "01"}


def test_the_example_number_is_made():
    assert permit.make("460105", date(2026, 4, 15), serial=1, category="01") == "460105202604150101"


@given(
    st.integers(0, 999_999),
    st.dates(date(1990, 1, 1), date(2199, 12, 31)),
    st.integers(1, 99),
    st.integers(1, 19) | st.just(99),
)
def test_a_made_number_is_read_back(division, day, serial, category):
    number = permit.make(f"{division:06}", day, serial=serial, category=f"{category:02}")
    verdict = check("permit", number)
    assert verdict.normal == number
    assert not verdict.warnings
    assert verdict.parts == {
        "region": f"{division:06}",
        "date": f"{day:%Y%m%d}",
        "serial": f"{serial:02}",
        "category": f"{category:02}",
    }


@pytest.mark.parametrize("serial", [100, 101, 0, -1])
def test_the_hundredth_permit_of_a_day_is_refused_not_wrapped(serial):
    with pytest.raises(NumberError, match=f"1 to 99 and never starts again; {serial} does not fit") as refusal:
        permit.make("460105", date(2026, 4, 15), serial=serial, category="01")
    assert refusal.value.message.params["most"] == 99


@pytest.mark.parametrize(("division", "category"), [("4601052", "1"), ("46010", "011"), ("460105", "AB")])
def test_codes_of_the_wrong_width_are_refused_even_if_the_sum_is_right(division, category):
    with pytest.raises(NumberError, match="must have"):
        permit.make(division, date(2026, 4, 15), serial=1, category=category)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("46010520260415010", "has 18 digits. This one has 17 characters."),
        ("46010520260415O101", "This one contains O."),
        ("460105202602300101", "no such day"),
        ("460105202604150001", "starts at 01"),
        ("许可", "This one has 2 characters."),
    ],
)
def test_a_wrong_number_is_refused_with_the_reason(number, said):
    verdict = check("permit", number)
    assert not verdict.valid
    assert said in str(verdict.problems[0])


def test_an_unknown_category_only_warns():
    verdict = check("permit", "460105202604150155")
    assert verdict.valid
    assert "55 is not a known category" in str(verdict.warnings[0])


@pytest.mark.parametrize("typed", ["460105-20260415-01-01", "４６０１０５ 20260415 0101"])
def test_dashes_and_spaces_do_not_matter(typed):
    assert check("permit", typed).normal == "460105202604150101"


@pytest.mark.parametrize(
    ("number", "normal"),
    [
        ("[2018]施[朝]建字0072号", "[2018]施[朝]建字0072号"),
        ("〔2010〕施【朝】建字0009号", "[2010]施[朝]建字0009号"),
        ("460105202604150101001", "460105202604150101001"),
        ("460105202604150101S1", "460105202604150101S1"),
    ],
)
def test_older_and_local_numbers_are_accepted_with_a_warning(number, normal):
    verdict = check("permit", number)
    assert verdict.normal == normal
    assert verdict.warnings


def test_a_supplement_keeps_the_rules_of_its_permit():
    assert check("permit", "460105202604150101J02").parts["supplement"] == "J02"
    assert not check("permit", "460105202613150101J02").valid


def test_the_national_number_of_a_permit_is_read_too():
    verdict = check("permit", "1100000509019901-SX-001")
    assert verdict.parts == {"project": "1100000509019901", "node": "SX", "serial": "001"}
    assert not verdict.warnings
    assert not check("permit", "1100000509019901-JX-001").valid
