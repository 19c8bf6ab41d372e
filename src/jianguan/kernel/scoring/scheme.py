"""The scheme of a standard: categories with their weights, tables with their items, grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from jianguan.kernel.tables import Localized


class SchemeError(Exception):
    """A scheme that does not fit together; says where."""


@dataclass(frozen=True, slots=True)
class Deduction:
    """A usual reason for a deduction 扣分: from `least` to `most` points, for each `per` where that is named."""

    name: Localized
    least: Decimal
    most: Decimal
    per: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a table 检查项目 and its full points 应得分; a guarantee item 保证项目 may not be sampled."""

    key: str
    name: Localized
    points: Decimal
    guarantee: bool
    deductions: tuple[Deduction, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of items 分项检查评分表; its full points are 100."""

    key: str
    name: Localized
    clause: str
    confidence: str
    items: Mapping[str, Item]

    @property
    def has_guarantee(self) -> bool:
        """Whether it tells guarantee items from general ones."""
        return any(item.guarantee for item in self.items.values())


@dataclass(frozen=True, slots=True)
class Category:
    """A line of the summary table 汇总表: its weight, and the tables whose mean it takes."""

    key: str
    name: Localized
    weight: Decimal
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade 等级 and the total it begins at."""

    key: str
    name: Localized
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Guarantee:
    """When guarantee items make a table zero: their sum below `at_least` of `full` points.

    Attributes:
        missing: where some do not apply, the share counts (`ratio`) or the sum as it is (`absolute`).
    """

    at_least: Decimal
    full: Decimal
    missing: Literal["ratio", "absolute"] = "ratio"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A standard as data; grades from the best down."""

    key: str
    version: str
    name: Localized
    categories: tuple[Category, ...]
    tables: Mapping[str, Table]
    grades: tuple[Grade, ...]
    guarantee: Guarantee
