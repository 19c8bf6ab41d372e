"""Numbers of documents: consecutive within a series, never reused, never given twice."""

from __future__ import annotations

from django.db import connection


def next_in(series: str) -> int:
    """The next number of a series, from 1.

    Must be called inside the transaction that issues the number: the row of the series stays locked until that
    transaction ends, and a transaction that fails gives its number back.
    """
    assert connection.in_atomic_block, "a number is issued within the transaction that uses it"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO numbering_series (key, last) VALUES (%s, 1) "
            "ON CONFLICT (key) DO UPDATE SET last = numbering_series.last + 1 RETURNING last",
            [series],
        )
        return int(cursor.fetchone()[0])
