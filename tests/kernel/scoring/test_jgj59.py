"""Scoring by JGJ 59-2011: the worked examples of the reference, its rules one by one, and what is refused."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.scoring import (
    Absent,
    Inspection,
    Result,
    SchemeError,
    Scored,
    Sheet,
    SheetError,
    read_inspection,
    read_scheme,
    score,
    shown,
)
from jianguan.sites.inspections.checklists import FOLDER, STANDARDS
from jianguan.sites.inspections.service import standard

RAW = (FOLDER / STANDARDS["jgj59"]).read_text("utf-8")
JGJ59 = standard("jgj59")
CATEGORIES = {category.key: category for category in JGJ59.categories}


def sheet(
    table: str, lost: dict[str, int] | None = None, absent: dict[str, str] | None = None, label: str = ""
) -> Sheet:
    """A sheet on which nothing is lost but what is said."""
    entries = {key: Scored(Decimal((lost or {}).get(key, 0))) for key in JGJ59.tables[table].items}
    return Sheet(table, {**entries, **{key: Absent(reason) for key, reason in (absent or {}).items()}}, label)


def worth(table: str, points: int, label: str = "") -> Sheet:
    """A sheet of so many points of 100, with its guarantee items as little touched as may be."""
    lost, left = {}, 100 - points
    for item in sorted(JGJ59.tables[table].items.values(), key=lambda item: item.guarantee):
        taken = min(left, int(item.points) - (1 if item.guarantee else 0))
        lost[item.key], left = taken, left - taken
    assert not left
    return sheet(table, lost, label=label)


def inspect(sheets: list[Sheet], **absent: str) -> Result:
    """An inspection in which every category without a sheet is absent."""
    named = {one.table for one in sheets}
    missing = {key: "本阶段无此项" for key, category in CATEGORIES.items() if not named & set(category.tables)}
    return score(JGJ59, Inspection(sheets, {**missing, **absent}))


WHOLE = {"B.1": 88, "B.2": 84, "B.11": 90, "B.12": 86, "B.13": 80, "B.14": 85, "B.16": 85, "B.17": 90, "B.19": 92}


class TestTheStandard:
    def test_it_has_ten_categories_nineteen_tables_and_189_items(self):
        assert (len(JGJ59.categories), len(JGJ59.tables)) == (10, 19)
        assert sum(len(table.items) for table in JGJ59.tables.values()) == 189
        assert sum(len(item.deductions) for table in JGJ59.tables.values() for item in table.items.values()) == 221

    def test_guarantee_items_make_sixty_points_where_a_table_has_any(self):
        for table in JGJ59.tables.values():
            points = sum(item.points for item in table.items.values() if item.guarantee)
            assert points == (60 if table.key not in ("B.13", "B.19") else 0), table.key

    def test_a_usual_deduction_takes_points_of_a_known_range(self):
        """Some take more than their item has, as the standard prints it: an item loses at most its own (4.0.3-2)."""
        for table in JGJ59.tables.values():
            for item in table.items.values():
                assert all(0 < d.least <= d.most <= 20 for d in item.deductions), (table.key, item.key)

    def test_a_table_that_does_not_make_100_is_refused(self):
        with pytest.raises(SchemeError, match=r"B\.1 do not make 100"):
            read_scheme(RAW.replace("points: 10", "points: 9", 1).encode())
        with pytest.raises(SchemeError):
            read_scheme(b"key: x")


class TestWorkedExamples:
    def test_two_scaffolds_take_their_mean(self):
        """E1: 85.60, excellent."""
        result = inspect(
            [*(worth(table, points) for table, points in WHOLE.items()), worth("B.3", 82), worth("B.8", 78)]
        )
        assert (shown(result.total), result.grade.key) == (Decimal("85.60"), "excellent")
        points = {line.category.key: shown(line.points) for line in result.categories}
        assert points["scaffold"] == Decimal("8.00")
        assert points["civilized_construction"] == Decimal("12.60")

    def test_absent_items_and_absent_categories_leave_both_sums(self):
        """E2: 78.9028, qualified."""
        lost = dict(zip(JGJ59.tables["B.1"].items, (2, 1, 2, 3, 1, 2, 0, 2, 0, 3), strict=True))
        first = sheet("B.1", lost, {"subcontractor_management": "无分包单位"})
        others = {"B.2": 80, "B.11": 78, "B.12": 76, "B.13": 75, "B.14": 72, "B.17": 88, "B.19": 80}
        result = inspect([first, *(worth(table, points) for table, points in others.items())])
        (safety, *_) = result.categories
        assert safety.sheets[0].score == Fraction(7400, 90)
        assert round(float(result.total), 4) == 78.9028
        assert result.grade.key == "qualified"

    def test_one_table_of_zero_fails_the_inspection_whatever_the_total(self):
        """E4: the mean of 0 and 90 is 45, and the grade the lowest."""
        bad = sheet("B.3", {"tie_to_structure": 10})
        result = inspect([*(worth(table, 100) for table in WHOLE), bad, worth("B.8", 90)])
        scaffold = next(line for line in result.categories if line.category.key == "scaffold")
        assert (shown(scaffold.mean), shown(scaffold.points)) == (Decimal("45.00"), Decimal("4.50"))
        assert shown(result.total) > 80
        assert result.grade.key == "unqualified"
        assert [(one.table.key, zero.clause) for one, zero in result.zeros] == [("B.3", "4.0.3-3")]


class TestZeros:
    def test_guarantee_items_below_forty_make_a_table_zero_and_forty_do_not(self):
        keys = [item.key for item in JGJ59.tables["B.1"].items.values() if item.guarantee]
        forty = inspect([sheet("B.1", dict(zip(keys, (4, 4, 4, 4, 4, 0), strict=True)))])
        below = inspect([sheet("B.1", dict(zip(keys, (4, 4, 4, 4, 4, 1), strict=True)))])
        assert not forty.zeros
        assert [zero.clause for _, zero in below.zeros] == ["4.0.3-4"]
        assert below.total == 0

    def test_with_a_guarantee_item_absent_the_share_counts(self):
        keys = [item.key for item in JGJ59.tables["B.1"].items.values() if item.guarantee]
        absent = {keys[-1]: "无此项"}
        assert not inspect([sheet("B.1", dict(zip(keys[:5], (3, 3, 3, 3, 4), strict=True)), absent)]).zeros  # 34 of 50
        assert inspect([sheet("B.1", dict(zip(keys[:5], (4, 4, 3, 3, 3), strict=True)), absent)]).zeros  # 33 of 50

    def test_an_item_that_lost_everything_is_not_an_absent_one(self):
        lost, absent = (
            inspect([sheet("B.1", {"safety_signs": 10})]),
            inspect([sheet("B.1", {}, {"safety_signs": "室内装修"})]),
        )
        assert (shown(lost.total), shown(absent.total)) == (Decimal("90.00"), Decimal("100.00"))

    def test_a_table_without_guarantee_items_is_zero_only_when_all_is_lost(self):
        keys = list(JGJ59.tables["B.13"].items)
        assert not inspect([sheet("B.13", dict.fromkeys(keys[1:], 10))]).zeros
        assert inspect([sheet("B.13", dict.fromkeys(keys, 10))]).zeros


class TestGrades:
    @pytest.mark.parametrize(
        ("points", "grade"), [(80, "excellent"), (79, "qualified"), (70, "qualified"), (69, "unqualified")]
    )
    def test_they_begin_at_eighty_and_seventy(self, points, grade):
        assert inspect([worth("B.13", points)]).grade.key == grade

    def test_the_unrounded_total_decides(self):
        """79.996 is shown as 80.00 and is not excellent."""
        entries = {key: Scored(Decimal("2.0004" if not n else "2")) for n, key in enumerate(JGJ59.tables["B.13"].items)}
        result = inspect([Sheet("B.13", entries)])
        assert (shown(result.total), result.grade.key) == (Decimal("80.00"), "qualified")


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("sheets", "says"),
        [
            ([sheet("B.1", {"safety_signs": 11})], "from 0 to 10"),
            ([Sheet("B.1", {})], "was not filled in"),
            ([Sheet("B.99", {})], "no table"),
            ([sheet("B.1", {}, {"safety_signs": " "})], "say why it is absent"),
            ([sheet("B.1"), sheet("B.1")], "two sheets"),
            ([Sheet("B.1", {**sheet("B.1").entries, "x": Scored(Decimal())})], "no item"),
            ([], "at least one table"),
        ],
    )
    def test_sheets_that_do_not_fit_are_refused_with_a_sentence(self, sheets, says):
        with pytest.raises(SheetError, match=says):
            inspect(sheets)

    def test_a_table_without_any_guarantee_item_is_refused(self):
        absent = {item.key: "无" for item in JGJ59.tables["B.1"].items.values() if item.guarantee}
        with pytest.raises(SheetError, match="needs its guarantee items"):
            inspect([sheet("B.1", {}, absent)])

    def test_a_category_needs_a_sheet_or_a_reason(self):
        with pytest.raises(SheetError, match="say why it is absent"):
            score(JGJ59, Inspection([sheet("B.1")], {}))
        with pytest.raises(SheetError, match="said to be absent"):
            inspect([sheet("B.1")], safety_management="无")
        with pytest.raises(SheetError, match="no category"):
            inspect([sheet("B.1")], x="无")

    @pytest.mark.parametrize(
        ("document", "says"),
        [
            ("[", "not JSON"),
            ("{}", "list of “sheets”"),
            ('{"sheets": [], "x": 1}', "has no “x”"),
            ('{"sheets": [{"table": "B.1", "scores": {"safety_signs": 10.5}}]}', "from 0 to 10"),
            ('{"sheets": [{"table": "B.1", "scores": {"safety_signs": true}}]}', "a number is expected"),
            ('{"sheets": [{"table": "B.1", "scores": {"safety_signs": [{"points": -1}]}}]}', "not negative"),
            ('{"sheets": [{"table": "B.1", "scores": {"x": 1}}]}', "no item"),
            (
                '{"sheets": [{"table": "B.1", "scores": {"safety_signs": 1}, "absent": {"safety_signs": "x"}}]}',
                "score and is absent",
            ),
            ('{"sheets": [{"table": "B.1", "scores": {"safety_signs": NaN}}]}', "not JSON"),
        ],
    )
    def test_files_that_are_no_inspection_are_refused_with_the_place(self, document, says):
        with pytest.raises(SheetError, match=says):
            read_inspection(JGJ59, document.encode())


def test_a_file_may_name_points_or_deductions_and_an_item_loses_at_most_its_own():
    scores = {key: int(item.points) for key, item in JGJ59.tables["B.17"].items.items()}
    first = next(iter(scores))
    scores[first] = [{"points": 8, "text": "未设"}, {"points": 5}]
    absent = {key: "无" for key in CATEGORIES if key != "tower_crane_lifting"}
    content = json.dumps(
        {"sheets": [{"table": "B.17", "label": "1#", "scores": scores}], "absent": absent}, ensure_ascii=False
    )
    result = score(JGJ59, read_inspection(JGJ59, content.encode()))
    assert [zero.clause for _, zero in result.zeros] == ["4.0.3-3"]
    assert result.to_json()["grade"]["key"] == "unqualified"


@given(st.lists(st.integers(0, 10), min_size=10, max_size=10))
def test_a_score_is_what_is_left_unless_a_rule_makes_it_zero(lost):
    table = JGJ59.tables["B.1"]
    result = inspect([sheet("B.1", dict(zip(table.items, lost, strict=True)))])
    guarantee = [10 - points for item, points in zip(table.items.values(), lost, strict=True) if item.guarantee]
    zero = 0 in guarantee or sum(guarantee) < 40
    assert result.total == (0 if zero else 100 - sum(lost))
    assert bool(result.zeros) == zero
