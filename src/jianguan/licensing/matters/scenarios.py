"""Scenarios: the test cases a pack brings along (`tests/*.yaml`), run in memory by the rules that run real cases.

    given.yaml                     what all scenarios start from
        form: {…}                  answers laid over a sample record; rows of a group over sample rows
        facts: {…}                 what the libraries would say

    accepted.yaml
        - name: accepted and issued
          day: 2026-04-15          # of the application
          form: {…}                # further answers
          facts: {…}
          acts:
            - {day: 2026-04-15, at: acceptance, by: clerk, outcome: accept, then: {status: review, due: 2026-04-20}}
            - {day: 2026-04-16, at: approval, by: clerk, outcome: approve, refused: separation}
            - {day: 2026-05-16, timer: correction_over}
            - {day: 2026-04-17, signal: issue_certificate}
          expect:
            status: completed
            end: issued
            path: [acceptance, …]   # steps finished, in order
            effects: [accept, …]
            checks: {land: passed}  # of the last asking
            derived: {area: "120"}  # values derived of the answers

`then` may name status, due, statutory_due (a day or null), stopped (a reason or null), open (steps) and roles (of the open
steps); `expect` may name asked (rule tasks, in order) besides. `promise: [conditions]` applies by promise, naming every
condition of the pack; then `expect` may name demanded (documents still to be uploaded), by_promise (checks that are remarks
only because of it) and check_due (the day of the later check). A timer acts from the day after its last day on.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import PurePath
from typing import Any

import yaml

from jianguan.kernel.clock import Clock, WorkingCalendar, derive_due
from jianguan.kernel.messages import Message, message
from jianguan.kernel.process import Delta, Item, Marking, Node, Timer, Transition, TransitionError
from jianguan.kernel.tables import EvaluationError
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters.pack import MatterLimit, Pack
from jianguan.licensing.matters.reading import PackError, Problem, rule_tables
from jianguan.licensing.matters.rules import Course, due_day, follow
from jianguan.licensing.matters.statuses import Status
from jianguan.licensing.promises import service as promises
from jianguan.licensing.rules import service as rules

GIVEN = "tests/given.yaml"
_DEPTH = len(PurePath(GIVEN).parts)


class _FailedError(Exception):
    """A scenario that did not go as its author says."""

    def __init__(self, says: Message) -> None:
        super().__init__(str(says))
        self.says = says


@dataclass(frozen=True, slots=True)
class Miss:
    """An expectation that did not hold: its place in the scenario (`("acts", 0, "then", "due")`), and what was found."""

    place: tuple[str | int, ...]
    found: Any
    wanted: Any
    says: Message


@dataclass(frozen=True, slots=True)
class Played:
    """How a scenario went.

    Attributes:
        file, number: where it stands, counted from 0.
        misses: expectations that did not hold; failure: why it went no further, or the first of the misses.
        path: the steps finished, in order.
    """

    file: str
    number: int
    name: str
    path: tuple[str, ...] = ()
    misses: tuple[Miss, ...] = ()
    failure: Message | None = None


def run_all(pack: Pack, calendar: WorkingCalendar) -> list[Problem]:
    """Run every scenario of a pack; returns what did not go as expected."""
    return list(failures(pack, calendar))


def failures(pack: Pack, calendar: WorkingCalendar) -> Iterator[Problem]:
    """Run scenarios one by one; yields what did not go as expected."""
    there = False
    try:
        for one in play(pack, calendar):
            there = True
            if one.failure:
                yield Problem(one.file, None, message("Scenario “%(name)s”: %(why)s", name=one.name, why=one.failure))
    except PackError as error:
        yield from error.problems
        return
    if not there:
        yield Problem("tests", None, message("The pack has no scenarios."))


def play(pack: Pack, calendar: WorkingCalendar) -> Iterator[Played]:
    """Run scenarios one by one and tell how each went.

    Raises:
        PackError: a file of scenarios cannot be read.
    """
    given, files = _given(pack), list(_files(pack))
    for name, document in files:
        for number, scenario in enumerate(document):
            yield _played(pack, calendar, given, scenario, Played(name, number, str(scenario.get("name", "?"))))


def _played(
    pack: Pack, calendar: WorkingCalendar, given: Mapping[str, Any], scenario: Mapping[str, Any], before: Played
) -> Played:
    """How one scenario went; what follows a miss is played nevertheless, but the miss is what is told."""
    failure, run = None, None
    try:
        run = _Run(pack, calendar, given, scenario)
        run.run()
    except _FailedError as failed:
        failure = failed.says
    except KeyError as error:
        failure = message("%(name)s is missing.", name=str(error))
    if run is None:
        return replace(before, failure=failure)
    first = run.misses[0].says if run.misses else failure
    return replace(before, path=tuple(run.state.path), misses=tuple(run.misses), failure=first)


def count(pack: Pack) -> int:
    """How many scenarios a pack brings.

    Raises:
        PackError: a file of scenarios cannot be read.
    """
    return sum(len(document) for _, document in _files(pack))


def _given(pack: Pack) -> Mapping[str, Any]:
    given = _read(pack, GIVEN) or {} if GIVEN in pack.files else {}
    if not isinstance(given, dict):
        raise PackError([Problem(GIVEN, None, message("Answers (form) and facts are expected by name."))])
    return given


def _files(pack: Pack) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for name in sorted(pack.files):
        path = PurePath(name)
        if path.parts[0] == "tests" and name != GIVEN:
            document = _read(pack, name) if len(path.parts) == _DEPTH and path.suffix == ".yaml" else None
            if not document:
                raise PackError([Problem(name, None, message("There are no scenarios in this file."))])
            if not isinstance(document, list) or not all(map(_is_scenario, document)):
                says = message("A list of scenarios is expected; each, and each of its acts, has a day.")
                raise PackError([Problem(name, None, says)])
            yield name, document


def _is_scenario(found: Any) -> bool:
    if not isinstance(found, dict) or not isinstance(found.get("acts", []), list):
        return False
    parts = [found, *found.get("acts", [])]
    return all(
        isinstance(part, dict)
        and isinstance(part.get("day"), date)
        and all(isinstance(part.get(key, {}), dict) for key in ("form", "facts", "then", "expect"))
        for part in parts
    )


def _read(pack: Pack, name: str) -> Any:
    try:
        return yaml.safe_load(pack.files[name])
    except (yaml.YAMLError, ValueError) as error:
        raise PackError([Problem(name, None, message("This is not YAML."))]) from error


class _Ports:
    """Ids that count up, tables that are asked with the scenario's facts."""

    def __init__(self, pack: Pack, facts: Mapping[str, object], record: Mapping[str, Any], day: date) -> None:
        self.pack, self.facts = pack, facts
        self.application = rules.Application(record, None, day, received=day, derive=pack.matter.derive)
        self.ids = itertools.count(1)
        self.asked: list[rules.Asked] = []
        self.tasks: list[str] = []
        self.promised: frozenset[str] = frozenset()
        self.spared: list[str] = []  # checks of the last asking that are remarks by promise

    def new_id(self) -> str:
        return f"{next(self.ids):06d}"

    def decide(self, node: Node, variables: Mapping[str, object]) -> Mapping[str, object]:
        tables, known = rule_tables(self.pack, node.id), {**variables, **self.facts}
        asked = {column.key for table in tables for column in table.inputs} & rules.declared().keys()
        if missing := asked - known.keys():  # a scenario asks no library
            raise _FailedError(message("facts does not say %(names)s.", names=", ".join(sorted(missing))))
        self.tasks.append(node.id)
        found = rules.ask(tables, self.application, known)
        self.asked = rules.by_promise(found, self.promised)
        self.spared = sorted(one.table.key for one in found if one not in self.asked)
        return rules.outputs_of(self.asked)

    def serve(self, _node: Node, _variables: Mapping[str, object]) -> Mapping[str, object]:
        return {}


@dataclass(slots=True)
class _State:
    """How far a scenario is."""

    course: Course
    marking: Marking = field(default_factory=Marking)
    variables: dict[str, object] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    actors: dict[str, set[str]] = field(default_factory=dict)
    armed: dict[object, date] = field(default_factory=dict)
    end: str | None = None


class _Run:
    """One scenario being played; a class because every act changes the state the next one starts from."""

    def __init__(
        self, pack: Pack, calendar: WorkingCalendar, given: Mapping[str, Any], scenario: Mapping[str, Any]
    ) -> None:
        self.pack, self.calendar, self.scenario = pack, calendar, scenario
        self.record = forms.sample(
            pack.form, answers=_whole(pack, {**given.get("form", {}), **scenario.get("form", {})})
        )
        facts = {**given.get("facts", {}), **scenario.get("facts", {})}
        self.ports = _Ports(pack, {key: _exact(value) for key, value in facts.items()}, self.record, scenario["day"])
        self.state = _State(Course(scenario["day"]))
        self.misses: list[Miss] = []

    def run(self) -> None:
        wrong = forms.errors(self.pack.form, self.record)
        if wrong:
            name, problem = next(iter(wrong.items()))
            raise _FailedError(message("the form is not valid: %(name)s: %(why)s", name=name, why=problem.says))
        self._promise()
        self._move(lambda transition: transition.start(), self.scenario["day"])
        for number, act in enumerate(self.scenario.get("acts", [])):
            self._act(act, number)
        self._expect_end(self.scenario.get("expect", {}))

    def _promise(self) -> None:
        """Apply by promise, where the scenario does: for all conditions of the pack, or for none."""
        if "promise" not in self.scenario:
            return
        terms = self.pack.matter.promise
        there = sorted(item.key for item in terms.items) if terms else []
        if terms is None or sorted(self.scenario["promise"]) != there:
            raise _FailedError(message("what may be promised is %(names)s.", names=", ".join(there) or "—"))
        self.ports.promised = terms.checks

    def _act(self, act: Mapping[str, Any], number: int) -> None:
        refused = act.get("refused")
        before = copy.copy(self.state)
        try:
            self._play(act)
        except _FailedError as failure:
            if not refused:
                raise
            self.state = before
            if refused is not True and refused not in str(failure.says):
                raise _FailedError(
                    message("%(act)s was refused for another reason: %(why)s", act=_named(act), why=failure.says)
                ) from failure
            return
        if refused:
            raise _FailedError(message("%(act)s should have been refused.", act=_named(act)))
        self._expect(act.get("then", {}), act, number)

    def _play(self, act: Mapping[str, Any]) -> None:
        day = act["day"]
        if "signal" in act:
            token = next((t for t in self.state.marking.tokens if t.node == act["signal"]), None)
            self._demand(token is not None, act)
            assert token is not None
            self._move(lambda transition: transition.signal(token.id), day)
        elif "timer" in act:
            timer = next((t for t in self.state.marking.timers if t.node == act["timer"]), None)
            self._demand(timer is not None, act)
            assert timer is not None
            self._run_out(timer, day)
            self._move(lambda transition: transition.fire(timer.id), day)
        elif act.get("withdraw"):
            self._move(lambda transition: transition.cancel("withdrawn"), day)
        else:
            self._finish(act, day)

    def _finish(self, act: Mapping[str, Any], day: date) -> None:
        item = next((i for i in self.state.marking.items if i.node == act["at"] and i.state == "open"), None)
        self._demand(item is not None, act)
        assert item is not None
        self._separate(item, act.get("by", item.role))
        if "form" in act:
            self.record.update(_whole(self.pack, act["form"]))
        self._move(lambda transition: transition.complete(item.id, act["outcome"]), day)
        self.state.path.append(act["at"])
        self.state.actors.setdefault(act["at"], set()).add(act.get("by", item.role))

    def _run_out(self, timer: Timer, day: date) -> None:
        last = derive_due(Clock(self.state.armed[timer.id], timer.limit), self.calendar).day
        if last is not None and day <= last:
            raise _FailedError(message("the time runs until %(day)s.", day=last))

    def _separate(self, item: Item, actor: str) -> None:
        others = set().union(*(self.state.actors.get(node, set()) for node in self.pack.net.separated(item.node)))
        if actor in others:
            raise _FailedError(message("separation: %(actor)s handled an earlier step.", actor=actor))

    def _demand(self, there: bool, act: Mapping[str, Any]) -> None:
        if not there:
            here = ", ".join(sorted({t.node for t in self.state.marking.tokens})) or "—"
            raise _FailedError(
                message("%(act)s is not possible here; the case stands at %(here)s.", act=_named(act), here=here)
            )

    def _move(self, operation: Callable[[Transition], Delta], day: date) -> None:
        state, self.ports.application = self.state, replace(self.ports.application, day=day)
        try:
            delta = operation(Transition(self.pack.net, state.marking, state.variables, self.ports))
        except (TransitionError, EvaluationError) as error:
            raise _FailedError(error.message) from error
        marking = delta.apply(state.marking)
        course = follow(state.course, self.pack.net, marking.tokens, delta, day)
        self.state = _State(
            course, marking, {**state.variables, **delta.variables}, state.path,
            [*state.effects, *(effect.code for effect in delta.effects)], state.actors,
            state.armed | {timer.id: day for timer in delta.timers_armed}, delta.end or state.end,
        )  # fmt: skip

    # ------------------------------------------------------------------ expectations

    def _expect(self, then: Mapping[str, Any], act: Mapping[str, Any], number: int) -> None:
        for name, wanted in then.items():
            found = self._standing(name)
            if found != wanted:
                says = message(
                    "after %(act)s, %(name)s is %(found)s, not %(wanted)s.",
                    act=_named(act),
                    name=name,
                    found=found,
                    wanted=wanted,
                )
                self.misses.append(Miss(("acts", number, "then", name), found, wanted, says))

    def _expect_end(self, expected: Mapping[str, Any]) -> None:
        for name, wanted in expected.items():
            found = self._standing(name)
            if name in ("checks", "derived"):
                found = {key: found.get(key) for key in wanted}
            if found != wanted:
                says = message(
                    "at the end, %(name)s is %(found)s, not %(wanted)s.", name=name, found=found, wanted=wanted
                )
                self.misses.append(Miss(("expect", name), found, wanted, says))

    def _standing(self, name: str) -> Any:
        if name not in _STANDING:
            raise _FailedError(message("“%(name)s” cannot be expected.", name=name))
        return _STANDING[name](self)

    @property
    def by_promise(self) -> bool:
        return "promise" in self.scenario

    def demanded(self) -> list[str]:
        """Documents the applicant has to upload."""
        terms = self.pack.matter.promise
        waived = terms.materials if terms and self.by_promise else frozenset()
        asked = (m for m in self.pack.matter.materials if m.source == "upload" and m.applies(self.record))
        return sorted(material.key for material in asked if material.required and material.key not in waived)

    def check_due(self) -> date | None:
        """The day by which a promise is to be checked; none without one, and before a decision in favour."""
        terms, course = self.pack.matter.promise, self.state.course
        if terms is None or not self.by_promise or course.decided_on is None or course.decision != Status.COMPLETED:
            return None
        return promises.last_day(course.decided_on, terms.within, self.calendar)

    def derived(self) -> Mapping[str, Any]:
        """What is derived of the answers now, written as answers are."""
        record = replace(self.ports.application, record=self.record).with_derived()
        return {name: record[name] for name in self.pack.matter.derive}

    def _due(self, limit: MatterLimit | None) -> date | None:
        return due_day(self.state.course, self.pack.matter.clock, limit, self.calendar)


_STANDING: Mapping[str, Callable[[_Run], Any]] = {
    "status": lambda run: str(run.state.course.status),
    "due": lambda run: run._due(run.pack.matter.promised_to(by_promise=run.by_promise)),  # noqa: SLF001 - same module
    "statutory_due": lambda run: run._due(run.pack.matter.statutory),  # noqa: SLF001
    "stopped": lambda run: next((stop.reason for stop in run.state.course.stops if stop.last is None), None),
    "open": lambda run: sorted(item.node for item in run.state.marking.items if item.state == "open"),
    "roles": lambda run: sorted(item.role for item in run.state.marking.items if item.state == "open"),
    "asked": lambda run: run.ports.tasks,
    "demanded": lambda run: run.demanded(),
    "by_promise": lambda run: run.ports.spared,
    "check_due": lambda run: run.check_due(),
    "checks": lambda run: {asked.table.key: asked.result for asked in run.ports.asked},
    "derived": lambda run: run.derived(),
    "path": lambda run: run.state.path,
    "effects": lambda run: run.state.effects,
    "end": lambda run: run.state.end,
}


def _whole(pack: Pack, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers with whole rows; a scenario says of a row only what matters."""
    groups = {field.key for field in pack.form.fields if field.columns}
    return {
        key: [forms.sample_row(pack.form, key, row) for row in answer] if answer and key in groups else answer
        for key, answer in answers.items()
    }


def _exact(value: Any) -> object:
    """YAML numbers as the tables want them."""
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _named(act: Mapping[str, Any]) -> str:
    keys: Sequence[str] = ("at", "outcome", "signal", "timer")
    return " ".join(str(act[key]) for key in keys if key in act) or "withdraw"
