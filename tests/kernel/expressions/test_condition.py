from __future__ import annotations

import operator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianguan.kernel.expressions import ExpressionError, parse

ENV = {
    "yes": True,
    "no": False,
    "area": Decimal("300.5"),
    "floors": 6,
    "stage": "main",
    "day": date(2026, 1, 31),
    "nothing": None,
    "departments": ["fire", "water"],
    "none": [],
}
VALUES = st.one_of(
    st.booleans(),
    st.integers(-3, 3),
    st.decimals(-3, 3, places=1),
    st.sampled_from(["", "a", "b"]),
    st.dates(date(2026, 1, 1), date(2026, 1, 4)),
    st.none(),
)
SIGNS = {"=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "not(no)",
        "area > 300 and area <= 300.50",
        "floors = 6.0",
        '6 != floors or stage = "main"',
        'day >= date("2026-01-31")',
        'stage in ["base", "main"]',
        "floors in [area, 6]",
        '"fire" in departments',
        'not("gas" in departments)',
        "none = []",
        'departments = ["fire", "water"]',
        "departments != null",
        "nothing = null",
        "area != null",
        "nothing = null or nothing > 5",
        "not(nothing != null and nothing > 5)",
        "(area > 300) = yes",
        "null in [1, null]",
    ],
)
def test_a_condition_that_holds(text):
    assert parse(text).evaluate(ENV) is True
    assert parse(f"not({text})").evaluate(ENV) is False


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("area = stage", "cannot compare a number with text"),
        ("area != yes", "cannot compare a number with true or false"),
        ("area < null", "cannot compare a number with null"),
        ("nothing > 5", "cannot compare null with a number"),
        ('stage < "z"', "cannot compare text with text"),
        ("no < yes", "cannot compare true or false with true or false"),
        ('day = "2026-01-31"', "cannot compare a date with text"),
        ("departments = 1", "cannot compare a list with a number"),
        ("departments in [1]", "cannot compare a list with a number"),
        ('floors in [6, "main"]', "cannot compare a number with text"),
        ("yes in stage", "“stage” is text, not a list"),
        ("floors in [departments]", "“departments” is a list inside a list"),
        ("area", "“area” is a number, not true or false"),
        ("nothing or yes", "“nothing” is null, not true or false"),
        ("not(stage)", "“stage” is text, not true or false"),
    ],
)
def test_what_cannot_be_compared_or_decided_is_an_error_not_false(text, problem):
    with pytest.raises(ExpressionError, match="At character") as refusal:
        parse(text).evaluate(ENV)
    assert problem in str(refusal.value)


def test_a_missing_variable_is_an_error_that_names_it_even_where_the_answer_would_not_need_it():
    condition = parse("yes or missing = 1")
    assert condition.evaluate({"yes": True, "missing": 2})
    with pytest.raises(ExpressionError, match="“missing” has no value") as refusal:
        condition.evaluate({"yes": True})
    assert refusal.value.position == 7


@pytest.mark.parametrize(
    "foreign",
    [
        0.5,
        datetime(2026, 1, 1),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1e40"),
        10**40,
        {},
        [[]],
    ],
)
def test_a_value_of_a_foreign_kind_is_refused(foreign):
    with pytest.raises(ExpressionError, match=r"“x” holds .* that a condition cannot use"):
        parse("x = null").evaluate({"x": foreign})


def test_a_condition_knows_its_variables_and_the_literals_they_meet():
    condition = parse(
        'a = 1 and (2 < a or b in ["x", c, "y"]) and not(d) and "fire" in e and f = g and (h or day >= date("2026-01-31"))'
    )
    assert condition.names() == {"a", "b", "c", "d", "e", "f", "g", "h", "day"}
    assert condition.hints() == {
        "a": {1, 2},
        "b": {"x", "y"},
        "c": set(),
        "d": {True, False},
        "e": {"fire"},
        "f": set(),
        "g": set(),
        "h": {True, False},
        "day": {date(2026, 1, 31)},
    }


@settings(max_examples=300, deadline=timedelta(seconds=1))
@given(VALUES, VALUES, st.sampled_from(sorted(SIGNS)))
def test_comparing_agrees_with_python_where_kinds_agree_and_is_refused_elsewhere(left, right, sign):
    alike = {bool: "b", int: "n", Decimal: "n", str: "t", date: "d", type(None): "-"}
    kinds = {alike[type(left)], alike[type(right)]}
    comparable = (len(kinds) == 1 and kinds <= {"n", "d"}) or (
        sign in {"=", "!="} and (len(kinds) == 1 or "-" in kinds)
    )
    condition = parse(f"left {sign} right")
    if comparable:
        assert condition.evaluate({"left": left, "right": right}) is SIGNS[sign](left, right)
    else:
        with pytest.raises(ExpressionError, match="cannot compare"):
            condition.evaluate({"left": left, "right": right})
