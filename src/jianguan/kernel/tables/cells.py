"""One condition of a row: a subset of S-FEEL unary tests, compiled once to a function.

    cell     = "-" | tests | "not" "(" tests ")"
    tests    = test { "," test }
    test     = literal | ( "<" | "<=" | ">" | ">=" ) literal | interval
    interval = ( "[" | "(" | "]" ) literal ".." literal ( "]" | ")" | "[" )

An interval is closed where a square bracket faces it. Literals are those of conditions (`expressions.grammar`).
Comparisons and intervals exist for numbers and dates only; a cell never holds null.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from jianguan.kernel.expressions.reader import ExpressionError, Reader
from jianguan.kernel.expressions.values import DESCRIBED, ORDERED, Kind, Scalar, described, kind_of, literal
from jianguan.kernel.messages import message

Test = Callable[[Any], bool]
Bound = Any  # a Decimal or a date, never mixed in one column; None where the span is open-ended

ANY: Final = "-"


@dataclass(frozen=True, slots=True)
class Span:
    """The values between two bounds, of which None is no bound."""

    low: Bound = None
    low_closed: bool = False
    high: Bound = None
    high_closed: bool = False

    def test(self) -> Test:
        """The span as a function."""
        above = partial(operator.le if self.low_closed else operator.lt, self.low)
        below = partial(operator.ge if self.high_closed else operator.gt, self.high)
        if self.high is None:
            return above
        if self.low is None:
            return below
        return lambda value: above(value) and below(value)

    def __str__(self) -> str:
        if self.low is None and self.high is None:
            return ANY
        if self.low is None:
            return f"{'<=' if self.high_closed else '<'} {literal(self.high)}"
        if self.high is None:
            return f"{'>=' if self.low_closed else '>'} {literal(self.low)}"
        if self.low == self.high:
            return literal(self.low)
        opening, closing = "[" if self.low_closed else "(", "]" if self.high_closed else ")"
        return f"{opening}{literal(self.low)}..{literal(self.high)}{closing}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A parsed cell: values equal to one of `points` or inside one of `spans`, or all others if `negated`.

    `test` decides a value of the column's kind; it is None in a cell that asks nothing.
    """

    text: str
    points: frozenset[Scalar] = frozenset()
    spans: tuple[Span, ...] = ()
    negated: bool = False
    test: Test | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "test", _compiled(self.points, self.spans, self.negated))

    def holds(self, value: Scalar) -> bool:
        """Whether `value` satisfies the cell."""
        return self.test is None or self.test(value)


def parse_cell(text: str, kind: Kind, values: Collection[str] = ()) -> Cell:
    """The cell that `text` writes for a column of `kind`, text restricted to `values` where there are any.

    Raises `ExpressionError`.
    """
    reader = Reader(text)
    if reader.take(ANY):
        reader.end()
        return Cell(ANY)
    negated = bool(reader.take("not"))
    if negated:
        reader.expect("(")
    column = _Column(kind, values)
    tests = [column.read(reader)]
    while reader.take(","):
        tests.append(column.read(reader))
    if negated:
        reader.expect(")")
    reader.end()
    points = frozenset(test for test in tests if not isinstance(test, Span))
    return Cell(text.strip(), points, tuple(test for test in tests if isinstance(test, Span)), negated)


@dataclass(frozen=True, slots=True)
class _Column:
    """What the tests of one column may be."""

    kind: Kind
    values: Collection[str]

    def read(self, reader: Reader) -> Scalar | Span:
        position = reader.token.position
        comparison = reader.take("<", "<=", ">", ">=")
        opening = "" if comparison else reader.take("[", "(", "]")
        if not comparison and not opening:
            return self._literal(reader)
        if self.kind not in ORDERED:
            problem = message("%(kind)s has no order to compare by.", kind=DESCRIBED[self.kind])
            raise ExpressionError(problem, position)
        return self._comparison(reader, comparison) if comparison else self._interval(reader, opening)

    def _comparison(self, reader: Reader, sign: str) -> Span:
        bound, closed = self._literal(reader), sign.endswith("=")
        return Span(high=bound, high_closed=closed) if sign[0] == "<" else Span(low=bound, low_closed=closed)

    def _interval(self, reader: Reader, opening: str) -> Span:
        position = reader.token.position
        low: Bound = self._literal(reader)
        reader.expect("..")
        high: Bound = self._literal(reader)
        closing = reader.take("]", ")", "[")
        if not closing:
            raise reader.refusal(message("the end of the interval"))
        span = Span(low, opening == "[", high, closing == "]")
        if low > high or (low == high and not (span.low_closed and span.high_closed)):
            raise ExpressionError(message("the interval is empty."), position)
        return span

    def _literal(self, reader: Reader) -> Scalar:
        position = reader.token.position
        value = reader.literal()
        if value is None or kind_of(value) != self.kind:
            problem = message("%(kind)s is expected, not %(found)s.", kind=DESCRIBED[self.kind], found=described(value))
            raise ExpressionError(problem, position)
        if self.values and value not in self.values:
            problem = message(
                "%(value)s is not one of %(values)s.", value=literal(value), values=", ".join(self.values)
            )
            raise ExpressionError(problem, position)
        return value


def _compiled(points: frozenset[Scalar], spans: tuple[Span, ...], negated: bool) -> Test | None:
    if not points and not spans:
        return None
    tests: list[Test] = [span.test() for span in spans]
    if points:
        tests.insert(0, points.__contains__)
    inside = tests[0] if len(tests) == 1 else lambda value: any(test(value) for test in tests)
    return (lambda value: not inside(value)) if negated else inside
