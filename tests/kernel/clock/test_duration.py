from __future__ import annotations

import pytest

from jianguan.kernel.clock import Limit, Unit, parse_limit


def test_iso_days_are_calendar_days_that_end_on_a_working_day():
    assert parse_limit("P5D") == Limit(5, Unit.CALENDAR, extend_to_working=True)


def test_wd_are_working_days():
    assert parse_limit("P20WD") == Limit(20, Unit.WORKING)


@pytest.mark.parametrize(
    "text", ["", "5", "5D", "P5", "P5W", "p5d", "PT24H", "P-5D", "P1.5D", " P5D", "P5D\n", "P５D", "P10000D"]
)
def test_any_other_duration_is_refused_with_what_is_expected(text):
    with pytest.raises(ValueError, match="write P5D for 5 calendar days or P5WD for 5 working days") as refusal:
        parse_limit(text)
    assert f"“{text}”" in str(refusal.value)


@pytest.mark.parametrize("days", [-1, 10_000])
def test_a_limit_out_of_range_is_refused(days):
    with pytest.raises(ValueError, match=f"A time limit has 0 to 9999 days, not {days}"):
        Limit(days, Unit.WORKING)
