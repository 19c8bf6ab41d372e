"""Decisions of this room without the database: what must be said, until when an objection may be raised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from jianguan.kernel.clock import Clock, Limit, WorkingCalendar, derive_due
from jianguan.kernel.messages import Message, message

LONGEST = 250  # working days: about a year
_NUMBER = re.compile(r"\+?[0-9]{5,20}")


def unsaid(words: Mapping[str, str]) -> dict[str, Message]:
    """A sentence for each text that is missing, by input name."""
    return {name: message("Write this down.") for name, text in words.items() if not text.strip()}


def wrong_order(planned_on: date | None, expected_days: int, today: date) -> dict[str, Message]:
    """What is wrong with the days of an order, by input name."""
    wrong: dict[str, Message] = {}
    if not 1 <= expected_days <= LONGEST:
        wrong["expected_days"] = message("Say how many working days it takes: from 1 to %(most)s.", most=LONGEST)
    if planned_on and planned_on < today:
        wrong["planned_on"] = message("This day has passed already.")
    return wrong


def wrong_record(held_on: date, ordered_on: date, today: date) -> dict[str, Message]:
    """What is wrong with the day of a record, by input name."""
    if held_on > today:
        return {"held_on": message("This day has not come yet.")}
    if held_on < ordered_on:
        return {"held_on": message("It was ordered on %(day)s and cannot have taken place before.", day=ordered_on)}
    return {}


def phone_number(typed: str) -> str | None:
    """A phone number without what people write between its digits; None where it is none."""
    number = re.sub(r"[\s()（）-]", "", typed)
    return number if _NUMBER.fullmatch(number) else None


def wrong_call(number: str, called_at: datetime, now: datetime) -> dict[str, Message]:
    """What is wrong with a call, by input name."""
    wrong: dict[str, Message] = {}
    if phone_number(number) is None:
        wrong["number"] = message("Write the number in digits, with its area code.")
    if called_at > now:
        wrong["day"] = message("This instant has not come yet.")
    return wrong


def last_day(decided_on: date, limit: Limit, calendar: WorkingCalendar) -> date:
    """Until when an objection against something told on a day may be raised."""
    day = derive_due(Clock(decided_on, limit), calendar).day
    assert day is not None
    return day
