"""The one clock: it can stand still, run on another, and knows the legal day of Beijing."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.platform import clock

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def test_left_alone_it_is_the_systems_clock_in_utc():
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().utcoffset() == timedelta(0)


def test_it_stands_still_within_the_block_and_runs_on_after_it():
    with clock.standing_at(NOON):
        assert [clock.now(), clock.now(), clock.today()] == [NOON, NOON, date(2026, 11, 20)]
    assert clock.now() != NOON


def test_it_runs_on_after_a_failure_too():
    with pytest.raises(ZeroDivisionError), clock.standing_at(NOON):
        raise ZeroDivisionError
    assert clock.now() != NOON


def test_blocks_stand_within_blocks():
    with clock.standing_at(NOON):
        with clock.standing_at(NOON + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON


def test_it_runs_on_any_source():
    hours = iter(range(3))
    with clock.running_on(lambda: NOON + timedelta(hours=next(hours))):
        assert [clock.now().hour for _ in range(3)] == [4, 5, 6]


def test_another_thread_keeps_its_own_time():
    seen = []
    with clock.standing_at(NOON):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != NOON


def test_a_task_keeps_the_time_it_was_made_in():
    async def stand(at):
        with clock.standing_at(at):
            await asyncio.sleep(0)
            return clock.now()

    async def both():
        return await asyncio.gather(stand(NOON), stand(NOON + timedelta(days=1)))

    assert asyncio.run(both()) == [NOON, NOON + timedelta(days=1)]


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 11, 20, 15, 59, 59, 999_999, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 16, tzinfo=UTC), date(2026, 11, 21)),  # midnight in Beijing
        (datetime(2026, 12, 31, 16, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 11, 21, 0, 30, tzinfo=clock.LEGAL_ZONE), date(2026, 11, 21)),
        (datetime(1988, 7, 1, 15, 30, tzinfo=UTC), date(1988, 7, 2)),  # the years of summer time
    ],
)
def test_a_legal_day_begins_at_midnight_in_beijing(instant, day):
    assert clock.legal_day(instant) == day
    with clock.standing_at(instant):
        assert clock.today() == day


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.timezones()))
def test_the_legal_day_does_not_depend_on_the_zone_an_instant_is_written_in(instant):
    assert clock.legal_day(instant) == (instant.astimezone(UTC) + timedelta(hours=8)).date()
