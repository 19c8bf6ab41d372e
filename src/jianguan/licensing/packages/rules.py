"""How much time a package saves, and what follows for its matters from the results of others; decided without the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from graphlib import TopologicalSorter

from jianguan.kernel.clock import Clock, Limit, WorkingCalendar, derive_due


@dataclass(frozen=True, slots=True)
class Span:
    """The time of one matter of a package.

    Attributes:
        after: matters of the package it waited or waits for.
        limit: what is promised for it.
        begun_on: the day it was applied for; None while it waits.
        decided_on: the day it was decided; None while it is open.
    """

    matter: str
    after: tuple[str, ...]
    limit: Limit
    begun_on: date | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a matter lies on the time axis of its package: days from, days until, in working days."""

    matter: str
    begin: int
    end: int

    @property
    def days(self) -> int:
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Saving:
    """What a package saves, in working days.

    Attributes:
        serial: what its matters take added up, as if each were applied for after the other.
        parallel: from the submission of the package to the last decision.
        critical: the matters that make it that long, in order.
        bars: each matter on the time axis.
    """

    serial: int
    parallel: int
    critical: tuple[str, ...]
    bars: tuple[Bar, ...]

    @property
    def saved(self) -> int:
        return self.serial - self.parallel

    @property
    def share(self) -> int:
        """Of a hundred days, how many are saved."""
        return round(100 * self.saved / self.serial) if self.serial else 0


def saving(spans: Sequence[Span], start: date, today: date, calendar: WorkingCalendar) -> Saving:
    """What a package saves that was or would be submitted on `start`.

    A decided matter took the working days to its decision. An open one is counted with what is promised for it, or with
    what it took already where that is more; one that waits begins when the last it waits for ends.
    """
    bars: dict[str, Bar] = {}
    known = {span.matter: span for span in spans}
    order = TopologicalSorter({span.matter: [m for m in span.after if m in known] for span in spans}).static_order()
    for matter in order:
        span = known[matter]
        begin = _begin(span, start, bars, calendar)
        bars[matter] = Bar(matter, begin, begin + _took(span, calendar.add(start, begin), today, calendar))
    ends = [bar.end for bar in bars.values()]
    return Saving(
        sum(bar.days for bar in bars.values()), max(ends, default=0), _critical(known, bars),
        tuple(bars[span.matter] for span in spans),
    )  # fmt: skip


def _begin(span: Span, start: date, bars: Mapping[str, Bar], calendar: WorkingCalendar) -> int:
    if span.begun_on:
        return calendar.count(start, span.begun_on)
    return max((bars[other].end for other in span.after if other in bars), default=0)


def _took(span: Span, begun_on: date, today: date, calendar: WorkingCalendar) -> int:
    if span.begun_on and span.decided_on:
        return calendar.count(span.begun_on, span.decided_on)
    promised = promised_days(span.limit, begun_on, calendar)
    return max(promised, calendar.count(span.begun_on, today)) if span.begun_on else promised


def promised_days(limit: Limit, begun_on: date, calendar: WorkingCalendar) -> int:
    """A limit in working days from a day, whatever unit it is given in."""
    due = derive_due(Clock(begun_on, limit), calendar).day
    assert due is not None
    return calendar.count(begun_on, due)


def _critical(spans: Mapping[str, Span], bars: Mapping[str, Bar]) -> tuple[str, ...]:
    """The matter that ends last, before it the one it waited for longest, and so on to the beginning."""
    path: list[str] = []
    left = list(bars)
    while left:
        path.append(max(left, key=lambda matter: bars[matter].end))
        left = [other for other in spans[path[-1]].after if other in bars]
    return tuple(reversed(path))


# --- what follows from results

FOR, AGAINST, OPEN = "for", "against", "open"
APPLY, DROP, WAIT = "apply", "drop", "wait"


def follows(results: Mapping[str, str]) -> tuple[str, str]:
    """What happens to a matter that waits for these results: it is applied for, dropped because of one, or it waits."""
    failed = next((matter for matter, result in results.items() if result == AGAINST), "")
    if failed:
        return DROP, failed
    return (WAIT, "") if OPEN in results.values() else (APPLY, "")
