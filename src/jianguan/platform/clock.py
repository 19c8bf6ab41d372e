"""The one clock of the product.

Nothing else reads the system clock: a simulated year can then run in minutes and a test can stand still.
Instants are aware UTC; legal days are dates in Asia/Shanghai.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: ContextVar[Callable[[], datetime]] = ContextVar("clock", default=_system_time)


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return _source.get()()


def today() -> date:
    """The current legal day (北京时间)."""
    return legal_day(now())


def legal_day(instant: datetime) -> date:
    """The legal day an instant falls on."""
    return instant.astimezone(LEGAL_ZONE).date()


@contextlib.contextmanager
def running_on(source: Callable[[], datetime]) -> Iterator[None]:
    """Within the block, `now()` asks `source` instead of the system."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


@contextlib.contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Within the block, time stands still at `instant`."""
    with running_on(lambda: instant):
        yield
