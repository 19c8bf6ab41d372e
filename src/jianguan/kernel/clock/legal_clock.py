"""The clock of a procedure 法定时限/承诺时限: a due day derived from events, never counted down.

One rule for every event, after 开始的当日不计入，自下一日开始计算 (民法典 第二百零一条): the day on which something happens
still belongs to what was before.

- Anchor 受理: the anchor day is not counted, counting begins the day after.
- A stop 中止计时 begins: its first day is still counted, for the authority held the case that day.
- A stop ends: its last day, on which the correction or report came in, is not counted; counting goes on the day after
  (审批时间可以自证明文件补正齐全后作相应顺延, 建筑工程施工许可管理办法 第五条, recalled).

So the stopped days of a stop are `first < day <= last`: a stop of one day stops nothing, and a stop that takes over
from another begins on the day the other ends. The check values (20 working days from 2025-09-22, stops 09-26 to 10-15
and 10-17 to 10-24: due 2025-10-24, 2025-11-06, 2025-11-13) rule out counting both ends and counting neither. They would
also allow the mirror image, first day not counted and last day counted, which differs only where a stop begins or ends
on a day off or begins on or before the anchor day; there the rule above decides.

Where the law is silent: a limit runs to the end of its last day, so a stop that begins on the due day still stops the
clock. No counted day is left then, and the matter is due on the day the stop ends or the next working day. A stop that
begins after the due day changes nothing: what is late stays late.

Statutory and promised limit of one case are two clocks with the same anchor and stops.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Final

from jianguan.kernel.clock.duration import Limit, Unit
from jianguan.kernel.clock.working_days import WorkingCalendar
from jianguan.kernel.messages import Message, message

_SOON = 2

# 补正、听证、现场勘验、检验检测、专家评审、公示 (行政许可法 第四十五条); a pack may use further codes, shown as they are
STOP_REASONS: Final[Mapping[str, Message]] = {
    "correction": message("correction"),
    "hearing": message("hearing"),
    "survey": message("survey"),
    "testing": message("testing"),
    "expert_review": message("expert review"),
    "publicity": message("publicity"),
    "exam": message("examination of the person"),
}


@dataclass(frozen=True, slots=True)
class Stop:
    """Time not counted 不计入期限: the days after `first` up to and including `last`, or without end so far."""

    first: date
    last: date | None
    reason: str

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(
                message(
                    "The stop (%(reason)s) ends on %(last)s, before it begins on %(first)s; "
                    "it must end on that day or later.",
                    reason=self.reason_name,
                    first=self.first,
                    last=self.last,
                )
            )

    def covers(self, day: date) -> bool:
        """Whether `day` is not counted because of this stop."""
        return self.first < day and (self.last is None or day <= self.last)

    @property
    def reason_name(self) -> Message | str:
        """The reason for people."""
        return STOP_REASONS.get(self.reason, self.reason)


@dataclass(frozen=True, slots=True)
class Clock:
    """What is known of a clock: the day of the event that starts it, its limit, and its stops in any order."""

    anchor: date
    limit: Limit
    stops: tuple[Stop, ...] = ()

    def at(self, as_of: date) -> Clock:
        """The clock as it was known at the end of `as_of`: a stop that ended later is open, a later one is not there."""
        if as_of < self.anchor:
            raise ValueError(
                message("The clock begins on %(anchor)s; there is none on %(day)s.", anchor=self.anchor, day=as_of)
            )
        begun = (stop for stop in self.stops if stop.first <= as_of)
        return replace(
            self,
            stops=tuple(replace(stop, last=None) if stop.last and stop.last > as_of else stop for stop in begun),
        )


@dataclass(frozen=True, slots=True)
class Due:
    """The due day, or None and the stop that keeps it open; provisional where it needs days the calendar lacks."""

    day: date | None
    stopped_by: Stop | None = None
    provisional: bool = False


class Level(StrEnum):
    """How urgent a clock is; `SOON` from two days left."""

    OK = "ok"
    SOON = "soon"
    TODAY = "today"
    OVERDUE = "overdue"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Derivation:
    """A clock judged at the end of one day; `used`, `left` and `overdue` are days of the limit's unit.

    `used` counts `as_of` itself and ends at the limit. `overdue` is at least 1 once the due day has passed, also on the
    weekend after it.
    """

    as_of: date
    due: Due
    used: int
    left: int
    overdue: int
    level: Level


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of an explained clock: its number if it is counted, and why or why not."""

    day: date
    number: int | None
    why: Message


def derive_due(clock: Clock, calendar: WorkingCalendar) -> Due:
    """The due day by everything the clock holds; `clock.at(day)` gives it as seen on a past day."""
    stopped = 0
    due = _last_day(clock, calendar, stopped, clock.anchor)
    for stop, first, last in _stretches(clock, clock.anchor):
        if first > due:
            break
        if last is None:
            return Due(None, stop)
        stopped += _days(clock.limit, calendar, first, last)
        due = _last_day(clock, calendar, stopped, last)
    return Due(due, provisional=clock.limit.ends_on_working_day and not calendar.knows(clock.anchor, due))


def derive(clock: Clock, calendar: WorkingCalendar, as_of: date) -> Derivation:
    """Where the clock stood at the end of `as_of`, by what was known on that day."""
    clock = clock.at(as_of)
    due = derive_due(clock, calendar)
    used = min(elapsed(clock, calendar, clock.anchor, as_of), clock.limit.days)
    left = clock.limit.days - used
    return Derivation(
        as_of=as_of,
        due=due,
        used=used,
        left=left,
        overdue=max(1, _days(clock.limit, calendar, due.day, as_of)) if due.day and due.day < as_of else 0,
        level=level(due.day, left, as_of),
    )


def elapsed(clock: Clock, calendar: WorkingCalendar, first: date, last: date) -> int:
    """The counted days after `first` up to and including `last`: how long somebody held the case.

    In the limit's unit, without stopped days and without days up to the anchor; what several people held adds up.
    """
    first = max(first, clock.anchor)
    if last <= first:
        return 0
    stopped = sum(
        _days(clock.limit, calendar, begin, min(end or last, last))
        for _, begin, end in _stretches(clock, first)
        if begin < last
    )
    return _days(clock.limit, calendar, first, last) - stopped


def explain(clock: Clock, calendar: WorkingCalendar, as_of: date) -> list[DayLine]:
    """Day by day from the anchor to the due day, or to `as_of` while stopped, by what was known on `as_of`."""
    clock = clock.at(as_of)
    due = derive_due(clock, calendar).day
    lines = []
    used = 0
    for ordinal in range(clock.anchor.toordinal(), (due or as_of).toordinal() + 1):
        day = date.fromordinal(ordinal)
        before, used = used, min(elapsed(clock, calendar, clock.anchor, day), clock.limit.days)
        why = _why(clock, calendar, day)
        lines.append(
            DayLine(
                day,
                number=used if used > before else None,
                why=message("Due day. %(why)s", why=why) if day == due else why,
            )
        )
    return lines


def _why(clock: Clock, calendar: WorkingCalendar, day: date) -> Message:
    if day == clock.anchor:
        return message("Day of the event; counting begins the day after.")
    stop = min((stop for stop in clock.stops if stop.covers(day)), key=attrgetter("first"), default=None)
    if stop and stop.last:
        return message(
            "Stopped from %(first)s to %(last)s: %(reason)s.", first=stop.first, last=stop.last, reason=stop.reason_name
        )
    if stop:
        return message("Stopped since %(first)s: %(reason)s.", first=stop.first, reason=stop.reason_name)
    why = calendar.why(day)
    for stop in clock.stops:
        if stop.first == day and stop.last != day:
            return message(
                "%(why)s The clock stops at the end of this day: %(reason)s.", why=why, reason=stop.reason_name
            )
    return why


def level(due: date | None, left: int, as_of: date) -> Level:
    """How urgent something due on a day is, with so many days of its limit left."""
    if due is None:
        return Level.STOPPED
    if as_of > due:
        return Level.OVERDUE
    if as_of == due:
        return Level.TODAY
    return Level.SOON if left <= _SOON else Level.OK


def _stretches(clock: Clock, start: date) -> Iterator[tuple[Stop, date, date | None]]:
    """The stopped time after `start` in order, each day once: the stop that began first, and its part of the time."""
    for stop in sorted(clock.stops, key=attrgetter("first")):
        first = max(stop.first, start)
        if stop.last is None:
            yield stop, first, None
            return
        if stop.last > first:
            yield stop, first, stop.last
            start = stop.last


def _days(limit: Limit, calendar: WorkingCalendar, first: date, last: date) -> int:
    """The days of the limit's unit after `first` up to and including `last`."""
    return calendar.count(first, last) if limit.unit is Unit.WORKING else (last - first).days


def _last_day(clock: Clock, calendar: WorkingCalendar, stopped: int, earliest: date) -> date:
    """The day on which the limit ends 期间届满 with so many stopped days, not before `earliest`."""
    limit, days = clock.limit, clock.limit.days + stopped
    used_up = calendar.add(clock.anchor, days) if limit.unit is Unit.WORKING else clock.anchor + timedelta(days=days)
    last = max(used_up, earliest)
    return calendar.next_working(last) if limit.ends_on_working_day else last
