"""The time a package saves, over working days and holidays, decided without the database."""

from __future__ import annotations

from datetime import date

import pytest

from jianguan.kernel.clock import Limit, Unit, parse_limit
from jianguan.kernel.clock.seed import known_calendar
from jianguan.licensing.packages.rules import (
    AGAINST,
    APPLY,
    DROP,
    FOR,
    OPEN,
    WAIT,
    Span,
    follows,
    promised_days,
    saving,
)

CALENDAR = known_calendar(2026)
THREE, FIVE = parse_limit("P3WD"), parse_limit("P5WD")
MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)


def test_finished_matters_are_added_up_against_the_last_decision() -> None:
    found = saving(
        [
            Span("permit", (), THREE, MONDAY, date(2026, 3, 5)),
            Span("quality", (), THREE, MONDAY, date(2026, 3, 4)),
            Span("waste", ("permit",), FIVE, date(2026, 3, 5), date(2026, 3, 10)),
        ],
        MONDAY, date(2026, 4, 1), CALENDAR,
    )  # fmt: skip
    assert (found.serial, found.parallel, found.saved) == (3 + 2 + 3, 6, 2)
    assert found.critical == ("permit", "waste")


def test_open_matters_count_with_what_is_promised_and_waiting_ones_follow() -> None:
    spans = [Span("a", (), THREE, MONDAY), Span("b", (), FIVE, MONDAY), Span("c", ("a", "b"), THREE)]
    found = saving(spans, MONDAY, date(2026, 3, 3), CALENDAR)
    assert (found.serial, found.parallel) == (11, 8)
    assert [(bar.begin, bar.end) for bar in found.bars] == [(0, 3), (0, 5), (5, 8)]
    assert found.critical == ("b", "c")


def test_an_overdue_matter_counts_with_what_it_took_so_far() -> None:
    found = saving([Span("a", (), THREE, MONDAY)], MONDAY, date(2026, 3, 9), CALENDAR)
    assert found.parallel == 5


@pytest.mark.parametrize(
    ("begun", "decided", "days"),
    [
        (date(2026, 9, 30), date(2026, 10, 8), 1),  # National Day in between
        (date(2026, 2, 13), date(2026, 2, 24), 2),  # Spring Festival; Saturday 14 February is worked
        (FRIDAY, date(2026, 3, 8), 0),  # a week-end
        (MONDAY, MONDAY, 0),
    ],
)
def test_holidays_take_no_time(begun: date, decided: date, days: int) -> None:
    found = saving([Span("a", (), THREE, begun, decided)], begun, decided, CALENDAR)
    assert found.serial == days


def test_a_limit_in_calendar_days_is_counted_in_working_days() -> None:
    assert promised_days(Limit(7, Unit.CALENDAR), MONDAY, CALENDAR) == 5
    assert promised_days(Limit(7, Unit.CALENDAR), date(2026, 9, 28), CALENDAR) < 5


def test_what_a_matter_waited_for_in_vain_does_not_count() -> None:
    found = saving([Span("b", ("gone",), THREE, MONDAY, FRIDAY)], MONDAY, FRIDAY, CALENDAR)
    assert (found.serial, found.parallel, found.critical) == (4, 4, ("b",))


def test_nothing_takes_no_time() -> None:
    found = saving([], MONDAY, MONDAY, CALENDAR)
    assert (found.serial, found.parallel, found.share) == (0, 0, 0)


@pytest.mark.parametrize(
    ("results", "step"),
    [
        ({"a": FOR, "b": FOR}, (APPLY, "")),
        ({"a": FOR, "b": OPEN}, (WAIT, "")),
        ({"a": OPEN, "b": AGAINST}, (DROP, "b")),
    ],
)
def test_what_follows_from_results(results: dict[str, str], step: tuple[str, str]) -> None:
    assert follows(results) == step
