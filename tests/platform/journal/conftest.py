"""Facts to write, and the hand of somebody who may change everything."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from uuid6 import uuid7

from jianguan.platform.journal import reactions
from jianguan.platform.journal import service as journal

DONE = journal.kind("tests.done", "Thing done")
SEEN = journal.kind("tests.seen", "Thing seen")


@pytest.fixture
def write() -> Callable[..., list[UUID]]:
    """Records facts in one transaction: `write(3)` or `write(1, SEEN, n=7)`."""

    def write(count: int = 1, kind: journal.Kind = DONE, **data: Any) -> list[UUID]:
        subject = journal.Subject("thing", uuid7(), "460105")
        with transaction.atomic():
            return [journal.record(kind, subject, journal.SYSTEM, {"n": n, **data}) for n in range(count)]

    return write


@pytest.fixture
def meddle() -> Callable[..., int]:
    """Changes tables as a superuser can: no trigger, no foreign key stands in the way. Returns how many rows."""

    def meddle(sql: str, *parameters: object) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql, parameters)
            changed = cursor.rowcount
            cursor.execute("SET LOCAL session_replication_role = origin")
        return changed

    return meddle


@pytest.fixture
def position_of() -> Callable[[UUID], int]:
    def position_of(entry_id: UUID) -> int:
        (fact,) = journal.facts(reactions.Entry.objects.filter(pk=entry_id).select_related("place"))
        assert fact.position is not None
        return fact.position

    return position_of


@pytest.fixture
def react(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Declares reactions for one test, in place of those of the rooms."""
    reactions.discover()  # so that none of them is declared into what is thrown away
    monkeypatch.setattr(reactions, "_reactions", {})
    return journal.reaction


@pytest.fixture
def late(own_database: object, write: Callable[..., list[UUID]]) -> Callable[..., Any]:
    """A transaction that has recorded and commits at the end of the block: `with late(2) as ids:`."""

    @contextlib.contextmanager
    def late(count: int = 1) -> Iterator[list[UUID]]:
        recorded, may_commit, ids = threading.Event(), threading.Event(), []

        def work() -> None:
            with contextlib.closing(connection), transaction.atomic():
                ids.extend(write(count))
                recorded.set()
                assert may_commit.wait(20)

        thread = threading.Thread(target=work)
        thread.start()
        assert recorded.wait(20)
        try:
            yield ids
        finally:
            may_commit.set()
            thread.join(20)

    return late
