"""From sheets to a result, by the method of JGJ 59-2011, chapter 4 and 5.

1. An item loses at most its own points (4.0.3-2).
2. A table counts as zero if a guarantee item has no points left or the guarantee items together too few (4.0.3-3, -4).
3. Items that are not there are left out of both sums: earned / possible × 100 (4.0.3-5); so are categories.
4. A category takes the mean of its sheets, those of zero points too (4.0.3-6); several sheets of one table count each.
5. A single table of zero makes the result the lowest grade; otherwise the unrounded total decides (5.0.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from jianguan.kernel.messages import message
from jianguan.kernel.scoring.results import CategoryResult, Result, SheetResult, Zero
from jianguan.kernel.scoring.scheme import Category, Grade, Item, Scheme, Table
from jianguan.kernel.scoring.sheets import Absent, Inspection, Scored, Sheet, SheetError

NO_POINTS, TOO_FEW = "4.0.3-3", "4.0.3-4"
FULL = 100


def score(scheme: Scheme, inspection: Inspection) -> Result:
    """The result of an inspection.

    Raises:
        SheetError: an item has no entry or loses more points than it has, a table or item is unknown, a reason is
            missing, a table has no guarantee item left, or a category has neither a sheet nor a reason.
    """
    results = [_sheet(scheme, sheet) for sheet in inspection.sheets]
    _refuse_twice(results)
    if unknown := inspection.absent.keys() - {category.key for category in scheme.categories}:
        raise SheetError(message("The standard has no category “%(key)s”.", key=min(unknown)))
    lines = [_line(category, results, inspection.absent) for category in scheme.categories]
    there = [line for line in lines if not line.absent]
    if not there:
        raise SheetError(message("An inspection needs at least one table."))
    possible = sum(Fraction(line.category.weight) for line in there)
    total = sum((line.points for line in there), Fraction()) / possible * FULL
    return Result(scheme, lines, total, _grade(scheme, total, any(one.zeros for one in results)))


def _grade(scheme: Scheme, total: Fraction, some_zero: bool) -> Grade:
    if some_zero:
        return scheme.grades[-1]
    return next(grade for grade in scheme.grades if total >= Fraction(grade.at_least))


def _refuse_twice(results: Sequence[SheetResult]) -> None:
    seen = set()
    for one in results:
        if (one.table.key, one.label) in seen:
            raise SheetError(
                message(
                    "There are two sheets of table %(table)s called “%(label)s”.", table=one.table.key, label=one.label
                )
            )
        seen.add((one.table.key, one.label))


def _line(category: Category, results: Sequence[SheetResult], absent: Mapping[str, str]) -> CategoryResult:
    sheets = [one for one in results if one.table.key in category.tables]
    reason = absent.get(category.key, "").strip()
    if sheets and category.key in absent:
        raise SheetError(message("“%(name)s” has sheets and is said to be absent.", name=category.name.zh))
    if not sheets:
        if not reason:
            raise SheetError(
                message("“%(name)s” has no sheet: fill one in, or say why it is absent.", name=category.name.zh)
            )
        return CategoryResult(category, [], Fraction(), Fraction(), reason)
    mean = sum((one.score for one in sheets), Fraction()) / len(sheets)
    return CategoryResult(category, sheets, mean, Fraction(category.weight) * mean / FULL)


def _sheet(scheme: Scheme, sheet: Sheet) -> SheetResult:
    table = scheme.tables.get(sheet.table)
    if table is None:
        raise SheetError(message("The standard has no table “%(table)s”.", table=sheet.table))
    if unknown := sheet.entries.keys() - table.items.keys():
        raise SheetError(message("Table %(table)s has no item “%(item)s”.", table=table.key, item=min(unknown)))
    kept = {item: _kept(table, item, sheet.entries.get(item.key)) for item in table.items.values()}
    there = {item: points for item, points in kept.items() if points is not None}
    if table.has_guarantee and not any(item.guarantee for item in there):
        raise SheetError(
            message("Table %(table)s needs its guarantee items: all of them are inspected.", table=table.key)
        )
    if not there:
        raise SheetError(message("Table %(table)s has no item that was inspected.", table=table.key))
    earned, possible = sum(there.values(), Decimal()), sum((item.points for item in there), Decimal())
    zeros = tuple(_zeros(scheme, there))
    return SheetResult(
        table,
        sheet.label,
        earned,
        possible,
        Fraction() if zeros else Fraction(earned) / Fraction(possible) * FULL,
        zeros,
    )


def _kept(table: Table, item: Item, entry: Scored | Absent | None) -> Decimal | None:
    """The points an item keeps; None where it is not there."""
    match entry:
        case Scored(lost) if 0 <= lost <= item.points:
            return item.points - lost
        case Scored():
            says = message(
                "Table %(table)s, “%(item)s”: deductions are from 0 to %(points)s points.",
                table=table.key, item=item.name.zh, points=item.points,
            )  # fmt: skip
        case Absent(reason) if reason.strip():
            return None
        case Absent():
            says = message("Table %(table)s, “%(item)s”: say why it is absent.", table=table.key, item=item.name.zh)
        case _:
            says = message("Table %(table)s, “%(item)s” was not filled in.", table=table.key, item=item.name.zh)
    raise SheetError(says)


def _zeros(scheme: Scheme, there: Mapping[Item, Decimal]) -> list[Zero]:
    guarantee = {item: points for item, points in there.items() if item.guarantee}
    if not guarantee:
        return [] if any(there.values()) else [Zero(NO_POINTS, message("All points are lost."))]
    zeros = [
        Zero(NO_POINTS, message("The guarantee item “%(item)s” has no points left.", item=item.name.zh))
        for item, points in guarantee.items()
        if not points
    ]
    rule = scheme.guarantee
    earned, possible = Fraction(sum(guarantee.values())), Fraction(sum(item.points for item in guarantee))
    effective = earned / possible * Fraction(rule.full) if rule.missing == "ratio" else earned
    if effective < Fraction(rule.at_least):
        says = message(
            "The guarantee items have %(earned)s of %(possible)s points; %(least)s of %(full)s are needed.",
            earned=sum(guarantee.values()), possible=sum(item.points for item in guarantee), least=rule.at_least, full=rule.full,
        )  # fmt: skip
        zeros.append(Zero(TOO_FEW, says))
    return zeros
