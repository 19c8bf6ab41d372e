"""The journal: appends a second from several writers beside plain inserts, the sequencer, proofs from a long log."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from uuid6 import uuid7

from jianguan.config.bench.ground import Ground
from jianguan.config.bench.measuring import in_turn, rate, seconds
from jianguan.config.bench.report import Figure, Report
from jianguan.kernel.transparency.canonical import canonical
from jianguan.kernel.transparency.merkle import leaf_hash
from jianguan.platform import clock
from jianguan.platform.journal import service as journal

MEASURED = journal.kind("bench.measured", "Measured")
REGION = "460105"
DATA = {
    "number": "SG202611200001",
    "node": "quality_review",
    "outcome": "pass",
    "opinion": "质量保证措施齐备。",
    "status": "review",
}
PLAIN_TABLE = "CREATE TABLE bench_plain AS SELECT * FROM journal_entry WITH NO DATA"
PLAIN_KEY = "ALTER TABLE bench_plain ADD PRIMARY KEY (id)"
COLUMNS = ("id", "kind", "subject_type", "subject_id", "actor_id", "region", "at", "body", "leaf")
WRITERS = (1, 2, 4)


def measure(ground: Ground) -> Report:
    """Write, sequence, prove."""
    with connection.cursor() as cursor:
        cursor.execute(PLAIN_TABLE)
        cursor.execute(PLAIN_KEY)
    report = Report("journal", _writing(ground))
    length = ground.size(100_000, 10_000)
    report.figures += _sequencing(length)
    report.figures.append(_proving(ground, length))
    report.remarks.append(
        "Every append and every plain insert is a transaction of its own, committed with fsync. A plain insert is a row of the "
        "same size in a table with a primary key and nothing else; an append has three indexes more and an outbox row."
    )
    return report


def _writing(ground: Ground) -> list[Figure]:
    count, crews = ground.size(400, 10), [writers for writers in WRITERS if writers <= ground.crew.size]
    works = {"appends": _append, "plain inserts": _insert}
    for work in works.values():
        ground.crew.run(work, *[(5,)] * ground.crew.size)

    def speed(work: Any, writers: int) -> float:
        done = ground.crew.run(work, *[(count // writers,)] * writers)
        return float(count // writers * writers / done.seconds)

    things = {_name(what, writers): partial(speed, work, writers) for writers in crews for what, work in works.items()}
    taken = in_turn(ground.size(7, 1), things)
    figures = []
    for writers in crews:
        ours, plain = _name("appends", writers), _name("plain inserts", writers)
        figures += [taken.figure(ours, "1/s", plain), taken.figure(plain, "1/s")]
    return figures


def _name(what: str, writers: int) -> str:
    return f"{what}, {writers} writer{'s' if writers > 1 else ''}"


def _append(count: int) -> None:
    for _ in range(count):
        with transaction.atomic():
            journal.record(MEASURED, journal.Subject("case", uuid7(), REGION), journal.SYSTEM, DATA)


def _insert(count: int) -> None:
    row = _row(uuid7())
    statement = f"INSERT INTO bench_plain VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608 - no input
    for _ in range(count):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [uuid7(), *row[1:]])


def _row(entry_id: UUID) -> tuple[Any, ...]:
    """An entry as `record` writes it."""
    at, subject = clock.now(), uuid7()
    body = canonical(
        {
            "v": 1, "id": entry_id, "kind": MEASURED.code, "at": at, "subject": {"type": "case", "id": subject, "region": REGION},
            "actor": {"id": None, "organisation": None}, "data": DATA, "documents": [], "personal": None,
        }
    )  # fmt: skip
    return entry_id, MEASURED.code, "case", subject, None, REGION, at, body, leaf_hash(body)


def _sequencing(length: int) -> list[Figure]:
    """Fill the outbox and let the sequencer empty it, a batch at a time."""
    while journal.sequence():
        pass
    rows = [_row(uuid7()) for _ in range(length)]
    with transaction.atomic():
        _copy("journal_entry", COLUMNS, rows)
        _copy("journal_pending", ("entry_id", "leaf"), ((row[0], row[-1]) for row in rows))
    batch = length // 5
    taken = in_turn(5, {"leaves": lambda: batch * rate(lambda: journal.sequence(batch), 1)})
    return [Figure(f"sequencer, {batch:,} leaves at once", taken.median("leaves"), "leaves/s")]


def _copy(table: str, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(tuple(row))


def _proving(ground: Ground, length: int) -> Figure:
    chance = random.Random(length)  # noqa: S311 - not a secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id FROM journal_position ORDER BY position")
        entries: list[UUID] = [row[0] for row in cursor.fetchall()]
    wanted: Iterator[UUID] = iter(chance.choices(entries, k=1000))
    taken = seconds(lambda: journal.inclusion(next(wanted)), ground.size(200, 5))
    return Figure(f"inclusion proof, log of {len(entries):,}", taken * 1000, "ms")
