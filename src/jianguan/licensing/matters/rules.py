"""The legal course of a case, decided without the database: status, acceptance, decision, clock.

The same rules move a real case and a scenario of a pack.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from jianguan.kernel.clock import Clock, Limit, Stop, WorkingCalendar, derive_due
from jianguan.kernel.process import Delta, Net, Token
from jianguan.kernel.process import Status as ProcessStatus
from jianguan.licensing.matters.statuses import OF_STAGE, Status

# What a service task of a process may ask for. Effects that decide end the legal clock on that day.
ACCEPT, NOT_ACCEPT, REFUSE, ISSUE_CERTIFICATE = "accept", "not_accept", "refuse", "issue_certificate"
EFFECTS = frozenset({ACCEPT, NOT_ACCEPT, REFUSE, ISSUE_CERTIFICATE})
DECIDING = {REFUSE: Status.REFUSED, NOT_ACCEPT: Status.NOT_ACCEPTED, ISSUE_CERTIFICATE: Status.COMPLETED}


@dataclass(frozen=True, slots=True)
class Course:
    """The legal course of a case so far.

    Attributes:
        status: where it stands.
        accepted_on: the day of acceptance, the anchor of its clock 受理日.
        decided_on: the day of the decision, which ends the clock.
        decision: the status the case will end in, once decided.
        stops: intervals in which the clock stands still.
    """

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
    if effect == ACCEPT and course.accepted_on is None:
        return replace(course, accepted_on=day)
    if effect in DECIDING:
        return replace(course, decided_on=day, decision=DECIDING[effect])
    return course


def _stops(stops: tuple[Stop, ...], delta: Delta, day: date) -> tuple[Stop, ...]:
    ended = tuple(replace(s, last=day) if s.last is None and s.reason in delta.stops_ended else s for s in stops)
    return ended + tuple(Stop(day, None, reason) for reason in delta.stops_begun)


def _status(course: Course, net: Net, tokens: Iterable[Token], delta: Delta) -> Status:
    if delta.status is ProcessStatus.CANCELLED:
        return Status.WITHDRAWN
    if delta.status is ProcessStatus.DONE:
        return course.decision or Status.WITHDRAWN
    stages = [net.nodes[token.node].stage for token in tokens]
    here = [OF_STAGE.get(stage, Status.REVIEW) for stage in stages if stage]
    # A correction asked for beside other work is what everyone waits for.
    return Status.CORRECTION if Status.CORRECTION in here else here[0] if here else course.status


def due_day(course: Course, limit: Limit, calendar: WorkingCalendar) -> date | None:
    """The day a case is due by a limit: none before acceptance, after the decision, or while the clock is stopped."""
    if course.accepted_on is None or course.decided_on is not None:
        return None
    return derive_due(Clock(course.accepted_on, limit, course.stops), calendar).day
