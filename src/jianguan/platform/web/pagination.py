"""Pages of long lists without counting: a page begins after the last row of the one before (keyset pagination).

    page = paginate(request, cases, F("due_on").asc(nulls_last=True), "-id")

The address carries the sort keys of that row as a signed cursor, `?after=` forwards and `?before=` backwards; one that
was tampered with, or belongs to another order, shows the first page. A page costs one query of `size + 1` rows however
far down the list it is, and rows that arrive meanwhile neither repeat nor hide others.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest
from django.utils.translation import gettext

from jianguan.platform.web.numbers import thousands

RowT = TypeVar("RowT")
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """The rows of one page.

    Attributes:
        rows: the rows, in the order of the list.
        size: how many rows a full page has.
        after: cursor of the next page, None on the last one.
        before: cursor of the page before, None on the first one.
    """

    rows: Sequence[RowT]
    size: int
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class _Key:
    """One column of the order; `nulls` says at which end rows without a value stand, None that there are none."""

    column: str
    descending: bool
    nulls: str | None

    @property
    def ordering(self) -> OrderBy:
        return OrderBy(
            F(self.column),
            descending=self.descending,
            nulls_first=self.nulls == "first" or None,
            nulls_last=self.nulls == "last" or None,
        )

    @property
    def name(self) -> str:
        return f"{'-' if self.descending else ''}{self.column}{self.nulls or ''}"

    def reversed(self) -> _Key:
        other = {"first": "last", "last": "first", None: None}[self.nulls]
        return _Key(self.column, not self.descending, other)

    def value(self, row: object) -> object:
        if isinstance(row, Mapping):
            return row[self.column]
        return functools.reduce(lambda part, name: getattr(part, name, None), self.column.split("__"), row)

    def same(self, value: object) -> Q:
        """Rows with this value."""
        return Q(**{f"{self.column}__isnull": True}) if value is None else Q(**{self.column: value})

    def beyond(self, value: object) -> Q:
        """Rows that stand behind this value."""
        if value is None:
            return Q(**{f"{self.column}__isnull": False}) if self.nulls == "first" else Q(pk__in=())
        return self._compared("lt" if self.descending else "gt", value)

    def at_or_beyond(self, value: object) -> Q:
        """Rows with this value or behind it."""
        if value is None:
            return Q() if self.nulls == "first" else self.same(None)
        return self._compared("lte" if self.descending else "gte", value)

    def _compared(self, lookup: str, value: object) -> Q:
        compared = Q(**{f"{self.column}__{lookup}": value})
        return compared | Q(**{f"{self.column}__isnull": True}) if self.nulls == "last" else compared


def paginate(
    request: HttpRequest, queryset: QuerySet[Any, RowT], *order: str | OrderBy, size: int = PAGE_SIZE
) -> Page[RowT]:
    """The page that the address asks for.

    Args:
        request: carries `after` or `before`.
        queryset: the list, filtered; its own order is replaced.
        order: columns as in `order_by`, with or without "-", together unique. A column that may be null is given as
            `F("column").asc(nulls_last=True)` (or `desc`, or `nulls_first`); it must have one of the two.
        size: rows on a page.
    """
    keys = [_key(column) for column in order]
    assert not any(_may_be_null(queryset.model, key.column) for key in keys if not key.nulls), "say where nulls stand"
    for parameter in ("after", "before"):
        values = _open(request.GET.get(parameter, ""), keys)
        if values is not None:
            page = _neighbours(queryset, keys, values, size, backwards=parameter == "before")
            if page.rows:
                return page
    rows = list(_ordered(queryset, keys)[: size + 1])
    return Page(rows[:size], size, after=_cursor(rows[:size], keys) if len(rows) > size else None)


def _neighbours(
    queryset: QuerySet[Any, RowT], keys: list[_Key], values: list[object], size: int, *, backwards: bool
) -> Page[RowT]:
    """The page beyond a row, in reading direction or against it."""
    way = [key.reversed() for key in keys] if backwards else keys
    rows = list(_ordered(queryset.filter(_beyond(way, values)), way)[: size + 1])
    more = len(rows) > size
    if backwards and not more:
        return Page([], size)  # the beginning is reached: show the first page in full
    rows = rows[:size][:: -1 if backwards else 1]
    return Page(
        rows,
        size,
        after=_cursor(rows, keys) if backwards or more else None,
        before=_cursor(rows[:1], keys) if not backwards or more else None,
    )


def _beyond(keys: list[_Key], values: list[object]) -> Q:
    """Rows behind the row with these values: beyond in the first column, or equal there and beyond in the others."""
    key, value = keys[0], values[0]
    if len(keys) == 1:
        return key.beyond(value)
    rest = key.same(value) & _beyond(keys[1:], values[1:])
    return key.at_or_beyond(value) & (key.beyond(value) | rest)  # the first part lets an index on the column be used


def _ordered(queryset: QuerySet[Any, RowT], keys: list[_Key]) -> QuerySet[Any, RowT]:
    return queryset.order_by(*(key.ordering for key in keys))


def _key(column: str | OrderBy) -> _Key:
    if isinstance(column, str):
        return _Key(column.removeprefix("-"), column.startswith("-"), None)
    assert isinstance(column.expression, F)
    nulls = "first" if column.nulls_first else "last" if column.nulls_last else None
    return _Key(column.expression.name, column.descending, nulls)  # type: ignore[attr-defined]  # stubs lack it


def _may_be_null(model: type[Model], column: str) -> bool:
    try:
        field = model._meta.get_field(column.partition("__")[0])  # noqa: SLF001 - Django's documented interface
    except FieldDoesNotExist:
        return False  # an annotation; its author knows
    return bool(getattr(field, "null", False))


def _signer(keys: list[_Key]) -> signing.Signer:
    return signing.Signer(salt="pagination:" + ",".join(key.name for key in keys))


def _cursor(rows: Sequence[object], keys: list[_Key]) -> str | None:
    """The last of the rows as a cursor."""
    if not rows:
        return None
    values = [_plain(key.value(rows[-1])) for key in keys]
    return _signer(keys).sign_object(values)


def _open(cursor: str, keys: list[_Key]) -> list[object] | None:
    try:
        values: list[object] = _signer(keys).unsign_object(cursor)
    except signing.BadSignature:
        return None
    return values


def _plain(value: object) -> object:
    """A column's value for JSON; the column reads it back, with all its microseconds."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class CappedCount:
    """A number of rows, or that there are more than it was worth counting."""

    number: int
    more: bool

    def __str__(self) -> str:
        shown = thousands(self.number)
        return gettext("more than %(number)s") % {"number": shown} if self.more else shown


def capped_count(queryset: QuerySet[Any, Any], limit: int = 10_000) -> CappedCount:
    """Count rows up to a limit: "86", or "more than 10,000"."""
    number = queryset.order_by()[: limit + 1].count()
    return CappedCount(min(number, limit), number > limit)
