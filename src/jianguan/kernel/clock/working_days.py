from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from jianguan.kernel.messages import Message, message

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class CalendarDay(NamedTuple):
    """One row of the calendar; the notice 放假通知 names the holiday where the day deviates from a plain week."""

    day: date
    is_working: bool
    notice: str = ""


class WorkingCalendar:
    """The working days 工作日 by the yearly State Council notices 国务院办公厅关于节假日安排的通知.

    Every day from `known_from` to `known_until` is known; outside, Monday to Friday count and what follows from
    them is provisional. A class, because it keeps index tables made once from the rows: each working day has a
    rank, the number of working days since 0001-01-01, so every question is answered in constant time.
    """

    __slots__ = ("_deviation", "_notices", "_ranks", "_working", "known_from", "known_until")

    def __init__(self, rows: Iterable[CalendarDay]) -> None:
        """Index the rows, in any order; a day left out or listed twice is a `ValueError`."""
        days = sorted(rows)
        if not days:
            raise ValueError(message("A working calendar needs at least one day."))
        for earlier, later in pairwise(days):
            if later.day - earlier.day != _ONE_DAY:
                raise ValueError(
                    message(
                        "A working calendar lists every day once, but %(later)s follows %(earlier)s.",
                        later=later.day,
                        earlier=earlier.day,
                    )
                )
        self.known_from: Final = days[0].day
        self.known_until: Final = days[-1].day
        before = _weekdays(self.known_from.toordinal() - 1)
        self._ranks: Final = tuple(accumulate((row.is_working for row in days), initial=before))
        self._working: Final = tuple(row.day for row in days if row.is_working)
        self._deviation: Final = self._ranks[-1] - _weekdays(self.known_until.toordinal())
        self._notices: Final = {row.day: row.notice for row in days if row.notice}

    def knows(self, first: date, last: date) -> bool:
        """Whether every day from `first` to `last` is known; what needs another day is provisional."""
        return self.known_from <= first and last <= self.known_until

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day; outside the known days a plain weekday is."""
        return self._rank(day.toordinal()) > self._rank(day.toordinal() - 1)

    def count(self, start: date, end: date) -> int:
        """The working days after `start` up to and including `end`; negative where `end` lies before `start`."""
        return self._rank(end.toordinal()) - self._rank(start.toordinal())

    def add(self, start: date, days: int) -> date:
        """The working day number `days` after `start`; number 0 is `start` itself, working or not."""
        if days < 0:
            raise ValueError(message("Working days are counted forward; %(days)s is below 0.", days=days))
        return self._working_day(self._rank(start.toordinal()) + days) if days else start

    def next_working(self, day: date) -> date:
        """`day` itself if it is a working day, otherwise the first working day after it."""
        return self._working_day(self._rank(day.toordinal() - 1) + 1)

    def why(self, day: date) -> Message:
        """Why `day` is a working day or not, as a sentence."""
        is_weekend = day.weekday() >= _SATURDAY
        if not self.knows(day, day):
            if is_weekend:
                return message("Weekend, provisional: the working days of %(year)s are not known.", year=day.year)
            return message("Working day, provisional: the working days of %(year)s are not known.", year=day.year)
        notice = self._notices.get(day)
        if self.is_working(day):
            if not is_weekend:
                return message("Working day.")
            return message("Adjusted working day: %(notice)s.", notice=notice or message("State Council notice"))
        if is_weekend and not notice:
            return message("Weekend.")
        return message("Statutory holiday: %(notice)s.", notice=notice or message("State Council notice"))

    def _rank(self, ordinal: int) -> int:
        index = ordinal - self.known_from.toordinal() + 1
        if index < 0:
            return _weekdays(ordinal)
        if index < len(self._ranks):
            return self._ranks[index]
        return _weekdays(ordinal) + self._deviation

    def _working_day(self, rank: int) -> date:
        index = rank - self._ranks[0] - 1
        if index < 0:
            return _weekday(rank)
        if index < len(self._working):
            return self._working[index]
        return _weekday(rank - self._deviation)


def _weekdays(ordinal: int) -> int:
    """The plain weekdays from day 1, 0001-01-01, which is a Monday, to day `ordinal`."""
    weeks, days = divmod(ordinal, 7)
    return 5 * weeks + min(days, 5)


def _weekday(rank: int) -> date:
    """The plain weekday with this rank, the inverse of `_weekdays`."""
    weeks, days = divmod(rank - 1, 5)
    return date.fromordinal(7 * weeks + days + 1)
