"""Several indexes read side by side as one list.

An "or" between jurisdictions makes PostgreSQL collect and sort every row of all of them before it can give the first
page. As parts of a `UNION ALL` they are read from an index each. A page takes its filters, its order and its length along
into every part, because the planner plans a part for all its rows otherwise; only the rows of the page are read then.
Django can combine queries, but not filter, count or page what it combined.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn, Self, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.sql.datastructures import BaseTable

ModelT = TypeVar("ModelT", bound=Model)
Part = tuple[str, Sequence[object]]


def merged(model: type[ModelT], parts: Sequence[Part], order: str) -> Any:
    """Rows of a model's table that any of the parts gives, to be filtered, ordered, counted and paged; read only.

    They are a queryset of the model's own kind.

    Args:
        model: the model whose rows they are.
        parts: "SELECT * FROM table WHERE …" with its parameters; no row stands in two of them.
        order: the columns the parts' indexes are in; read in this order, a part stops early.
    """
    kind = type(model._default_manager.all())  # noqa: SLF001 - a public part of Django's models
    rows = type(f"Merged{kind.__name__}", (_Merged, kind), {})(model)
    alias = rows.query.get_initial_alias()
    rows.query.alias_map[alias] = _Union(alias, alias, parts, order)
    return rows


class _Merged(QuerySet[Any, Any]):
    """Refuses what would act on the whole table and not on the parts."""

    def update(self, **_: object) -> NoReturn:
        raise TypeError("Merged rows are for reading.")

    def delete(self) -> NoReturn:
        raise TypeError("Merged rows are for reading.")


class _Union(BaseTable):
    """Stands where the table would stand: FROM (part UNION ALL part …) AS table."""

    def __init__(self, table_name: str, alias: str | None, parts: Sequence[Part], order: str) -> None:
        super().__init__(table_name, alias)
        self.parts, self.order = parts, order

    def as_sql(self, compiler: Any, _connection: Any) -> tuple[str, Any]:
        narrowed, within = self._page(compiler) or ("", [])
        union = " UNION ALL ".join(f"({sql}{narrowed})" for sql, _ in self.parts)
        alias = compiler.quote_name_unless_alias(self.table_alias)
        return f"({union}) {alias}", [value for _, values in self.parts for value in (*values, *within)]

    def _page(self, compiler: Any) -> tuple[str, list[object]] | None:
        """What the query wants of every part: its conditions, its order and no more rows; None where that is not all."""
        query = compiler.query
        order = [sql for _, (sql, values, is_reference) in compiler.get_order_by() if not values and not is_reference]
        if query.high_mark is None or query.distinct or query.group_by is not None or len(order) != len(query.order_by):
            return None
        where, values = compiler.compile(query.where) if query.where else ("TRUE", [])
        others = (alias for alias in query.alias_map if alias != self.table_name)
        if self.table_alias != self.table_name or any(
            f"{compiler.quote_name_unless_alias(one)}." in where for one in others
        ):
            return None
        ordered = ", ".join(order) or self.order
        return f" AND {where} ORDER BY {ordered} LIMIT {int(query.high_mark)}", list(values)

    def relabeled_clone(self, change_map: dict[str | None, str]) -> Self:
        return type(self)(self.table_name, change_map.get(self.table_alias, self.table_alias), self.parts, self.order)
