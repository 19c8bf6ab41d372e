"""The door of the working-day calendar."""

from __future__ import annotations

import functools
from datetime import date

from django.db.models import Max

from jianguan.kernel.clock import CalendarDay, WorkingCalendar
from jianguan.kernel.clock.seed import FIRST_YEAR, from_chinese_calendar, known_calendar
from jianguan.platform import clock
from jianguan.platform.workdays.models import Day


@functools.cache
def calendar() -> WorkingCalendar:
    """The calendar as loaded; each process keeps it in memory until `forget`."""
    return WorkingCalendar(CalendarDay(*row) for row in Day.objects.values_list("date", "is_working", "notice"))


def shipped() -> WorkingCalendar:
    """The calendar of all years the package knows, without a database: for checking packs on the command line."""
    return known_calendar(clock.today().year)


def load(last_year: int) -> int:
    """Load all days up to a year from the calendar package; days already there stay as they are.

    Returns how many days were added.

    Raises:
        ValueError: the package does not know the year's notice.
    """
    newest = Day.objects.aggregate(newest=Max("date"))["newest"]
    first_year = newest.year + 1 if newest else FIRST_YEAR
    if first_year > last_year:
        return 0
    rows = [
        Day(date=day, is_working=working, notice=notice)
        for day, working, notice in from_chinese_calendar(first_year, last_year)
    ]
    Day.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    forget()
    return len(rows)


def known_until() -> date:
    """The last day whose notice is known; what is due later is provisional."""
    return calendar().known_until


def forget() -> None:
    """Read the table again next time."""
    calendar.cache_clear()


__all__ = ["calendar", "forget", "known_until", "load", "shipped"]
