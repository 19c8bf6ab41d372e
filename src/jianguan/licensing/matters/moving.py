"""One move of a case: its process, its legal course, and the rows that repeat both.

Every act of this room ends here. The order is fixed: the process moves and asks its rules, the course is judged, rows
are written, effects follow in the order of the process. All of it is one transaction, opened by the action.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from jianguan.kernel.clock import Clock, Limit, Stop, derive_due
from jianguan.kernel.messages import message
from jianguan.kernel.process import ActRefusedError, Delta, Effect, Net, Node, Transition
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.service import Certificate
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import packs, promising
from jianguan.licensing.matters.models import Case, ClockStop, Submission
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.reading import rule_tables
from jianguan.licensing.matters.rules import Course, due_day, follow
from jianguan.licensing.matters.statuses import ENDED, Status
from jianguan.licensing.process import service as process
from jianguan.licensing.rules import service as rules
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.errors import NotFound, Stale
from jianguan.platform.workdays import service as workdays
from jianguan.registry.projects import service as projects

Operation = Callable[[Transition], Delta]


@dataclass(slots=True)
class Happening:
    """What effects of one move may use and add to.

    Attributes:
        record: the form as submitted, with what is derived of it.
        certificate: what the case is about, where it is about a certificate.
        notes: what effects of this move tell each other and the journal, such as numbers they issued.
    """

    case: Case
    pack: Pack
    record: Mapping[str, Any]
    certificate: Certificate | None
    variables: Mapping[str, object]
    actor_id: UUID | None
    at: datetime
    batch: UUID | None = None
    notes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move came to."""

    delta: Delta
    course: Course
    notes: Mapping[str, Any]


class _Making:
    """A move being made: the case and its pack, who moves it and when, and what the process asks for while it moves.

    A class because most moves ask nothing: the application is read only for rules and effects.
    """

    def __init__(self, case: Case, actor_id: UUID | None, answers: Mapping[str, Any] | None = None) -> None:
        self.case, self.actor_id, self.answers = case, actor_id, answers
        self.pack, self.at = packs.of_version(case.pack), clock.now()
        self.asked: list[tuple[str, list[rules.Asked]]] = []

    @functools.cached_property
    def application(self) -> rules.Application:
        if self.answers is not None:
            return application_of(self.case, self.answers)
        submission = Submission.objects.filter(case=self.case).order_by("-version").first()
        record = forms.open_record(self.pack.form, submission.record) if submission else {}
        return application_of(self.case, record)

    def net_of(self, definition: str) -> Net:
        assert definition == self.pack.definition, "a case is read after its process was locked"
        return self.pack.net

    def new_id(self) -> UUID:
        return uuid7()

    def decide(self, node: Node, variables: Mapping[str, object]) -> Mapping[str, object]:
        asked = rules.ask(rule_tables(self.pack, node.id), self.application, variables)
        if promise := promising.promise_of(self.case, self.pack):
            asked = rules.by_promise(asked, promise.checks)
        self.asked.append((node.id, asked))
        return rules.outputs_of(asked)

    def serve(self, _node: Node, _variables: Mapping[str, object]) -> Mapping[str, object]:
        return {}  # effects follow after the move


def begin(case: Case, actor_id: UUID | None, answers: Mapping[str, Any]) -> Moved:
    """Start the process of a case that was just submitted with these answers."""
    making = _Making(case, actor_id, answers)
    pack = making.pack
    stamp = process.Stamp(actor_id, making.at, None, _timer_due_at)
    delta = process.start(case.id, pack.definition, pack.net, case.region, {}, making, stamp)
    before = Course(clock.legal_day(making.at))
    course = follow(before, pack.net, delta.tokens_added, delta, before.received_on)
    return _settle(making, before, course, delta, delta.variables)


def move(
    case: Case, operation: Operation, actor_id: UUID | None, outcome: str | None = None, batch: UUID | None = None
) -> Moved:
    """Carry out one operation on the process of a case that the caller holds (`process.hold`) and read after that.

    A certificate that follows is sealed with `batch`, where one is given.

    Raises:
        Stale: the act does not fit any more, because someone was faster.
    """
    making, before = _Making(case, actor_id), course_of(case)
    locked = process.lock(case.id, making.net_of)
    if locked is None:
        raise NotFound
    try:
        stamp = process.Stamp(actor_id, making.at, case.due_on, _timer_due_at)
        delta = process.move(locked, operation, making, stamp, outcome)
    except ActRefusedError as error:
        raise Stale(already_done()) from error
    tokens = delta.apply(locked.marking).tokens
    course = follow(before, locked.net, tokens, delta, clock.legal_day(making.at))
    return _settle(making, before, course, delta, {**locked.variables, **delta.variables}, batch)


def already_done() -> Any:
    """The sentence for an act on a step that is no longer open."""
    return message("This step was already finished, by you in another window or by a colleague. Nothing was changed.")


def course_of(case: Case) -> Course:
    """The legal course of a case as its rows tell it."""
    stops = tuple(
        Stop(first, last, reason)
        for first, last, reason in case.stops.order_by("id").values_list("first_day", "last_day", "reason")
    )
    assert case.submitted_at is not None
    received_on = clock.legal_day(case.submitted_at)
    decision = Status(case.decision) if case.decision else None
    return Course(received_on, Status(case.status), case.accepted_on, case.decided_on, decision, stops)


def application_of(case: Case, record: Mapping[str, Any]) -> rules.Application:
    """What facts about a case are worked out from today."""
    project = projects.by_id(case.project_id) if case.project_id else None
    held = certificates.by_id(case.certificate_id) if case.certificate_id else None

    @functools.cache
    def applicant() -> str:
        return accounts.organisation(case.applicant_id).uscc or ""

    received = clock.legal_day(case.submitted_at) if case.submitted_at else None
    derive = packs.of_version(case.pack).matter.derive
    return rules.Application(record, project, clock.today(), applicant, held, case.id, received, derive)


def _settle(
    making: _Making,
    before: Course,
    course: Course,
    delta: Delta,
    variables: Mapping[str, object],
    batch: UUID | None = None,
) -> Moved:
    """Write what a move came to, then let its effects follow."""
    case = making.case
    for node, answers in making.asked:
        rules.keep(answers, rules.Occasion(case.id, node, making.at))
    _write_stops(case, before, course)
    _write_case(making, course)
    notes: dict[str, Any] = {}
    if delta.effects:
        application = making.application
        record = application.with_derived()
        happening = Happening(
            case, making.pack, record, application.held, variables, making.actor_id, making.at, batch, notes
        )
        for effect in delta.effects:
            _carry_out(effect, happening)
    return Moved(delta, course, notes)


def _carry_out(effect: Effect, happening: Happening) -> None:
    from jianguan.licensing.matters.effects import EFFECTS

    EFFECTS[effect.code].carry_out(happening, effect)


def _write_stops(case: Case, before: Course, course: Course) -> None:
    known = len(before.stops)
    for old, new in zip(before.stops, course.stops[:known], strict=True):
        if old.last is None and new.last is not None:
            ClockStop.objects.filter(case=case, reason=old.reason, last_day=None).update(last_day=new.last)
    ClockStop.objects.bulk_create(
        [
            ClockStop(case=case, reason=stop.reason, first_day=stop.first, last_day=stop.last)
            for stop in course.stops[known:]
        ]
    )


def _write_case(making: _Making, course: Course) -> None:
    case, matter, calendar = making.case, making.pack.matter, workdays.calendar()
    due_on = due_day(course, matter.clock, promising.limit_of(case, making.pack), calendar)
    changes: dict[str, Any] = {
        "status": course.status,
        "accepted_on": course.accepted_on,
        "decided_on": course.decided_on,
        "decision": course.decision or "",
        "due_on": due_on,
        "statutory_due_on": due_day(course, matter.clock, matter.statutory, calendar),
    }
    if course.status in ENDED:
        changes["ended_at"] = making.at
    if making.asked:
        results = [one.result for one in making.asked[-1][1]]
        changes |= {"checks_failed": results.count(rules.FAILED), "checks_hinted": results.count(rules.HINT)}
    if due_on != case.due_on:
        process.set_due([case.id], due_on)
    Case.objects.filter(pk=case.pk).update(**changes)
    for name, value in changes.items():
        setattr(case, name, value)


def _timer_due_at(limit: Limit, at: datetime) -> datetime:
    """When a limit that begins at an instant has run out: at the end of its last day."""
    due = derive_due(Clock(clock.legal_day(at), limit), workdays.calendar()).day
    assert due is not None
    return datetime.combine(due + timedelta(days=1), time(), clock.LEGAL_ZONE)
