from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianguan.kernel.tables import Table, analyse, from_json
from jianguan.kernel.tables.cells import parse_cell

POINTS = {
    "number": [Decimal(n) / 2 for n in range(-1, 8)],
    "date": [date(2025, 12, 31) + timedelta(n) for n in range(6)],
    "boolean": [True, False],
    "text": ["a", "b", "c", "d"],
}
NAME = {"zh": "名", "en": "name"}


def table(hit, kinds, rows, **more):
    """A table of rows given as cells and one output; a kind with values is a closed list of text."""
    inputs = [
        {"key": f"in_{n}", "type": "text", "name": NAME, "values": kind}
        if isinstance(kind, list)
        else {"key": f"in_{n}", "type": kind, "name": NAME}
        for n, kind in enumerate(kinds)
    ]
    outputs = [{"key": "out", "type": "number"}]
    lines = [{"id": f"r{n}", "when": list(cells), "then": [then]} for n, (*cells, then) in enumerate(rows)]
    return from_json(
        {"key": "t", "name": NAME, "hit": hit, "inputs": inputs, "outputs": outputs, "rows": lines, **more}
    )


def holding(table: Table, point):
    """The rows that hold at a point."""
    return [row for row in table.rows if all(cell.holds(value) for cell, value in zip(row.cells, point, strict=True))]


def inside(table: Table, cells, point):
    """Whether a reported place, read as the cells of a row, holds the point."""
    columns = zip(cells, table.inputs, point, strict=True)
    return all(parse_cell(cell, column.kind, column.values).holds(value) for cell, column, value in columns)


@settings(max_examples=400)
@given(data=st.data())
def test_findings_are_exactly_what_sample_points_show(data, documents):
    table = from_json(data.draw(documents))
    analysis = analyse(table)
    points = [(point, holding(table, point)) for point in product(*(POINTS[column.kind] for column in table.inputs))]
    assert analysis.complete
    for point, rows in points:
        open_here = not rows and table.default is None
        assert [inside(table, gap.cells, point) for gap in analysis.gaps].count(True) == open_here
    colliding = {}
    for point, rows in points:
        for one, other in combinations(rows, 2):
            if table.hit == "unique" or (table.hit == "any" and one.then != other.then):
                colliding.setdefault((one.id, other.id), set()).add(point)
    reported = {
        overlap.rows: {point for point, _ in points if inside(table, overlap.cells, point)}
        for overlap in analysis.overlaps
    }
    assert reported == colliding
    firing = {row.id for _, rows in points for row in (rows[:1] if table.hit == "first" else rows)}
    assert set(analysis.unreachable) == {row.id for row in table.rows} - firing


def test_bounds_that_touch_neither_overlap_nor_leave_a_gap():
    assert analyse(table("unique", ["number"], [("< 1", 1), ("[1..2)", 2), (">= 2", 3)])).gaps == ()
    assert analyse(table("unique", ["number"], [("< 1", 1), ("[1..2)", 2), (">= 2", 3)])).overlaps == ()
    (gap,) = analyse(table("unique", ["number"], [("< 1", 1), ("(1..2)", 2), (">= 2", 3)])).gaps
    assert gap.cells == ("1",)
    (overlap,) = analyse(table("unique", ["number"], [("<= 1", 1), ("[1..2)", 2), (">= 2", 3)])).overlaps
    assert (overlap.rows, overlap.cells) == (("r0", "r1"), ("1",))


def test_nothing_lies_between_two_days_that_follow_each_other():
    days = [('<= date("2026-01-31")', 1), ('>= date("2026-02-01")', 2)]
    assert analyse(table("unique", ["date"], days)).gaps == ()
    assert analyse(table("unique", ["number"], [("<= 31", 1), (">= 32", 2)])).gaps[0].cells == ("(31..32)",)


def test_no_day_lies_before_the_first_or_after_the_last():
    assert analyse(table("unique", ["date"], [('[date("0001-01-01")..date("9999-12-31")]', 1)])).gaps == ()
    (gap,) = analyse(table("unique", ["date"], [('< date("9999-12-31")', 1)])).gaps
    assert gap.cells == ('date("9999-12-31")',)


def test_a_closed_list_is_covered_by_its_values_and_an_open_one_never_is():
    rows = [('"a"', 1), ('"b"', 2)]
    assert analyse(table("unique", [["a", "b"]], rows)).gaps == ()
    assert analyse(table("unique", [["a", "b", "c"]], rows)).gaps[0].cells == ('"c"',)
    assert analyse(table("unique", ["text"], rows)).gaps[0].cells == ('not("a", "b")',)


def test_gaps_that_touch_are_reported_as_one_row():
    rows = [("true", "[0..10]", 1), ("false", "[0..10]", 2)]
    (gap,) = analyse(table("unique", ["boolean", "number"], rows)).gaps
    assert gap.cells == ("-", "< 0, > 10")


def test_a_default_leaves_no_gap():
    assert analyse(table("unique", ["number"], [("1", 1)], default=[0])).gaps == ()
    assert analyse(table("collect", ["number"], [("1", 1)], default=[])).gaps == ()


@pytest.mark.parametrize(("hit", "unreachable"), [("first", ("r2",)), ("collect", ())])
def test_under_first_a_row_below_others_that_cover_it_together_is_out_of_reach(hit, unreachable):
    rows = [("[0..5]", 1), ("(5..9]", 2), ("[4..6]", 3)]
    assert analyse(table(hit, ["number"], rows)).unreachable == unreachable


def test_a_row_whose_cell_excludes_everything_is_out_of_reach_under_every_hit_policy():
    assert analyse(table("collect", ["number"], [("-", 1), ("not(< 5, >= 5)", 2)])).unreachable == ("r1",)
    assert analyse(table("unique", [["a", "b"]], [("-", 1), ('not("a", "b")', 2)])).unreachable == ("r1",)


def test_rows_of_an_any_table_may_overlap_as_long_as_they_agree():
    rows = [("<= 5", 1), (">= 5", 1), ("[9..10]", 2)]
    assert [overlap.rows for overlap in analyse(table("any", ["number"], rows)).overlaps] == [("r1", "r2")]


def test_work_is_bounded_and_an_analysis_that_gave_up_says_so():
    rows = [(*(f"not({n})" if n == m else "-" for m in range(12)), 1) for n in range(12)]
    intricate = table("first", ["number"] * 12, rows)
    assert analyse(intricate).complete
    gave_up = analyse(intricate, effort=5)
    assert not gave_up.complete
    assert gave_up.unreachable == ()


def test_more_findings_than_anyone_reads_are_cut_off():
    rows = [(">= 0", 1)] * 20
    analysis = analyse(table("unique", ["number"], rows, default=[0]))
    assert len(analysis.overlaps) == 50
    assert not analysis.complete
    assert analyse(table("unique", ["number"], rows[:5], default=[0])).complete


def test_more_gaps_than_anyone_reads_are_cut_off():
    rows = [(f'"{n}"', f"> {n}", 1) for n in range(60)]
    analysis = analyse(table("collect", [[str(n) for n in range(60)], "number"], rows))
    assert len(analysis.gaps) == 50
    assert not analysis.complete


def test_five_hundred_rows_are_analysed_completely():
    rows = [(f"[{n}..{n + 1})", "true" if n % 2 else "-", n) for n in range(500)]
    analysis = analyse(table("unique", ["number", "boolean"], rows, default=[0]))
    assert (analysis.overlaps, analysis.unreachable, analysis.complete) == ((), (), True)
