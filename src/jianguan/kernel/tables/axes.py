"""The domain of an input, cut where the cells of its column change their minds.

Between two cuts every cell of the column says the same for all values, so that one sample stands for the whole segment.
Sets of segments and sets of rows are ints: bit n says whether number n belongs to the set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from itertools import groupby, pairwise
from typing import Final

from jianguan.kernel.expressions.values import ORDERED, Scalar
from jianguan.kernel.tables.cells import ANY, Bound, Cell, Span
from jianguan.kernel.tables.columns import Input

_EXACT: Final = Context(prec=100)  # numbers have at most 34 digits on each side: no midpoint is rounded


@dataclass(frozen=True, slots=True)
class Segment:
    """Values that no cell of the column tells apart, and one of them; the empty span is all that is not listed."""

    span: Span
    sample: Scalar


@dataclass(frozen=True, slots=True)
class Axis:
    """The segments of one input; per row those in which its cell holds, per segment the rows that hold there."""

    ordered: bool
    segments: tuple[Segment, ...]
    segments_of: tuple[int, ...]
    rows_at: tuple[int, ...]

    @property
    def everything(self) -> int:
        """The set of all segments."""
        return (1 << len(self.segments)) - 1

    def text(self, chosen: int) -> str:
        """A set of segments, written as a cell."""
        if chosen == self.everything:
            return ANY
        members = members_of(chosen)
        if self.ordered:
            return ", ".join(str(span) for span in self._runs(members))
        if self.segments[members[-1]].span == Span():
            return f"not({self.text(self.everything & ~chosen)})"
        return ", ".join(str(self.segments[n].span) for n in members)

    def _runs(self, members: Sequence[int]) -> Iterator[Span]:
        """Neighbouring segments joined to one span each."""
        for _, run in groupby(enumerate(members), lambda pair: pair[1] - pair[0]):
            numbers = [n for _, n in run]
            first, last = self.segments[numbers[0]].span, self.segments[numbers[-1]].span
            yield Span(first.low, first.low_closed, last.high, last.high_closed)


def axis_of(column: Input, cells: Sequence[Cell]) -> Axis:
    """The axis of an input whose column holds `cells`, one per row."""
    ordered = column.kind in ORDERED
    segments = tuple(_ordered(column, cells) if ordered else _listed(column, cells))
    segments_of = [bits(n for n, s in enumerate(segments) if cell.holds(s.sample)) for cell in cells]
    rows_at = [bits(row for row, where in enumerate(segments_of) if where >> n & 1) for n in range(len(segments))]
    return Axis(ordered, segments, tuple(segments_of), tuple(rows_at))


def bits(numbers: Iterable[int]) -> int:
    """The set of `numbers` as an int."""
    return sum(1 << number for number in numbers)


def members_of(chosen: int) -> list[int]:
    """The numbers in a set, ascending."""
    return [n for n in range(chosen.bit_length()) if chosen >> n & 1]


def _listed(column: Input, cells: Sequence[Cell]) -> Iterator[Segment]:
    """The listed values; where the list is open, also one value that no cell mentions."""
    if column.kind == "boolean":
        values: list[Scalar] = [True, False]
    else:
        values = list(column.values or sorted({str(point) for cell in cells for point in cell.points}))
    yield from (Segment(_at(value), value) for value in values)
    if column.kind == "text" and not column.values:
        yield Segment(Span(), "".join(map(str, values)) + "…")


def _ordered(column: Input, cells: Sequence[Cell]) -> Iterator[Segment]:
    """Every bound, and what lies between, below and above; empty stretches (between two days) are left out."""
    bounds: list[Bound] = sorted(_bounds(cells))
    between = _day_between if column.kind == "date" else _number_between
    for low, high in pairwise([None, *bounds, None]):
        if low is not None:
            yield Segment(_at(low), low)
        sample = between(low, high)
        if sample is not None:
            yield Segment(Span(low, False, high, False), sample)


def _bounds(cells: Sequence[Cell]) -> set[Bound]:
    bounds: set[Bound] = set()
    for cell in cells:
        bounds |= cell.points
        bounds |= {bound for span in cell.spans for bound in (span.low, span.high) if bound is not None}
    return bounds


def _at(value: Bound) -> Span:
    return Span(value, True, value, True)


def _number_between(low: Decimal | None, high: Decimal | None) -> Decimal:
    if low is None:
        return Decimal(0) if high is None else _EXACT.subtract(high, Decimal(1))
    if high is None:
        return _EXACT.add(low, Decimal(1))
    return _EXACT.divide(_EXACT.add(low, high), Decimal(2))


def _day_between(low: date | None, high: date | None) -> date | None:
    after = low.toordinal() + 1 if low else 1
    before = high.toordinal() if high else date.max.toordinal() + 1
    return date.fromordinal(after) if after < before else None
