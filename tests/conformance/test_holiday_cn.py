"""Our working days against two sources that no one here wrote: the State Council notices and the calendar package."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from jianguan.kernel.clock import WorkingCalendar
from jianguan.kernel.clock.seed import from_chinese_calendar

# Days on which the notices and the package contradict each other: none, last compared with holiday-cn d4e53bf and
# chinesecalendar 1.11. A day that ever does is listed here as {date: what the notice says}.
KNOWN_DIFFERENCES: dict[date, bool] = {}


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return WorkingCalendar(from_chinese_calendar(2004, 2026))


@pytest.fixture(scope="module")
def notices(conformance: Path) -> dict[date, bool]:
    """Each day that a notice lists, and whether it is a working day."""
    files = sorted((conformance / "holiday-cn").glob("*.json"))
    return {
        date.fromisoformat(day["date"]): not day["isOffDay"]
        for file in files
        for day in json.loads(file.read_text(encoding="utf-8"))["days"]
    }


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


@pytest.mark.conformance
def test_every_day_of_a_notice_is_what_the_notice_says(calendar, notices):
    assert len(notices) > 600
    assert all(calendar.knows(day, day) for day in notices)
    assert {day: said for day, said in notices.items() if calendar.is_working(day) != said} == KNOWN_DIFFERENCES


@pytest.mark.conformance
def test_every_day_that_no_notice_lists_follows_the_plain_week(calendar, notices):
    unlisted = [day for day in days_between(date(2007, 1, 1), date(2026, 12, 31)) if day not in notices]
    assert len(unlisted) > 6000
    assert [day for day in unlisted if calendar.is_working(day) != (day.weekday() < 5)] == []


@pytest.mark.conformance
def test_a_year_without_a_notice_is_unknown(calendar, notices):
    assert not any(day.year == 2027 for day in notices)
    assert calendar.known_until == date(2026, 12, 31)


def test_every_day_of_the_calendar_package_is_what_the_package_says(calendar):
    days = days_between(date(2004, 1, 1), date(2026, 12, 31))
    assert [day for day in days if calendar.is_working(day) != chinese_calendar.is_workday(day)] == []
