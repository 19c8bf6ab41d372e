"""What a bench found: figures, what they are compared with, and the limits of the design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

HEADER = ("figure", "median", "unit", "compared with", "ratio", "limit", "")


@dataclass(frozen=True, slots=True)
class Limit:
    """What the design allows."""

    word: Literal["at most", "at least"]
    value: float

    def holds(self, measured: float) -> bool:
        return measured <= self.value if self.word == "at most" else measured >= self.value

    def __str__(self) -> str:
        return f"{self.word} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured.

    Attributes:
        value: the median over the rounds.
        compared_with: what else the ratio says; rates compare as rates, times as times.
    """

    name: str
    value: float
    unit: str
    compared_with: str = ""
    ratio: float | None = None
    limit: Limit | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the limit is kept; None where there is none. It limits the ratio or, where there is none, the value."""
        return self.limit.holds(self.value if self.ratio is None else self.ratio) if self.limit else None

    def to_json(self) -> dict[str, Any]:
        return {
            "figure": self.name, "value": float(f"{self.value:.5g}"), "unit": self.unit, "compared_with": self.compared_with or None,
            "ratio": self.ratio and float(f"{self.ratio:.4g}"), "limit": str(self.limit) if self.limit else None,
            "holds": self.holds,
        }  # fmt: skip


@dataclass(slots=True)
class Report:
    """The figures of one bench, and what one has to know to read them."""

    name: str
    figures: list[Figure] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return all(figure.holds is not False for figure in self.figures)

    def to_json(self) -> dict[str, Any]:
        return {"bench": self.name, "figures": [f.to_json() for f in self.figures], "remarks": self.remarks}

    def __str__(self) -> str:
        lines = [f"## {self.name}", "", *_table([HEADER, *map(_row, self.figures)])]
        return "\n".join([*lines, *(f"\n{remark}" for remark in self.remarks), ""])


def _row(figure: Figure) -> tuple[str, ...]:
    holds = {None: "", True: "holds", False: "MISSED"}[figure.holds]
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return figure.name, _plain(figure.value), figure.unit, figure.compared_with, ratio, str(figure.limit or ""), holds


def _plain(value: float) -> str:
    """Three digits that mean something, no powers of ten."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as a Markdown table that reads well in a terminal too."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]
