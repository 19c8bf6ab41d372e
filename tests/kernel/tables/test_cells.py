from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianguan.kernel.expressions import ExpressionError
from jianguan.kernel.expressions.values import literal
from jianguan.kernel.tables.cells import parse_cell

SIGNS: dict[str, Callable[[object, object], bool]] = {
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
}
POINTS = {
    "number": [Decimal(n) / 2 for n in range(-3, 4)],
    "date": [date(2026, 1, 1) + timedelta(n) for n in range(6)],
    "text": ["", "a", "b", "“好”", 'x"\\\n'],
    "boolean": [True, False],
}
WORDS = [
    "-",
    "not(",
    "(",
    ")",
    "[",
    "]",
    "..",
    ",",
    "<",
    ">=",
    "1",
    "-.5",
    '"a"',
    "true",
    "null",
    'date("2026-01-01")',
    "a",
]


@st.composite
def written_test(draw, kind):
    """The text of one test, and what it should mean, written down without the product's help."""
    bound, other = draw(st.sampled_from(POINTS[kind])), draw(st.sampled_from(POINTS[kind]))
    form = draw(st.sampled_from(["literal", "comparison", "interval"]))
    if form == "literal" or kind in {"text", "boolean"}:
        return literal(bound), lambda value: value == bound
    if form == "comparison" or bound == other:
        sign = draw(st.sampled_from(sorted(SIGNS)))
        return f"{sign}{literal(bound)}", lambda value: SIGNS[sign](value, bound)
    low, high = min(bound, other), max(bound, other)
    opening, closing = draw(st.sampled_from("[](")), draw(st.sampled_from("[])"))
    lower, upper = ">=" if opening == "[" else ">", "<=" if closing == "]" else "<"
    text = f"{opening} {literal(low)} .. {literal(high)} {closing}"
    return text, lambda value: SIGNS[lower](value, low) and SIGNS[upper](value, high)


@settings(max_examples=300)
@given(st.data(), st.sampled_from(sorted(POINTS)), st.booleans())
def test_a_cell_means_what_its_parts_mean(data, kind, negated):
    parts = data.draw(st.lists(written_test(kind), min_size=1, max_size=4))
    text = ", ".join(text for text, _ in parts)
    cell = parse_cell(f"not({text})" if negated else text, kind)
    for value in POINTS[kind]:
        assert cell.holds(value) is (any(means(value) for _, means in parts) != negated)


@pytest.mark.parametrize("kind", sorted(POINTS))
def test_a_dash_asks_nothing(kind):
    cell = parse_cell(" - ", kind)
    assert cell.test is None
    assert all(cell.holds(value) for value in POINTS[kind])


def test_numbers_are_equal_by_value_and_never_rounded():
    assert parse_cell("1.50", "number").holds(Decimal("1.5"))
    assert parse_cell("> 0." + "0" * 33 + "1", "number").holds(Decimal("2e-34"))
    assert not parse_cell("> 0." + "0" * 33 + "1", "number").holds(Decimal("1e-34"))


@pytest.mark.parametrize(
    ("text", "kind", "problem"),
    [
        ("", "number", "a value is expected, not the end of the text"),
        ("- 1", "number", "the end of the text is expected"),
        ("not(-)", "number", "a value is expected, not “-”"),
        ("not 1", "number", "“(” is expected"),
        ("not(not(1))", "number", "a value is expected, not “not”"),
        ("1,", "number", "a value is expected, not the end of the text"),
        ("= 1", "number", "a value is expected, not “=”"),
        ("1 + 1", "number", "the character “+” has no meaning here"),
        ("area", "number", "a value is expected, not “area”"),
        ("null", "number", "a number is expected, not null"),
        ("true", "number", "a number is expected, not true or false"),
        ('"1"', "number", "a number is expected, not text"),
        ("1", "text", "text is expected, not a number"),
        ("a", "text", "a value is expected, not “a”"),
        ('"2026-01-01"', "date", "a date is expected, not text"),
        ('< "a"', "text", "text has no order to compare by"),
        ('["a".."b"]', "text", "text has no order to compare by"),
        ("> false", "boolean", "true or false has no order to compare by"),
        ("[2..1]", "number", "the interval is empty"),
        ("[1..1)", "number", "the interval is empty"),
        ("[1..2", "number", "the end of the interval is expected"),
        ("[1, 2]", "number", "“..” is expected"),
        ("(1)", "number", "“..” is expected"),
        ("< [1..2]", "number", "a value is expected, not “[”"),
        ("NaN", "number", "a value is expected"),
        ("1e5", "number", "the end of the text is expected"),
        ("9" * 35, "number", "at most 34 digits"),
        ("1, " * 200 + "1", "number", "longer than 500 characters"),
    ],
)
def test_a_cell_outside_the_grammar_is_refused(text, kind, problem):
    with pytest.raises(ExpressionError) as refusal:
        parse_cell(text, kind)
    assert problem in str(refusal.value)


def test_a_text_outside_the_closed_list_is_refused():
    assert parse_cell('not("a")', "text", ["a", "b"]).holds("b")
    with pytest.raises(ExpressionError, match='At character 6: "A" is not one of a, b'):
        parse_cell('"a", "A"', "text", ["a", "b"])


@settings(max_examples=500, deadline=timedelta(seconds=1))
@given(
    st.one_of(st.text(max_size=600), st.lists(st.sampled_from(WORDS), max_size=200).map("".join)),
    st.sampled_from(sorted(POINTS)),
)
def test_any_text_is_a_cell_or_an_expression_error(text, kind):
    try:
        cell = parse_cell(text, kind)
    except ExpressionError:
        return
    assert {cell.holds(value) for value in POINTS[kind]} <= {True, False}
