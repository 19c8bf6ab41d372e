"""What a table leaves open and where its rows collide, found before it is used.

The work is bounded: a table on which the search gives up, or that has more findings than anyone reads, is reported as
not complete instead of being searched for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Final

from jianguan.kernel.tables.axes import Axis, axis_of, bits
from jianguan.kernel.tables.table import Table

EFFORT: Final = 500_000
"""How many segments one analysis looks at before it gives up."""

FINDINGS: Final = 50
"""How many gaps and how many overlaps are reported."""

PIECES: Final = 1000
"""How many pieces of gaps are put together."""

Box = tuple[int, ...]  # a set of segments per axis


@dataclass(frozen=True, slots=True)
class Gap:
    """Inputs that no row covers, written as the cells of a row that would."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rows that collide, by their ids, and where: written as the cells of a row."""

    rows: tuple[str, str]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The findings about one table; each is certain, but unless `complete` there may be more.

    `overlaps` are the collisions that the hit policy forbids: rows with common inputs under unique, rows with common
    inputs and different outputs under any, nothing otherwise. `gaps` are inputs without an answer: a table with a
    default has none. `unreachable` are the ids of rows that no input ever fires.
    """

    overlaps: tuple[Overlap, ...]
    gaps: tuple[Gap, ...]
    unreachable: tuple[str, ...]
    complete: bool


def analyse(table: Table, effort: int = EFFORT) -> Analysis:
    """Overlaps, gaps and rows out of reach, found with at most `effort`."""
    axes = [axis_of(column, [row.cells[n] for row in table.rows]) for n, column in enumerate(table.inputs)]
    search = _Search(axes, effort)
    overlaps = list(islice(_overlaps(table, axes), FINDINGS + 1))
    pieces = list(islice(search.gaps(), PIECES + 1)) if table.default is None else []
    gaps = _merged(pieces)
    reachable = search.reachable_in_order if table.hit == "first" else search.reachable
    unreachable = [row.id for n, row in enumerate(table.rows) if not reachable(n)]
    return Analysis(
        overlaps=tuple(overlaps[:FINDINGS]),
        gaps=tuple(Gap(_texts(axes, box)) for box in gaps[:FINDINGS]),
        unreachable=tuple(unreachable),
        complete=search.effort > 0 and len(pieces) <= PIECES and max(len(overlaps), len(gaps)) <= FINDINGS,
    )


def _overlaps(table: Table, axes: Sequence[Axis]) -> Iterator[Overlap]:
    if table.hit not in {"unique", "any"}:
        return
    boxes = [tuple(axis.segments_of[n] for axis in axes) for n in range(len(table.rows))]
    for (one, box), (other, other_box) in combinations(zip(table.rows, boxes, strict=True), 2):
        if table.hit == "any" and one.then == other.then:
            continue
        common = tuple(mine & theirs for mine, theirs in zip(box, other_box, strict=True))
        if all(common):
            yield Overlap((one.id, other.id), _texts(axes, common))


class _Search:
    """Looks for inputs that a set of rows leaves uncovered; counts down the effort that is left, hence a class."""

    def __init__(self, axes: Sequence[Axis], effort: int) -> None:
        self.axes = axes
        self.effort = effort

    def gaps(self) -> Iterator[Box]:
        """What no row covers."""
        everything = tuple(axis.everything for axis in self.axes)
        return self.uncovered(everything, bits(range(len(self.axes[0].segments_of))))

    def reachable(self, row: int) -> bool:
        """Whether some input satisfies the row."""
        return all(axis.segments_of[row] for axis in self.axes)

    def reachable_in_order(self, row: int) -> bool:
        """Whether some input satisfies the row and none above it; True where the effort ran out."""
        box = tuple(axis.segments_of[row] for axis in self.axes)
        left = next(self.uncovered(box, bits(range(row))), None)
        return self.reachable(row) and (left is not None or self.effort <= 0)

    def uncovered(self, box: Box, rows: int) -> Iterator[Box]:
        """The parts of `box` in which none of `rows` holds, disjoint from each other."""
        return self._narrowed(0, box, rows, self._satisfied(box))

    def _satisfied(self, box: Box) -> list[int]:
        """Per axis the rows that hold everywhere in `box` as far as this and the later axes are concerned."""
        satisfied = [-1]
        for axis, chosen in zip(reversed(self.axes), reversed(box), strict=True):
            holding = bits(row for row, where in enumerate(axis.segments_of) if where & chosen == chosen)
            satisfied.append(satisfied[-1] & holding)
        return satisfied[::-1]

    def _narrowed(self, depth: int, box: Box, rows: int, satisfied: Sequence[int]) -> Iterator[Box]:
        if not rows:
            yield box
            return
        if rows & satisfied[depth]:
            return
        for remaining, chosen in self._groups(self.axes[depth], box[depth], rows).items():
            if self.effort <= 0:
                return
            yield from self._narrowed(depth + 1, (*box[:depth], chosen, *box[depth + 1 :]), remaining, satisfied)

    def _groups(self, axis: Axis, chosen: int, rows: int) -> dict[int, int]:
        """The chosen segments, grouped by the rows that remain in them."""
        self.effort -= len(axis.segments)
        groups: dict[int, int] = {}
        for n, holding in enumerate(axis.rows_at):
            if chosen >> n & 1:
                groups[rows & holding] = groups.get(rows & holding, 0) | 1 << n
        return groups


def _merged(boxes: Sequence[Box]) -> list[Box]:
    """The same inputs in fewer boxes: two that differ on one axis only become one."""
    merged = list(boxes)
    count = 0
    while len(merged) != count:
        count = len(merged)
        for axis in range(len(merged[0]) if merged else 0):
            together: dict[Box, int] = {}
            for box in merged:
                rest = (*box[:axis], 0, *box[axis + 1 :])
                together[rest] = together.get(rest, 0) | box[axis]
            merged = [(*rest[:axis], chosen, *rest[axis + 1 :]) for rest, chosen in together.items()]
    return merged


def _texts(axes: Sequence[Axis], box: Box) -> tuple[str, ...]:
    return tuple(axis.text(chosen) for axis, chosen in zip(axes, box, strict=True))
