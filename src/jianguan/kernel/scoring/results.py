"""What an inspection came to, with every reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from jianguan.kernel.messages import Message
from jianguan.kernel.scoring.scheme import Category, Grade, Scheme, Table


def shown(score: Fraction) -> Decimal:
    """A score as people see it: two decimals, half up."""
    exact = Decimal(score.numerator) / Decimal(score.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Zero:
    """Why a table counts as zero: the rule's clause and a sentence."""

    clause: str
    says: Message


@dataclass(frozen=True, slots=True)
class SheetResult:
    """One sheet: what its items came to, and what it counts as.

    Attributes:
        earned: points of the items inspected.
        possible: their full points.
        score: what it counts as, of 100; zero where a rule makes it zero.
        zeros: the rules that do.
    """

    table: Table
    label: str
    earned: Decimal
    possible: Decimal
    score: Fraction
    zeros: tuple[Zero, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "table": self.table.key, "name": self.table.name.to_json(), "label": self.label, "earned": str(self.earned),
            "possible": str(self.possible), "score": str(shown(self.score)), "confidence": self.table.confidence,
            "zeros": [{"clause": zero.clause, "says": str(zero.says)} for zero in self.zeros],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CategoryResult:
    """One line of the summary table: `mean` of its sheets of 100, `points` of its weight; or why it is absent."""

    category: Category
    sheets: Sequence[SheetResult]
    mean: Fraction
    points: Fraction
    absent: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "category": self.category.key, "name": self.category.name.to_json(), "weight": str(self.category.weight),
            "absent": self.absent or None, "mean": None if self.absent else str(shown(self.mean)),
            "points": None if self.absent else str(shown(self.points)), "sheets": [sheet.to_json() for sheet in self.sheets],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """The whole inspection: lines of the summary table, total of 100, grade."""

    scheme: Scheme
    categories: Sequence[CategoryResult]
    total: Fraction
    grade: Grade

    @property
    def zeros(self) -> list[tuple[SheetResult, Zero]]:
        """Every reason for which a table counts as zero."""
        sheets = (sheet for line in self.categories for sheet in line.sheets)
        return [(sheet, zero) for sheet in sheets for zero in sheet.zeros]

    def to_json(self) -> dict[str, Any]:
        """The result with two decimals; grades were decided on the exact values."""
        return {
            "scheme": f"{self.scheme.key}/{self.scheme.version}", "total": str(shown(self.total)),
            "grade": {"key": self.grade.key, **self.grade.name.to_json()},
            "categories": [line.to_json() for line in self.categories],
        }  # fmt: skip
