"""Reactions: everything that follows from a fact.

A reaction reads the log in order with its own cursor. What it writes and how far it has read commit together, so that
in this database it happens exactly once; what leaves the database goes through an outbox with a dedup key. A reaction
that fails stops only itself, stays visible with its lag and its error, and resumes where it stood.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Max

from jianguan.platform import clock
from jianguan.platform.journal.models import Cursor, Entry, Position
from jianguan.platform.journal.queries import Fact, facts
from jianguan.platform.journal.writing import Kind

BATCH = 200
LONGEST_PAUSE = timedelta(minutes=10)
Handler = Callable[[Fact], None]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reaction:
    """A named handler of some kinds of facts."""

    name: str
    kinds: frozenset[str]
    handle: Handler


_reactions: dict[str, Reaction] = {}


def reaction(name: str, kinds: Collection[Kind]) -> Callable[[Handler], Handler]:
    """Declare a reaction; rooms declare theirs in `reactions.py`. The name is that of its cursor, for ever."""

    def declare(handler: Handler) -> Handler:
        assert name not in _reactions, f"two reactions are called {name}"
        _reactions[name] = Reaction(name, frozenset(kind.code for kind in kinds), handler)
        return handler

    return declare


def discover() -> dict[str, Reaction]:
    """All reactions of the installed rooms."""
    for app in apps.get_app_configs():
        if app.name.startswith("jianguan.") and find_spec(f"{app.name}.reactions") and app.label != "journal":
            import_module(f"{app.name}.reactions")
    return _reactions


def run_all(batch: int = BATCH) -> int:
    """Let every reaction read on once; returns how many facts were handled."""
    return sum(_advance(one, batch) for one in discover().values())


def _advance(one: Reaction, batch: int) -> int:
    """Handle the next facts of one reaction. The first that fails ends the run: those before it are kept."""
    handled = 0
    Cursor.objects.get_or_create(reaction=one.name)
    with transaction.atomic():
        cursor = _locked(one)
        if cursor is None:
            return 0
        end = _log_end()
        for entry in _next_entries(one, cursor.position, batch):
            try:
                with transaction.atomic():
                    one.handle(facts([entry])[0])
                    connection.check_constraints()  # what would fail at the end fails here, and stops only this one
            except Exception as error:
                log.exception("Reaction %s stands still at entry %s", one.name, entry.id)
                _stand_still(cursor, entry.place.position, error)
                return handled
            handled += 1
            cursor.position = entry.place.position + 1
        if handled < batch:
            cursor.position = max(cursor.position, end)
        cursor.failed_at, cursor.attempts, cursor.error = None, 0, ""
        cursor.save()
    return handled


def _locked(one: Reaction) -> Cursor | None:
    """The cursor, locked; None if another worker holds it or it pauses after a failure."""
    cursor = Cursor.objects.select_for_update(skip_locked=True).filter(pk=one.name).first()
    if cursor is None or cursor.failed_at is None:
        return cursor
    pause = min(timedelta(seconds=2 ** min(cursor.attempts, 10)), LONGEST_PAUSE)  # 2**47 s is more than a timedelta
    return cursor if clock.now() >= cursor.failed_at + pause else None


def _stand_still(cursor: Cursor, position: int, error: Exception) -> None:
    cursor.position, cursor.failed_at = position, clock.now()
    cursor.attempts += 1
    cursor.error = f"{type(error).__name__}: {error}"[:2000]
    cursor.save()


def _next_entries(one: Reaction, position: int, batch: int) -> list[Entry]:
    entries = Entry.objects.filter(place__position__gte=position, kind__in=one.kinds)
    return list(entries.select_related("place").order_by("place__position")[:batch])


def _log_end() -> int:
    last = Position.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a reaction stands."""

    name: str
    lag: int
    error: str


def standings() -> list[Standing]:
    """How far behind each reaction is, and why if it stands still."""
    end = _log_end()
    cursors = {cursor.pk: cursor for cursor in Cursor.objects.all()}
    return [
        Standing(
            name,
            end - (cursors[name].position if name in cursors else 0),
            cursors[name].error if name in cursors else "",
        )
        for name in sorted(discover())
    ]
