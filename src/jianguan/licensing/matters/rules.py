"""The legal course of a case, decided without the database: status, acceptance, decision, clock, needed words.

The same rules move a real case and a scenario of a pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jianguan.kernel.clock import Clock, Limit, Stop, WorkingCalendar, derive_due
from jianguan.kernel.messages import Message, message
from jianguan.kernel.process import Delta, Net, Token
from jianguan.kernel.process import Status as ProcessStatus
from jianguan.licensing.matters.pack import MatterLimit, Outcome
from jianguan.licensing.matters.statuses import OF_STAGE, Status

# What service tasks of a process ask for. Every effect but acceptance is a decision, and ends the legal clock that day.
ACCEPT, NOT_ACCEPT, REFUSE = "accept", "not_accept", "refuse"
AGAINST = {REFUSE: Status.REFUSED, NOT_ACCEPT: Status.NOT_ACCEPTED}

WITHDRAW = "withdraw"  # the outcome of the applicant's own act that ends a case
CORRECTION = "correction"  # the reason for which the clock stands still while the applicant corrects
ITEM_LIMIT = 50  # of a correction notice
TEXT_LIMIT = 2000  # of an opinion


@dataclass(frozen=True, slots=True)
class Course:
    """The legal course of a case so far.

    Attributes:
        status: where it stands.
        received_on: the day the application was received 收件日.
        accepted_on: the day of acceptance 受理日.
        decided_on: the day of the decision, which ends the clock.
        decision: the status the case will end in, once decided.
        stops: intervals in which the clock stands still.
    """

    received_on: date
    status: Status = Status.ACCEPTANCE
    accepted_on: date | None = None
    decided_on: date | None = None
    decision: Status | None = None
    stops: tuple[Stop, ...] = ()


def follow(course: Course, net: Net, tokens: Iterable[Token], delta: Delta, day: date) -> Course:
    """The course after a transition; `tokens` are those that live after it."""
    for effect in delta.effects:
        course = _apply(course, effect.code, day)
    course = replace(course, stops=_stops(course.stops, delta, day))
    return replace(course, status=_status(course, net, tokens, delta))


def _apply(course: Course, effect: str, day: date) -> Course:
    if effect == ACCEPT:
        return course if course.accepted_on else replace(course, accepted_on=day)
    if course.decided_on is not None:
        return course
    return replace(course, decided_on=day, decision=AGAINST.get(effect, Status.COMPLETED))


def _stops(stops: tuple[Stop, ...], delta: Delta, day: date) -> tuple[Stop, ...]:
    ended = tuple(replace(s, last=day) if s.last is None and s.reason in delta.stops_ended else s for s in stops)
    return ended + tuple(Stop(day, None, reason) for reason in delta.stops_begun)


def _status(course: Course, net: Net, tokens: Iterable[Token], delta: Delta) -> Status:
    if delta.status is ProcessStatus.CANCELLED:
        return Status.WITHDRAWN
    if delta.status is ProcessStatus.DONE:
        return course.decision or Status.WITHDRAWN
    nodes = [net.nodes[token.node] for token in tokens]
    if any(node.stops == CORRECTION for node in nodes):
        return Status.CORRECTION
    stages = [node.stage for node in nodes if node.stage]
    return OF_STAGE.get(stages[0], Status.REVIEW) if stages else course.status


def running_clock(course: Course, anchor: str, limit: Limit) -> Clock | None:
    """The legal clock of a case for a limit, or None: it has not begun, or the decision ended it.

    `anchor` says what it runs from: receipt of the application, or its acceptance.
    """
    begun_on = course.received_on if anchor == "receipt" else course.accepted_on
    if begun_on is None or course.decided_on is not None:
        return None
    return Clock(begun_on, limit, course.stops)


def due_day(course: Course, anchor: str, limit: MatterLimit | None, calendar: WorkingCalendar) -> date | None:
    """The day a case is due by a limit: none before its clock began, after the decision, or while it is stopped."""
    clock = running_clock(course, anchor, limit.limit) if limit else None
    return derive_due(clock, calendar).day if clock else None


def missing_words(outcome: Outcome, opinion: str, clause: str, items: Sequence[str]) -> dict[str, Message]:
    """Sentences for what an outcome needs and did not get, by input name."""
    wrong: dict[str, Message] = {}
    if outcome.needs in ("opinion", "clause") and not opinion.strip():
        wrong["opinion"] = message("Write the reason.")
    if outcome.needs == "clause" and not clause.strip():
        wrong["clause"] = message("Name the clause the refusal rests on.")
    if outcome.needs == "items" and not any(text.strip() for text in items):
        wrong["items"] = message("Name everything that is to be corrected, an item each.")
    if len(opinion) > TEXT_LIMIT or any(len(text) > TEXT_LIMIT for text in items):
        wrong["opinion"] = message("At most %(count)s characters.", count=TEXT_LIMIT)
    if len(items) > ITEM_LIMIT:
        wrong["items"] = message("At most %(count)s items.", count=ITEM_LIMIT)
    return wrong
