"""Who held a step for how long, derived from its handovers, without the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

Count = Callable[[date, date], int]  # the days after one day up to another, as the limit of the case counts them
EARLIER = "earlier"
POOL = "pool"
DELEGATED = "delegated"  # the way of a handover, as `process.service.Way` names it


class Handover(Protocol):
    """That a step went to a person, or back to all (no holder)."""

    holder_id: UUID | None
    way: str
    by_id: UUID
    reason: str
    at: datetime


class Item(Protocol):
    """A step: open until it is closed."""

    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch in which one person held a step, or nobody did.

    Attributes:
        way: how it began; empty where the step was opened.
        last: when it ended; None while it lasts.
    """

    holder: UUID | None
    first: datetime
    last: datetime | None
    way: str = ""
    by: UUID | None = None
    reason: str = ""


def turns(item: Item, handovers: Sequence[Handover]) -> list[Turn]:
    """All stretches of a step in order, without gaps, from its opening until its end."""
    ends = [*(one.at for one in handovers), item.closed_at]
    first = Turn(None, item.opened_at, ends[0])
    return [
        first,
        *(Turn(h.holder_id, h.at, end, h.way, h.by_id, h.reason) for h, end in zip(handovers, ends[1:], strict=True)),
    ]


def passed_on_by(handovers: Sequence[Handover]) -> UUID | None:
    """Who passed a step on to its holder, if it came to them so."""
    last = handovers[-1] if handovers else None
    return last.by_id if last and last.way == DELEGATED else None


def held_for(turn: Turn, legal_day: Callable[[datetime], date], today: date, count: Count) -> int:
    """How many days a stretch lasted."""
    return count(legal_day(turn.first), legal_day(turn.last) if turn.last else today)


def late_shares(
    due_on: date, today: date, held: Sequence[Turn], legal_day: Callable[[datetime], date], count: Count
) -> list[tuple[UUID | str, int]]:
    """Whose hands the days after the due day fell into, in order; together they are all of them.

    `POOL` stands for nobody's, `EARLIER` for steps before this one.
    """
    shares: dict[UUID | str, int] = {}
    reached = due_on
    for turn in held:
        begins, ends = legal_day(turn.first), legal_day(turn.last) if turn.last else today
        if begins > reached:
            shares[EARLIER] = count(reached, begins)
            reached = begins
        if ends > reached:
            whose = turn.holder or POOL
            shares[whose] = shares.get(whose, 0) + count(reached, ends)
            reached = ends
    return [(whose, days) for whose, days in shares.items() if days]
