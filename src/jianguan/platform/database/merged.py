"""Several indexes read side by side as one list.

An "or" between jurisdictions makes PostgreSQL collect and sort every row of all of them before it can give the first
page. As parts of a `UNION ALL`, each in the order its own index has, they are merged instead (Merge Append), and only
the rows of the page are read. Django can combine queries, but not filter, count or page what it combined.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn, Self, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.sql.datastructures import BaseTable

ModelT = TypeVar("ModelT", bound=Model)
Part = tuple[str, Sequence[object]]


def merged(model: type[ModelT], parts: Sequence[Part]) -> QuerySet[ModelT]:
    """Rows of a model's table that any of the parts gives, to be filtered, ordered, counted and paged; read only.

    Args:
        model: the model whose rows they are.
        parts: "SELECT * … ORDER BY …" with its parameters; no row stands in two of them, and all have one order.
    """
    rows: QuerySet[ModelT] = _Merged(model)
    alias = rows.query.get_initial_alias()
    rows.query.alias_map[alias] = _Union(alias, alias, parts)
    return rows


class _Merged(QuerySet[Any, Any]):
    """Refuses what would act on the whole table and not on the parts."""

    def update(self, **_: object) -> NoReturn:
        raise TypeError("Merged rows are for reading.")

    def delete(self) -> NoReturn:
        raise TypeError("Merged rows are for reading.")


class _Union(BaseTable):
    """Stands where the table would stand: FROM (part UNION ALL part …) AS table."""

    def __init__(self, table_name: str, alias: str | None, parts: Sequence[Part]) -> None:
        super().__init__(table_name, alias)
        self.parts = parts

    def as_sql(self, compiler: Any, _connection: Any) -> tuple[str, Any]:
        union = " UNION ALL ".join(f"({sql})" for sql, _ in self.parts)
        alias = compiler.quote_name_unless_alias(self.table_alias)
        return f"({union}) {alias}", [value for _, parameters in self.parts for value in parameters]

    def relabeled_clone(self, change_map: dict[str | None, str]) -> Self:
        return type(self)(self.table_name, change_map.get(self.table_alias, self.table_alias), self.parts)
