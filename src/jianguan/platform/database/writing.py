"""Several changes of rows as one statement, for what the product does all day.

The ORM sends a statement for each kind of change, and building it costs more than carrying it out; its bulk insert passes
arrays, which the driver quotes element by element in Python. Everything else is written with the ORM.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection


class Writing:
    """Changes that are carried out together; a class because they are collected part by part.

    They run on one snapshot: no two of them may touch the same row.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._values: list[Any] = []

    def add(self, statement: str, *values: object) -> None:
        """A change of rows, as SQL with its values."""
        self._parts.append(statement)
        self._values.extend(values)

    def insert(self, columns: str, rows: Sequence[Sequence[object]]) -> None:
        """New rows of `table (column, …)`; no statement for no rows."""
        if rows:
            row = f"({', '.join(['%s'] * len(rows[0]))})"
            several = ", ".join([row] * len(rows))
            self.add(f"INSERT INTO {columns} VALUES {several}", *(v for one in rows for v in one))  # noqa: S608 - ours

    def carry_out(self) -> None:
        """All of them, in one statement."""
        if self._parts:
            *others, last = self._parts
            named = ", ".join(f"_{number} AS ({part})" for number, part in enumerate(others))
            with connection.cursor() as cursor:
                cursor.execute(f"WITH {named} {last}" if named else last, self._values)
