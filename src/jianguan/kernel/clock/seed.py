from __future__ import annotations

from datetime import date

import chinese_calendar

from jianguan.kernel.clock.working_days import CalendarDay
from jianguan.kernel.messages import message


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


def _row(day: date) -> CalendarDay:
    _, holiday = chinese_calendar.get_holiday_detail(day)
    return CalendarDay(
        day,
        is_working=chinese_calendar.is_workday(day),
        notice=chinese_calendar.Holiday(holiday).chinese if holiday else "",
    )
