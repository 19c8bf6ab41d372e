from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianguan.kernel.expressions import ExpressionError, parse

WORDS = ["a", "b_1", "and", "or", "not", "in", "(", ")", "[", "]", ",", "=", "!=", "<", "<=", ">", ">=", "..", "{", ":"]
LITERALS = ["1", "-2.50", ".5", '"x"', '"\\"\\\\\\n"', "true", "false", "null", 'date("2026-01-31")', 'date("x")']


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("approved", "approved"),
        ("area>=300.0", "area >= 300"),
        ("-.50 < x", "-0.5 < x"),
        ("x = -0.0", "x = 0"),
        ('stage in ("a","b")', 'stage in ["a", "b"]'),
        ('"fire" in departments', '"fire" in departments'),
        ("departments = []", "departments = []"),
        ("a and (b and (c))", "a and b and c"),
        ("(a or b) and not ( c )", "(a or b) and not(c)"),
        ("a or (b and c)", "a or b and c"),
        ("(a = b) = (c < 5)", "(a = b) = (c < 5)"),
        ('day > date( "2026-01-31" )', 'day > date("2026-01-31")'),
        ('say = "“好”\\n\\"x\\" \\\\"', 'say = "“好”\\n\\"x\\" \\\\"'),
    ],
)
def test_a_condition_has_one_canonical_text(text, canonical):
    assert str(parse(text)) == canonical
    assert parse(canonical) == parse(text)


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("", 0, "a value is expected, not the end of the text"),
        ("a b", 2, "the end of the text is expected, not “b”"),
        ("a == b", 3, "a value is expected, not “=”"),
        ("a + 1", 2, "the character “+” has no meaning here"),
        ("a.b = 1", 1, "the character “.” has no meaning here"),
        ("a - 1", 2, "the end of the text is expected, not “-”"),
        ("__import__(os)", 10, "the end of the text is expected, not “(”"),
        ("a = 'x'", 4, "the character “'” has no meaning here"),
        ('a = "x', 4, "a quoted text is not closed, or holds a character that must be escaped"),
        ('a = "x\ty"', 4, "a quoted text is not closed, or holds a character that must be escaped"),
        ("a，b", 1, "the character “，” has no meaning here"),
        ("a < b < c", 6, "the end of the text is expected, not “<”"),
        ("not a", 4, "“(” is expected, not “a”"),
        ("a in b.c", 6, "the character “.” has no meaning here"),
        ('a in "b"', 5, "a list is expected"),
        ("a in [1, [2]]", 9, "a value is expected, not “[”"),
        ("a in [1 2]", 8, "“,” is expected, not “2”"),
        ("a in [1..2]", 7, "“,” is expected, not “..”"),
        ("(a", 2, "“)” is expected, not the end of the text"),
        ("date = 1", 5, "“(” is expected, not “=”"),
        ("d = date(2026)", 9, "a day such as “2026-01-31” is expected"),
        ('d = date("2026-02-30")', 9, "a day such as “2026-01-31” is expected"),
        ('d = date("20260131")', 9, "a day such as “2026-01-31” is expected"),
        ("n = 1e9", 5, "the end of the text is expected, not “e9”"),
        ("n = " + "9" * 35, 4, "a number has at most 34 digits on each side of the point"),
    ],
)
def test_a_text_outside_the_grammar_is_refused_with_the_place(text, position, problem):
    with pytest.raises(ExpressionError) as refusal:
        parse(text)
    assert refusal.value.position == position
    assert problem in str(refusal.value)
    assert str(refusal.value).startswith(f"At character {position + 1}: ")


def test_a_condition_has_at_most_500_characters():
    assert parse("a" * 500).names() == {"a" * 500}
    with pytest.raises(ExpressionError, match="longer than 500 characters"):
        parse("a" * 501)


def test_at_most_twenty_brackets_are_open_at_once():
    assert str(parse("(" * 20 + "a" + ")" * 20)) == "a"
    assert parse("not(" * 20 + "a" + ")" * 20).evaluate({"a": True})
    with pytest.raises(ExpressionError, match="more than 20 brackets are open"):
        parse("(" * 21 + "a" + ")" * 21)
    with pytest.raises(ExpressionError, match="more than 20 brackets are open"):
        parse("not(" * 21 + "a" + ")" * 21)


@settings(max_examples=500, deadline=timedelta(seconds=1))
@given(st.one_of(st.text(max_size=600), st.lists(st.sampled_from(WORDS + LITERALS), max_size=120).map(" ".join)))
def test_any_text_is_a_condition_or_an_expression_error(text):
    try:
        condition = parse(text)
    except ExpressionError:
        return
    assert len(str(condition)) > 500 or parse(str(condition)) == condition
