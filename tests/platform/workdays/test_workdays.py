"""The calendar of working days as this installation knows it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jianguan.kernel.clock import seed
from jianguan.platform.workdays import service as workdays
from jianguan.platform.workdays.models import Day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.fixture(autouse=True)
def _read_afresh():
    workdays.forget()
    yield
    workdays.forget()


def test_the_notices_of_the_state_council_decide():
    calendar = workdays.calendar()
    assert not calendar.is_working(date(2025, 10, 1)), "national day, a Wednesday"
    assert calendar.is_working(date(2025, 9, 28)), "a Sunday worked in exchange"
    assert calendar.is_working(date(2025, 9, 22))
    assert not calendar.is_working(date(2025, 9, 21))


def test_loading_again_adds_nothing():
    assert workdays.load(workdays.known_until().year) == 0


def test_a_year_nobody_knows_yet_is_refused_and_nothing_is_added():
    count = Day.objects.count()
    with pytest.raises(ValueError, match="chinesecalendar"):
        workdays.load(workdays.known_until().year + 1)
    assert Day.objects.count() == count


def test_a_new_year_is_added_to_what_is_there_and_known_at_once():
    last = workdays.known_until().year
    Day.objects.filter(date__gte=date(last, 1, 1)).delete()
    workdays.forget()
    assert workdays.known_until() == date(last - 1, 12, 31)
    kept = Day.objects.count()
    assert workdays.load(last) == (date(last + 1, 1, 1) - date(last, 1, 1)).days
    assert workdays.known_until() == date(last, 12, 31)
    assert Day.objects.count() > kept


def test_a_day_changed_by_hand_survives_loading():
    day = Day.objects.get(pk=date(2025, 12, 15))
    Day.objects.filter(pk=day.pk).update(is_working=False, notice="台风停工")
    workdays.load(workdays.known_until().year)
    workdays.forget()
    assert not workdays.calendar().is_working(day.pk)


def test_no_day_is_missing():
    days = list(Day.objects.order_by("date").values_list("date", flat=True))
    assert days[0] == date(seed.FIRST_YEAR, 1, 1)
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


def test_the_shipped_calendar_needs_no_database(django_assert_num_queries):
    seed.known_calendar.cache_clear()
    with django_assert_num_queries(0):
        shipped = workdays.shipped()
    assert shipped.known_until == workdays.known_until()


def test_the_calendar_is_read_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        workdays.calendar()
        workdays.calendar()
        workdays.known_until()
