"""Who held a step for how long, over weekends and holidays, and whose hands the late days fell into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.clock.seed import known_calendar
from jianguan.licensing.duties import rules
from jianguan.licensing.duties.rules import EARLIER, POOL
from jianguan.platform import clock

LI, WANG = UUID(int=1), UUID(int=2)
CALENDAR = known_calendar(2026)


@dataclass
class Given:
    at: datetime
    holder_id: UUID | None
    way: str = "claimed"
    by_id: UUID = LI
    reason: str = ""


@dataclass
class Step:
    opened_at: datetime
    closed_at: datetime | None = None


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+08:00")


def lasted(turn: rules.Turn, today: str, count=CALENDAR.count) -> int:
    return rules.held_for(turn, clock.legal_day, date.fromisoformat(today), count)


def test_the_national_day_holiday_is_nobodys_time():
    """2025-10-01 to 10-08 were a holiday, 2025-09-28 and 10-11 adjusted working days."""
    held = rules.turns(Step(noon("2025-09-26")), [Given(noon("2025-09-30"), LI), Given(noon("2025-10-09"), None)])
    assert [(turn.holder, lasted(turn, "2025-10-11")) for turn in held] == [(None, 3), (LI, 1), (None, 2)]


def test_calendar_days_count_every_day():
    held = rules.turns(Step(noon("2025-09-30")), [Given(noon("2025-10-09"), LI)])
    assert lasted(held[0], "2025-10-09", lambda first, last: (last - first).days) == 9


def test_the_last_stretch_ends_where_the_step_does():
    held = rules.turns(Step(noon("2025-11-03"), noon("2025-11-06")), [Given(noon("2025-11-04"), LI)])
    assert [(turn.first, turn.last) for turn in held] == [
        (noon("2025-11-03"), noon("2025-11-04")), (noon("2025-11-04"), noon("2025-11-06")),
    ]  # fmt: skip


def shares(due: str, today: str, step: Step, *handovers: Given):
    held = rules.turns(step, handovers)
    return rules.late_shares(date.fromisoformat(due), date.fromisoformat(today), held, clock.legal_day, CALENDAR.count)


def test_late_days_fall_into_the_hands_that_held_the_step():
    """Due on Monday, 3 November 2025; taken on Tuesday; it is Thursday."""
    step = Step(noon("2025-10-31"))
    assert shares("2025-11-03", "2025-11-06", step, Given(noon("2025-11-04"), LI)) == [(POOL, 1), (LI, 2)]


def test_what_was_late_before_the_step_was_opened_is_earlier_steps_doing():
    step = Step(noon("2025-11-05"))
    found = shares("2025-11-03", "2025-11-07", step, Given(noon("2025-11-06"), WANG))
    assert found == [(EARLIER, 2), (POOL, 1), (WANG, 1)]


def test_what_lay_with_one_person_twice_is_told_once():
    step = Step(noon("2025-10-31"))
    passed = [Given(noon("2025-10-31"), LI), Given(noon("2025-11-04"), WANG), Given(noon("2025-11-05"), LI)]
    assert shares("2025-11-03", "2025-11-06", step, *passed) == [(LI, 2), (WANG, 1)]


def test_nothing_is_late_on_the_due_day():
    assert shares("2025-11-03", "2025-11-03", Step(noon("2025-10-31"))) == []


DAYS = st.dates(date(2025, 9, 1), date(2025, 12, 20))


@given(
    opened=DAYS, due=DAYS, today=DAYS, handed=st.lists(st.tuples(DAYS, st.sampled_from([LI, WANG, None])), max_size=6)
)
def test_shares_are_always_all_of_the_late_days(opened, due, today, handed):
    handed = sorted((one for one in handed if opened <= one[0] <= today), key=lambda one: one[0])
    if opened > today or due >= today:
        return
    given_ = [Given(noon(day.isoformat()), who) for day, who in handed]
    found = shares(due.isoformat(), today.isoformat(), Step(noon(opened.isoformat())), *given_)
    assert sum(days for _, days in found) == CALENDAR.count(due, today)
    assert all(days > 0 for _, days in found)
