"""Scoring of inspections 检查评分: the tables of a standard as data, the sheets of an inspection, and the result with its reasons.

    scheme = read_scheme(path.read_bytes())
    result = score(scheme, sheets, absent={"formwork_support": "主体已封顶，无模板支架"})
    result.grade.key, result.total, result.zeros

Scores are exact fractions: grades compare what was not rounded, people see two decimals.
"""

from jianguan.kernel.scoring.reading import read_inspection, read_scheme
from jianguan.kernel.scoring.results import CategoryResult, Result, SheetResult, Zero, shown
from jianguan.kernel.scoring.scheme import Category, Deduction, Grade, Guarantee, Item, Scheme, SchemeError, Table
from jianguan.kernel.scoring.scoring import score
from jianguan.kernel.scoring.sheets import Absent, Inspection, Scored, Sheet, SheetError

__all__ = [
    "Absent", "Category", "CategoryResult", "Deduction", "Grade", "Guarantee", "Inspection", "Item", "Result", "Scheme",
    "SchemeError", "Scored", "Sheet", "SheetError", "SheetResult", "Table", "Zero", "read_inspection", "read_scheme", "score",
    "shown",
]  # fmt: skip
