"""Values derived of the answers: over rows, between days, in comparison."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.licensing.rules import service as rules

STAFF = [{"post": "1018", "trained": True}, {"post": "1009", "trained": True}, {"post": "1018", "trained": False}]
RECORD = {
    "staff": STAFF,
    "charges": [{"use": "a", "area": "10.5"}, {"use": "b", "area": "4"}, {"use": "a"}],
    "price": "110", "estimate": "100", "start": "2026-05-15", "name": "甲", "leader": "甲",
}  # fmt: skip


def derived(said: dict[str, Any], record: dict[str, Any] = RECORD, **earlier: Any) -> Any:
    derive = {name: rules.read_derivation(one) for name, one in {**earlier, "asked": said}.items()}
    application = rules.Application(record, None, date(2026, 4, 15), received=date(2026, 4, 10), derive=derive)
    return application.derived("asked")[0]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ({"count": "staff"}, 3),
        ({"count": "staff", "where": {"post": "1018"}}, 2),
        ({"count": "staff", "where": {"post": ["1018", "1009"], "trained": True}}, 2),
        ({"count": "nobody"}, 0),
        ({"any": "staff", "where": {"trained": False}}, True),
        ({"any": "nobody", "where": {"trained": False}}, False),
        ({"all": "staff", "where": {"trained": True}}, False),
        ({"all": "staff", "where": {"post": ["1018", "1009"]}}, True),
        ({"sum": "charges.area"}, Decimal("14.5")),
        ({"sum": "charges.area", "where": {"use": "a"}}, Decimal("10.5")),
        ({"minimum": "charges.area"}, 4),
        ({"maximum": "charges.area"}, Decimal("10.5")),
        ({"maximum": "nobody.area"}, 0),
        ({"sum": ["price", "estimate", "missing"]}, 210),
        ({"difference": ["price", "estimate"]}, 10),
        ({"percent": ["price", "estimate"]}, 110),
        ({"percent": ["price", "missing"]}, 0),
        ({"days": ["today", "start"]}, 30),
        ({"days": ["received", "today"]}, 5),
        ({"days": ["start", "today"]}, -30),
        ({"days": ["missing", "today"]}, 0),
        ({"at_most": ["estimate", "price"]}, True),
        ({"at_most": ["price", "estimate"]}, False),
        ({"at_most": ["missing", "estimate"]}, False),
        ({"less": ["start", "today"]}, False),
        ({"less": ["today", "start"]}, True),
        ({"same": ["name", "leader"]}, True),
        ({"same": ["name", "price"]}, False),
        ({"same": ["missing", "missing"]}, False),
    ],
)
def test_what_is_derived(said: dict[str, Any], value: Any) -> None:
    assert derived(said) == value


@pytest.mark.parametrize(
    ("first", "second", "months"),
    [
        ("2026-03-15", "2026-04-14", "< 1"),
        ("2026-03-15", "2026-04-15", "= 1"),
        ("2026-03-15", "2026-04-16", "> 1"),
        ("2026-01-31", "2026-02-28", "= 1"),  # a month that has no such day ends on its last one
        ("2026-01-31", "2026-03-01", "> 1"),
        ("2024-02-29", "2025-02-28", "= 12"),
    ],
)
def test_a_month_begun_is_more_than_the_months_before_it(first: str, second: str, months: str) -> None:
    value = derived({"months": ["first", "second"]}, {"first": first, "second": second})
    wanted = Decimal(months[2:])
    assert {"<": value < wanted, "=": value == wanted, ">": value > wanted}[months[0]], value


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(0, 9000))
def test_later_days_are_never_fewer_months_or_years(first: date, days: int) -> None:
    earlier = {"first": first.isoformat(), "second": date.fromordinal(first.toordinal() + days).isoformat()}
    later = {**earlier, "second": date.fromordinal(first.toordinal() + days + 1).isoformat()}
    for unit in ("months", "years"):
        assert derived({unit: ["first", "second"]}, earlier) < derived({unit: ["first", "second"]}, later)


def test_a_derived_value_rests_on_one_further_up() -> None:
    above = {"difference": ["price", "estimate"]}
    assert derived({"percent": ["above", "estimate"]}, above=above) == 10


def test_what_a_table_rests_on_is_followed_to_the_answers(shipped_packs_pack: Any) -> None:
    pack = shipped_packs_pack("cost_filing")
    table = pack.tables["deviation"]
    assert rules.answers_of(table, pack.matter.derive) >= {"amount", "contract_price"}
    staffed = shipped_packs_pack("construction_permit")
    assert rules.answers_of(staffed.tables["safety_officers"], staffed.matter.derive) == {
        "area_above",
        "area_below",
        "staff",
    }
