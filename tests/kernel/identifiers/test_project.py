from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.identifiers import NumberError, check, check_digits, project

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("number", "region", "day", "category", "serial"),
    [
        ("3101151211210104", "310115", "121121", "01", "04"),
        ("4408831511029901", "440883", "151102", "99", "01"),
        ("1100000509019901", "110000", "050901", "99", "01"),
        ("2302051507220101", "230205", "150722", "01", "01"),
        ("2329091508250102", "232909", "150825", "01", "02"),
        ("3306021608300101", "330602", "160830", "01", "01"),
        ("3413001712119901", "341300", "171211", "99", "01"),
        ("3305221902200001", "330522", "190220", "00", "01"),
        ("4419002010100005", "441900", "201010", "00", "05"),
        ("1301012106180001", "130101", "210618", "00", "01"),
    ],
)
def test_the_real_project_numbers_are_taken_apart(number, region, day, category, serial):
    verdict = check("project", number)
    assert (verdict.normal, verdict.warnings) == (number, ())
    assert verdict.parts == {"region": region, "date": day, "category": category, "serial": serial}


def test_the_example_project_number_is_made():
    assert project.make("460105", date(2026, 4, 15), category="01", serial=3) == "4601052604150103"


@pytest.mark.parametrize("number", ["460105260415010", "46010526041501033", "46010526041501O3"])
def test_what_is_not_sixteen_digits_is_no_project_number(number):
    assert not check("project", number).valid


@pytest.mark.parametrize(
    ("number", "said"), [("4601052613150103", "no such day"), ("4601052604155503", "55 is not a known category")]
)
def test_a_strange_day_or_category_only_warns(number, said):
    verdict = check("project", number)
    assert verdict.valid
    assert said in str(verdict.warnings[0])


@given(st.integers(0, 999_999), DAYS, st.sampled_from(["00", "01", "02", "99"]), st.integers(1, 99))
def test_a_made_project_number_is_read_back(division, day, category, serial):
    number = project.make(f"{division:06}", day, category=category, serial=serial)
    verdict = check("project", number)
    assert verdict.normal == number
    assert not verdict.warnings
    assert verdict.parts == {
        "region": f"{division:06}",
        "date": f"{day:%y%m%d}",
        "category": category,
        "serial": f"{serial:02}",
    }


@pytest.mark.parametrize(
    ("division", "category", "serial"),
    [("460105", "01", 100), ("460105", "01", 0), ("4601052", "1", 3), ("46010", "012", 3)],
)
def test_a_project_number_is_not_made_from_what_does_not_fit(division, category, serial):
    with pytest.raises(NumberError):
        project.make(division, date(2026, 4, 15), category=category, serial=serial)


@pytest.mark.parametrize(
    ("number", "node"),
    [
        ("4408831511029901-BD-001", "BD"),
        ("1301012106180001-TX-004", "TX"),
        ("3101151211210104-HL-044", "HL"),
        ("1100000509019901-SX-001", "SX"),
        ("3101151211210104-JX-001", "JX"),
        ("YJ-3101151211210104-001", "YJ"),
    ],
)
def test_the_real_record_numbers_are_read_and_made(number, node):
    verdict = check("node_record", number)
    assert (verdict.normal, verdict.warnings) == (number, ())
    assert verdict.parts["node"] == node
    assert project.make_record(verdict.parts["project"], node, int(verdict.parts["serial"])) == number


def test_an_unknown_node_or_a_strange_project_only_warns():
    assert "QQ is not a known" in str(check("node_record", "1100000509019901-QQ-001").warnings[0])
    assert "In the part 1100000513019901" in str(check("node_record", "1100000513019901-SX-001").warnings[0])


@pytest.mark.parametrize("number", ["1100000509019901-SX-1", "110000-SX-001", "1100000509019901SX001"])
def test_what_is_not_written_as_a_record_number_is_refused(number):
    assert "1100000509019901-SX-001" in str(check("node_record", number).problems[0])


@pytest.mark.parametrize(("number", "node", "serial"), [("1", "SX", 1), ("1100000509019901", "S", 1)])
def test_a_record_number_is_not_made_from_what_does_not_fit(number, node, serial):
    with pytest.raises(NumberError):
        project.make_record(number, node, serial)


def test_the_thousandth_record_is_refused_not_wrapped():
    with pytest.raises(NumberError, match="1 to 999 and never starts again; 1000 does not fit"):
        project.make_record("1100000509019901", "SX", 1000)


@given(st.integers(1, 999), st.none() | st.integers(1, 99))
def test_a_made_works_code_is_read_back(single, unit):
    verdict = check("works", project.make_works("4601052604150103", single, unit))
    assert verdict.valid
    assert not verdict.warnings
    assert int(verdict.parts["single"]) == single
    assert verdict.parts.get("unit") == (None if unit is None else f"{unit:02}")


def test_works_codes_of_other_systems_are_accepted_with_a_warning():
    assert check("works", "370800120241111118").warnings
    assert not check("works", "单体").valid


def test_the_real_investment_code_is_taken_apart():
    verdict = check("investment_project", "2509-320193-89-01-544060")
    assert (verdict.normal, verdict.warnings) == ("2509-320193-89-01-544060", ())
    assert verdict.parts == {
        "month": "2509",
        "region": "320193",
        "department": "89",
        "type": "01",
        "random": "54406",
        "check": "0",
    }


def test_an_investment_code_of_the_old_form_is_known_by_its_year():
    verdict = check("investment_project", "2017-460000-47-03-000001")
    assert not verdict.warnings
    assert verdict.parts["year"] == "2017"
    assert verdict.parts["industry"] == "47"


@pytest.mark.parametrize(
    "typed",
    ["25093201938901544060", "250-9320193-89-01-5440-60", "2509—320193—89—01—544060", " 2509-320193-89-01-544060"],
)
def test_the_dashes_of_an_investment_code_are_put_where_they_belong(typed):
    assert check("investment_project", typed).normal == "2509-320193-89-01-544060"


@pytest.mark.parametrize(
    ("code", "said"),
    [("2509-320193-89-01-544061", "last character"), ("2513-320193-89-01-544060", "a year and a month")],
)
def test_a_doubtful_investment_code_only_warns(code, said):
    verdict = check("investment_project", code)
    assert verdict.valid
    assert said in str(verdict.warnings[0])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("2509-320193-89-01-54406", "This one has 23 characters."),
        ("2509-320193-89-01-54406A", "This one contains A."),
        ("2509-320193-89-01-5440601", "This one has 25 characters."),
        ("25093-20193-89-01-54406-", "wrong place"),
    ],
)
def test_what_is_not_twenty_digits_is_no_investment_code(code, said):
    verdict = check("investment_project", code)
    assert not verdict.valid
    assert said in str(verdict.problems[0])


@given(st.text(check_digits.DIGITS, min_size=13, max_size=13), st.integers(0, 18), st.integers(1, 9))
def test_a_single_wrong_digit_of_an_investment_code_is_noticed(rest, position, step):
    body = "250932" + rest
    wrong = body[:position] + str((int(body[position]) + step) % 10) + body[position + 1 :]
    assert not check("investment_project", body + check_digits.mod11_10(body)).warnings
    verdict = check("investment_project", wrong + check_digits.mod11_10(body))
    assert verdict.warnings or "year" in verdict.parts
