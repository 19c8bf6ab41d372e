from __future__ import annotations

import contextlib
import functools
from datetime import date

import chinese_calendar

from jianguan.kernel.clock.working_days import CalendarDay, WorkingCalendar
from jianguan.kernel.messages import message

FIRST_YEAR = 2004  # the first year the State Council notices are known for


def from_chinese_calendar(first_year: int, last_year: int) -> list[CalendarDay]:
    """Every day of these years as the package `chinese_calendar` knows it, with the Chinese name of the holiday.

    A year whose State Council notice the package does not hold is a `ValueError`, never a plain week.
    """
    days = chinese_calendar.get_dates(date(first_year, 1, 1), date(last_year, 12, 31))
    try:
        return [_row(day) for day in days]
    except NotImplementedError as unknown:
        raise ValueError(
            message(
                "The installed holiday calendar does not cover all of %(first)s to %(last)s; "
                "update the package chinesecalendar or ask for fewer years.",
                first=first_year,
                last=last_year,
            )
        ) from unknown


@functools.cache
def known_calendar(year: int) -> WorkingCalendar:
    """The calendar of all years the package knows, up to the one after `year`."""
    for last in range(year + 1, FIRST_YEAR, -1):
        with contextlib.suppress(ValueError):
            return WorkingCalendar(from_chinese_calendar(FIRST_YEAR, last))
    return WorkingCalendar(from_chinese_calendar(FIRST_YEAR, FIRST_YEAR))


def _row(day: date) -> CalendarDay:
    _, holiday = chinese_calendar.get_holiday_detail(day)
    return CalendarDay(
        day,
        is_working=chinese_calendar.is_workday(day),
        notice=chinese_calendar.Holiday(holiday).chinese if holiday else "",
    )
