"""The catalogue: kinds of works, what is asked of them, and the entries of both classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jianguan.kernel.tables import Localized


class CatalogueError(Exception):
    """A catalogue that does not fit together; says where."""


class Level(StrEnum):
    """The class of works; those over a certain scale 超危 need an expert review as well."""

    OVER_SCALE = "over_scale"
    DANGEROUS = "dangerous"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that is asked, in its unit."""

    name: Localized
    unit: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A measure of at least a threshold, or (`at_least` None) a fact that holds."""

    name: str
    at_least: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the catalogue: any one of its conditions is enough."""

    key: str
    name: Localized
    any: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class KindOfWorks:
    """A kind of works: what is asked of it, and its entries by class."""

    key: str
    name: Localized
    measures: Mapping[str, Measure]
    facts: Mapping[str, Localized]
    entries: Mapping[Level, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A catalogue as data; `levels` are names and clauses of the classes, the worse one first."""

    key: str
    version: str
    name: Localized
    levels: Mapping[Level, tuple[Localized, Localized]]
    kinds: Mapping[str, KindOfWorks]
