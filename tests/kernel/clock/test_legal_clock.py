from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.clock import (
    Clock,
    Due,
    Level,
    Limit,
    Stop,
    Unit,
    WorkingCalendar,
    derive,
    derive_due,
    elapsed,
    explain,
)

TWENTY = Limit(20, Unit.WORKING)


def day(text: str) -> date:
    return date.fromisoformat(text)


def stop(first: str, last: str | None, reason: str = "correction") -> Stop:
    return Stop(day(first), day(last) if last else None, reason)


ANCHOR = day("2025-09-22")
CORRECTION = stop("2025-09-26", "2025-10-15")
HEARING = stop("2025-10-17", "2025-10-24", "hearing")


def due_day(calendar: WorkingCalendar, *stops: Stop, limit: Limit = TWENTY, anchor: date = ANCHOR) -> date | None:
    return derive_due(Clock(anchor, limit, stops), calendar).day


# --- the convention


@pytest.mark.parametrize(
    ("stops", "due"),
    [
        ((), "2025-10-24"),
        ((CORRECTION,), "2025-11-06"),
        ((CORRECTION, HEARING), "2025-11-13"),
    ],
)
def test_the_check_values_hold(calendar, stops, due):
    assert due_day(calendar, *stops) == day(due)


@pytest.mark.parametrize(
    ("counts_first", "counts_last", "agrees"),
    [(True, False, True), (False, True, True), (True, True, False), (False, False, False)],
)
def test_the_check_values_allow_one_end_of_a_stop_to_be_counted_but_not_both_nor_none(
    calendar, counts_first, counts_last, agrees
):
    def walk(*stops: Stop) -> date:
        today, used = ANCHOR, 0
        while used < 20:
            today += timedelta(days=1)
            used += calendar.is_working(today) and not any(
                s.first < today < s.last
                or (today == s.first and not counts_first)
                or (today == s.last and not counts_last)
                for s in stops
            )
        return today

    found = [walk(), walk(CORRECTION), walk(CORRECTION, HEARING)]
    assert (found == [day("2025-10-24"), day("2025-11-06"), day("2025-11-13")]) is agrees


def test_the_day_a_stop_begins_is_counted_and_the_day_it_ends_is_not(calendar):
    lines = {line.day: line.number for line in explain(Clock(ANCHOR, TWENTY, (CORRECTION,)), calendar, CORRECTION.last)}
    assert lines[day("2025-09-26")] == 4
    assert lines[day("2025-10-15")] is None
    assert lines[day("2025-10-16")] == 5


def test_a_stop_that_ends_on_a_saturday_goes_on_with_monday(calendar):
    # the mirror convention, first day not counted and last day counted, would say 10-28
    assert due_day(calendar, stop("2025-10-16", "2025-10-18")) == day("2025-10-27")


# --- the shapes of stops


@pytest.mark.parametrize(
    "stops",
    [
        (stop("2025-09-26", "2025-10-10"), stop("2025-10-08", "2025-10-15")),
        (stop("2025-09-26", "2025-10-15"), stop("2025-09-28", "2025-10-10")),
        (stop("2025-10-09", "2025-10-15"), stop("2025-09-26", "2025-10-09")),
        (stop("2025-09-26", "2025-10-15"), stop("2025-09-26", "2025-10-15", "hearing")),
    ],
    ids=["overlapping", "nested", "adjacent and out of order", "twice"],
)
def test_stops_that_touch_stop_each_day_once(calendar, stops):
    assert due_day(calendar, *stops) == due_day(calendar, CORRECTION)


def test_between_a_stop_and_one_that_begins_the_day_after_its_end_one_day_is_counted(calendar):
    assert due_day(calendar, stop("2025-09-26", "2025-10-09"), stop("2025-10-10", "2025-10-15")) == day("2025-11-05")


@pytest.mark.parametrize("first", ["2025-09-01", "2025-09-22"])
def test_a_stop_that_begins_on_or_before_the_anchor_stops_from_the_anchor_on(calendar, first):
    assert due_day(calendar, stop(first, "2025-09-25")) == calendar.add(day("2025-09-25"), 20)


@pytest.mark.parametrize(
    "idle",
    [
        stop("2025-09-01", "2025-09-22"),
        stop("2025-09-25", "2025-09-25"),
        stop("2025-09-30", "2025-10-08"),
        stop("2025-10-25", "2025-11-25"),
        stop("2025-10-25", None),
    ],
    ids=["over on the anchor day", "one day", "holidays only", "after the due day", "open after the due day"],
)
def test_a_stop_without_counted_days_changes_nothing(calendar, idle):
    assert due_day(calendar, idle) == day("2025-10-24")


def test_a_stopped_clock_has_no_due_date(calendar):
    open_stop = stop("2025-10-17", None)
    assert derive_due(Clock(ANCHOR, TWENTY, (CORRECTION, open_stop)), calendar) == Due(None, stopped_by=open_stop)


def test_of_two_open_stops_the_first_is_named(calendar):
    later, earlier = stop("2025-10-09", None, "hearing"), stop("2025-09-26", None)
    assert derive_due(Clock(ANCHOR, TWENTY, (later, earlier)), calendar).stopped_by == earlier


@pytest.mark.parametrize(("last", "due"), [("2025-11-05", "2025-11-05"), ("2025-11-08", "2025-11-10"), (None, None)])
def test_a_stop_that_begins_on_the_due_day_leaves_the_day_it_ends_or_the_next_working_day(calendar, last, due):
    assert due_day(calendar, stop("2025-10-24", last)) == (due and day(due))


def test_a_stop_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match=r"stop \(expert review\) ends on 2025-10-01, before it begins on 2025-10-02"):
        stop("2025-10-02", "2025-10-01", "expert_review")


# --- the limit


@pytest.mark.parametrize(
    ("days", "extend", "due"),
    [
        (7, True, "2025-09-29"),  # a Monday
        (5, True, "2025-09-28"),  # a Saturday; the Sunday after it is an adjusted working day
        (9, True, "2025-10-09"),  # the first of the holiday
        (9, False, "2025-10-01"),
    ],
)
def test_calendar_days_move_to_the_next_working_day_unless_told_otherwise(calendar, days, extend, due):
    assert due_day(calendar, limit=Limit(days, Unit.CALENDAR, extend_to_working=extend)) == day(due)


def test_a_stop_counts_calendar_days_for_a_limit_in_calendar_days(calendar):
    assert due_day(calendar, CORRECTION, limit=Limit(15, Unit.CALENDAR)) == day("2025-10-27")  # 10-26 is a Sunday


def test_a_stop_that_begins_while_the_holiday_extends_the_limit_still_stops(calendar):
    in_holiday = stop("2025-10-05", "2025-10-14")
    assert due_day(calendar, in_holiday, limit=Limit(9, Unit.CALENDAR)) == day("2025-10-14")


@pytest.mark.parametrize(("anchor", "due"), [("2025-09-22", "2025-09-22"), ("2025-10-01", "2025-10-09")])
def test_a_matter_decided_on_the_spot_is_due_on_the_anchor_day_or_the_next_working_day(calendar, anchor, due):
    assert due_day(calendar, limit=Limit(0, Unit.WORKING), anchor=day(anchor)) == day(due)


def test_a_due_day_beyond_the_known_calendar_is_provisional(calendar):
    assert not derive_due(Clock(day("2026-12-01"), TWENTY), calendar).provisional
    assert derive_due(Clock(day("2026-12-10"), TWENTY), calendar) == Due(day("2027-01-07"), provisional=True)
    assert derive_due(Clock(day("2023-12-29"), TWENTY), calendar).provisional


def test_plain_calendar_days_need_no_calendar_and_are_never_provisional(calendar):
    plain = Limit(20, Unit.CALENDAR, extend_to_working=False)
    assert not derive_due(Clock(day("2026-12-20"), plain), calendar).provisional


# --- judged on a day


@pytest.mark.parametrize(
    ("as_of", "used", "left", "overdue", "level"),
    [
        ("2025-09-22", 0, 20, 0, Level.OK),
        ("2025-10-21", 17, 3, 0, Level.OK),
        ("2025-10-22", 18, 2, 0, Level.SOON),
        ("2025-10-23", 19, 1, 0, Level.SOON),
        ("2025-10-24", 20, 0, 0, Level.TODAY),
        ("2025-10-25", 20, 0, 1, Level.OVERDUE),  # a Saturday
        ("2025-10-27", 20, 0, 1, Level.OVERDUE),
        ("2025-10-28", 20, 0, 2, Level.OVERDUE),
    ],
)
def test_a_running_clock_is_judged_by_the_days_left(calendar, as_of, used, left, overdue, level):
    found = derive(Clock(ANCHOR, TWENTY), calendar, day(as_of))
    assert (found.used, found.left, found.overdue, found.level) == (used, left, overdue, level)


@pytest.mark.parametrize(
    ("as_of", "due", "level"),
    [
        ("2025-09-25", "2025-10-24", Level.OK),  # the stop is not known yet
        ("2025-09-26", None, Level.STOPPED),
        ("2025-10-14", None, Level.STOPPED),  # its end is not known yet
        ("2025-10-15", "2025-11-06", Level.OK),
        ("2025-10-17", None, Level.STOPPED),
        ("2025-10-24", "2025-11-13", Level.OK),
        ("2025-11-14", "2025-11-13", Level.OVERDUE),
    ],
)
def test_the_past_is_seen_as_it_was_known_then(calendar, as_of, due, level):
    found = derive(Clock(ANCHOR, TWENTY, (CORRECTION, HEARING)), calendar, day(as_of))
    assert (found.due.day, found.level) == (due and day(due), level)


def test_what_is_late_stays_late_through_a_later_stop(calendar):
    found = derive(Clock(ANCHOR, TWENTY, (stop("2025-10-27", None),)), calendar, day("2025-10-29"))
    assert (found.level, found.overdue, found.used) == (Level.OVERDUE, 3, 20)


def test_there_is_no_clock_before_its_anchor(calendar):
    with pytest.raises(ValueError, match="begins on 2025-09-22; there is none on 2025-09-21"):
        derive(Clock(ANCHOR, TWENTY), calendar, day("2025-09-21"))


# --- explained and attributed


def test_every_day_is_explained(calendar):
    clock = Clock(ANCHOR, TWENTY, (stop("2025-10-09", "2025-10-10", "survey"),))
    lines = {str(line.day): (line.number, str(line.why)) for line in explain(clock, calendar, day("2025-10-20"))}
    assert len(lines) == 36
    assert lines["2025-09-22"] == (None, "Day of the event; counting begins the day after.")
    assert lines["2025-09-23"] == (1, "Working day.")
    assert lines["2025-09-27"] == (None, "Weekend.")
    assert lines["2025-09-28"] == (5, "Adjusted working day: 国庆节.")
    assert lines["2025-10-08"] == (None, "Statutory holiday: 国庆节.")
    assert lines["2025-10-09"] == (8, "Working day. The clock stops at the end of this day: survey.")
    assert lines["2025-10-10"] == (None, "Stopped from 2025-10-09 to 2025-10-10: survey.")
    assert lines["2025-10-27"] == (20, "Due day. Working day.")


def test_an_open_stop_is_explained_up_to_the_day_asked_about(calendar):
    lines = explain(Clock(ANCHOR, TWENTY, (CORRECTION,)), calendar, day("2025-10-01"))
    assert (str(lines[-1].day), lines[-1].number) == ("2025-10-01", None)
    assert str(lines[-1].why) == "Stopped since 2025-09-26: correction."


def test_a_day_of_two_stops_names_the_one_that_began_first(calendar):
    stops = (stop("2025-09-25", None), stop("2025-09-24", None, "survey"))
    lines = explain(Clock(ANCHOR, TWENTY, stops), calendar, day("2025-09-26"))
    assert str(lines[-1].why) == "Stopped since 2025-09-24: survey."


def test_a_stop_of_one_day_is_not_said_to_stop_the_clock(calendar):
    lines = explain(Clock(ANCHOR, TWENTY, (stop("2025-09-23", "2025-09-23"),)), calendar, day("2025-09-23"))
    assert str(lines[1].why) == "Working day."


def test_a_reason_that_only_a_pack_knows_is_shown_as_it_is(calendar):
    lines = explain(Clock(ANCHOR, TWENTY, (stop("2025-09-23", None, "blasting"),)), calendar, day("2025-09-24"))
    assert str(lines[-1].why) == "Stopped since 2025-09-23: blasting."


def test_the_days_of_several_holders_add_up_without_stopped_days(calendar):
    clock = Clock(ANCHOR, TWENTY, (CORRECTION, HEARING))
    window, review = day("2025-09-25"), day("2025-11-03")
    assert elapsed(clock, calendar, day("2025-09-01"), window) == 3
    assert elapsed(clock, calendar, window, review) == 9
    assert elapsed(clock, calendar, review, day("2025-11-13")) == 8
    assert elapsed(clock, calendar, day("2025-09-29"), day("2025-10-14")) == 0
    assert elapsed(clock, calendar, review, window) == 0


# --- properties

offsets = st.integers(-10, 60)


@st.composite
def stop_lists(draw: st.DrawFn, anchor: date) -> tuple[Stop, ...]:
    firsts = [anchor + timedelta(days=offset) for offset in draw(st.lists(offsets, max_size=4))]
    lengths = st.none() | st.integers(0, 25)
    return tuple(
        Stop(first, None if length is None else first + timedelta(days=length), "correction")
        for first in firsts
        for length in [draw(lengths)]
    )


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    anchor = draw(st.dates(date(2024, 12, 1), date(2026, 12, 31)))
    limit = Limit(draw(st.integers(0, 30)), draw(st.sampled_from(Unit)), draw(st.booleans()))
    return Clock(anchor, limit, draw(stop_lists(anchor)))


def walked_due(clock: Clock, calendar: WorkingCalendar) -> date | None:
    """The due day found by walking: the first day with all days used on which no stop goes on into the next day."""
    today, used = clock.anchor, 0
    while True:
        going_on = [s for s in clock.stops if s.first <= today and (s.last is None or today < s.last)]
        may_end = calendar.is_working(today) or not clock.limit.ends_on_working_day
        if used == clock.limit.days and may_end and not going_on:
            return today
        if any(s.last is None for s in going_on):
            return None
        today += timedelta(days=1)
        counts = clock.limit.unit is Unit.CALENDAR or calendar.is_working(today)
        used += counts and not going_on and used < clock.limit.days


def seen_days(clock: Clock) -> list[date]:
    return [clock.anchor + timedelta(days=offset) for offset in range(120)]


@given(clock=clocks())
def test_the_derived_due_day_is_the_walked_due_day(calendar, clock):
    assert derive_due(clock, calendar).day == walked_due(clock, calendar)


@given(clock=clocks())
def test_the_due_day_is_never_before_the_anchor(calendar, clock):
    assert (derive_due(clock, calendar).day or date.max) >= clock.anchor


@given(clock=clocks(), data=st.data())
def test_one_more_stop_never_makes_it_earlier(calendar, clock, data):
    more = replace(clock, stops=clock.stops + data.draw(stop_lists(clock.anchor)))
    assert (derive_due(more, calendar).day or date.max) >= (derive_due(clock, calendar).day or date.max)


@given(clock=clocks(), offset=offsets)
def test_a_stop_of_one_day_changes_nothing(calendar, clock, offset):
    that_day = clock.anchor + timedelta(days=offset)
    assert derive_due(replace(clock, stops=(*clock.stops, Stop(that_day, that_day, "survey"))), calendar) == derive_due(
        clock, calendar
    )


@given(clock=clocks(), data=st.data())
def test_the_order_of_stops_does_not_matter(calendar, clock, data):
    shuffled = replace(clock, stops=tuple(data.draw(st.permutations(clock.stops))))
    assert derive_due(shuffled, calendar).day == derive_due(clock, calendar).day


@given(clock=clocks(), offset=st.integers(0, 90))
def test_the_explanation_adds_up_to_what_is_derived(calendar, clock, offset):
    as_of = clock.anchor + timedelta(days=offset)
    found = derive(clock, calendar, as_of)
    lines = explain(clock, calendar, as_of)
    numbers = [line.number for line in lines if line.number]
    assert numbers == list(range(1, (clock.limit.days if found.due.day else found.used) + 1))
    assert lines[-1].day == (found.due.day or as_of)
    assert found.used == sum(1 for line in lines if line.number and line.day <= as_of)
    assert [line.day for line in lines if str(line.why).startswith("Due day.")] == (
        [found.due.day] if found.due.day else []
    )


@given(clock=clocks(), offset=st.integers(0, 90), data=st.data())
def test_what_becomes_known_later_does_not_change_the_past(calendar, clock, offset, data):
    as_of = clock.anchor + timedelta(days=offset)
    later = [s for s in data.draw(stop_lists(as_of)) if s.first > as_of]
    rewritten = replace(clock, stops=(*clock.at(as_of).stops, *later))
    assert derive(rewritten, calendar, as_of) == derive(clock, calendar, as_of)


@given(clock=clocks())
def test_seen_day_after_day_the_clock_only_moves_forward(calendar, clock):
    seen = [derive(clock, calendar, as_of) for as_of in seen_days(clock)]
    dues = [each.due.day for each in seen if each.due.day]
    assert dues == sorted(dues)
    used = [each.used for each in seen]
    assert used == sorted(used)
    assert all(each.used + each.left == clock.limit.days for each in seen)
    assert all((each.level is Level.STOPPED) is (each.due.day is None) for each in seen)
    assert all((each.level is Level.OVERDUE) is (each.overdue > 0) for each in seen)
    assert seen[-1].due == derive_due(clock, calendar)
