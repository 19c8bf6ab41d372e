from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.clock import CalendarDay, WorkingCalendar
from jianguan.kernel.clock.seed import from_chinese_calendar

days = st.dates(date(2023, 1, 1), date(2028, 12, 31))  # a year before and two after what the calendar knows


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "is_working", "why"),
    [
        ("2025-09-29", True, "Working day."),
        ("2025-09-27", False, "Weekend."),
        ("2025-09-28", True, "Adjusted working day: 国庆节."),
        ("2025-10-01", False, "Statutory holiday: 国庆节."),
        ("2025-10-04", False, "Statutory holiday: 国庆节."),  # a Saturday inside the holiday
        ("2027-10-01", True, "Working day, provisional: the working days of 2027 are not known."),
        ("2023-01-01", False, "Weekend, provisional: the working days of 2023 are not known."),
    ],
)
def test_a_day_is_working_or_not_and_says_why(calendar, text, is_working, why):
    assert calendar.is_working(day(text)) is is_working
    assert str(calendar.why(day(text))) == why


def test_a_deviating_day_without_notice_text_names_the_state_council():
    calendar = WorkingCalendar(
        [CalendarDay(day("2025-09-28"), is_working=True), CalendarDay(day("2025-09-29"), is_working=False)]
    )
    assert str(calendar.why(day("2025-09-28"))) == "Adjusted working day: State Council notice."
    assert str(calendar.why(day("2025-09-29"))) == "Statutory holiday: State Council notice."


def test_day_0_is_the_start_itself_even_on_a_holiday(calendar):
    assert calendar.add(day("2025-10-01"), 0) == day("2025-10-01")


def test_the_next_working_day_is_the_day_itself_or_the_first_after_the_holiday(calendar):
    assert calendar.next_working(day("2025-09-28")) == day("2025-09-28")
    assert calendar.next_working(day("2025-10-01")) == day("2025-10-09")


def test_working_days_are_not_counted_backward(calendar):
    with pytest.raises(ValueError, match="counted forward; -1 is below 0"):
        calendar.add(day("2025-10-01"), -1)


def test_the_calendar_knows_from_its_first_to_its_last_day(calendar):
    first, last = day("2024-01-01"), day("2026-12-31")
    assert (calendar.known_from, calendar.known_until) == (first, last)
    assert calendar.knows(first, last)
    assert not calendar.knows(first, day("2027-01-01"))
    assert not calendar.knows(day("2023-12-31"), last)


@given(start=days, number=st.integers(0, 800))
def test_adding_and_counting_are_inverses(calendar, start, number):
    assert calendar.count(start, calendar.add(start, number)) == number


@given(start=days, end=days)
def test_counting_and_adding_lead_to_the_last_working_day(calendar, start, end):
    number = calendar.count(start, end)
    if number > 0:
        reached = calendar.add(start, number)
        assert calendar.is_working(reached)
        assert reached <= end < calendar.add(start, number + 1)
    assert calendar.count(end, start) == -number


@given(start=days, length=st.integers(0, 200))
def test_counting_agrees_with_walking(calendar, start, length):
    walked = sum(calendar.is_working(start + timedelta(days=step)) for step in range(1, length + 1))
    assert calendar.count(start, start + timedelta(days=length)) == walked


@given(some_day=st.dates(date(1, 1, 8), date(9999, 12, 24)))
def test_every_unknown_day_follows_the_plain_week(calendar, some_day):
    if not calendar.knows(some_day, some_day):
        assert calendar.is_working(some_day) is (some_day.weekday() < 5)
    assert calendar.is_working(calendar.next_working(some_day))


def test_rows_may_come_in_any_order():
    rows = from_chinese_calendar(2025, 2025)
    assert WorkingCalendar(reversed(rows)).add(day("2025-09-22"), 20) == day("2025-10-24")


def test_a_calendar_without_days_is_refused():
    with pytest.raises(ValueError, match="needs at least one day"):
        WorkingCalendar([])


@pytest.mark.parametrize("second", ["2025-01-01", "2025-01-03"])
def test_a_day_listed_twice_or_left_out_is_refused(second):
    rows = [CalendarDay(day(text), is_working=True) for text in ("2025-01-01", second)]
    with pytest.raises(ValueError, match=f"lists every day once, but {second} follows 2025-01-01"):
        WorkingCalendar(rows)


def test_the_seed_lists_every_day_and_names_the_holidays():
    rows = {row.day: row for row in from_chinese_calendar(2025, 2025)}
    assert len(rows) == 365
    assert rows[day("2025-10-06")] == CalendarDay(day("2025-10-06"), is_working=False, notice="中秋")
    assert rows[day("2025-10-18")] == CalendarDay(day("2025-10-18"), is_working=False)


@pytest.mark.parametrize(("first", "last"), [(2003, 2025), (2025, 2100)])
def test_the_seed_refuses_years_without_a_notice(first, last):
    with pytest.raises(ValueError, match=f"does not cover all of {first} to {last}"):
        from_chinese_calendar(first, last)
