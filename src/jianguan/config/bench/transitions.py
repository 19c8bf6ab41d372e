"""Durable transitions a second: the real actions, the engine with its rows, the engine alone, beside SpiffWorkflow."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from importlib.util import find_spec

from django.db import connection

from jianguan.config.bench import engines
from jianguan.config.bench.applications import STEPS, Application, drive, prepare
from jianguan.config.bench.engines import Times
from jianguan.config.bench.ground import Ground
from jianguan.config.bench.measuring import Rounds, in_turn
from jianguan.config.bench.report import Figure, Report
from jianguan.platform import clock

ACTIONS, ROWS, MEMORY = "real actions", "engine with rows", "engine in memory"
SPIFF_ROWS, SPIFF_MEMORY = "SpiffWorkflow, stored", "SpiffWorkflow in memory"
UNIT = "transitions/s"


def measure(ground: Ground) -> Report:
    """Drive the construction permit from "sent in" to "approved" in every way."""
    rounds = ground.size(5, 1)
    bench = _Bench(ground, rounds)
    taken = in_turn(rounds, bench.things())
    report = Report("transitions", _figures(taken))
    report.figures += _shares(ROWS, bench.times[ROWS])
    if SPIFF_ROWS in bench.times:
        report.figures += _shares(SPIFF_ROWS, bench.times[SPIFF_ROWS])
    report.remarks += _remarks(compared=find_spec("SpiffWorkflow") is not None)
    return report


class _Bench:
    """The things measured; a class because each round takes fresh applications and notes where time went."""

    def __init__(self, ground: Ground, rounds: int) -> None:
        self.ground, self.count = ground, ground.size(12, 1)
        self.times: dict[str, list[Times]] = {}
        self._days = iter(clock.now() - timedelta(days=1 + number) for number in range(2 * rounds + 2))
        self.ground.crew.run(drive, *((work, day) for work, day in [self._fresh(1) for _ in range(2)]))  # warm up

    def things(self) -> dict[str, Callable[[], float]]:
        things: dict[str, Callable[[], float]] = {MEMORY: partial(self._in_memory, engines.ours_in_memory)}
        for workers in (1, 2):
            things[_name(ACTIONS, workers)] = partial(self._actions, workers)
            things[_name(ROWS, workers)] = partial(self._stored, ROWS, engines.ours_stored, workers)
        return things | self._yardstick() if find_spec("SpiffWorkflow") else things

    def _yardstick(self) -> dict[str, Callable[[], float]]:
        with connection.cursor() as cursor:
            cursor.execute(engines.SPIFF_TABLE)
        return {
            SPIFF_MEMORY: partial(self._in_memory, engines.spiff_in_memory),
            **{
                _name(SPIFF_ROWS, workers): partial(self._stored, SPIFF_ROWS, engines.spiff_stored, workers)
                for workers in (1, 2)
            },
        }

    def _fresh(self, count: int) -> tuple[list[Application], datetime]:
        """Applications of a day of their own: a place has 99 permit numbers a day."""
        day = next(self._days)
        return prepare(self.ground.world, count, day), day

    def _actions(self, workers: int) -> float:
        applications, day = self._fresh(self.count * workers)
        done = self.ground.crew.run(drive, *((applications[number::workers], day) for number in range(workers)))
        return len(applications) * STEPS / max(done.answers)

    def _stored(self, name: str, work: Callable[[int], Times], workers: int) -> float:
        done = self.ground.crew.run(work, *[(self.count,)] * workers)
        if workers == 1:
            self.times.setdefault(name, []).extend(done.answers)
        return sum(times.transitions for times in done.answers) / done.seconds

    def _in_memory(self, work: Callable[[int], int]) -> float:
        done = self.ground.crew.run(work, (self.count * 10,))
        return float(done.answers[0] / done.seconds)


def _name(thing: str, workers: int) -> str:
    return f"{thing}, {workers} process{'es' if workers > 1 else ''}"


def _figures(taken: Rounds) -> list[Figure]:
    pairs = {MEMORY: SPIFF_MEMORY}
    for workers in (1, 2):
        spiff = _name(SPIFF_ROWS, workers)
        pairs |= {_name(ROWS, workers): spiff, _name(ACTIONS, workers): spiff}
    compared = SPIFF_MEMORY in taken.values
    return [taken.figure(name, UNIT, pairs.get(name, "") if compared else "") for name in taken.values]


def _shares(name: str, times: list[Times]) -> list[Figure]:
    """Milliseconds of one stored transition, part by part."""
    parts = ("load", "compute", "save")
    spent = {part: statistics.median(getattr(one, part) / one.transitions * 1000 for one in times) for part in parts}
    whole = sum(spent.values())
    return [Figure(f"{name}: {part}", ms, "ms", "the whole transition", ms / whole) for part, ms in spent.items()]


def _remarks(*, compared: bool) -> list[str]:
    what = (
        f"A case has {STEPS} transitions: sent in, accepted, three parallel reviews, examined, approved. Each is one "
        "transaction, with fsync. Real actions include command receipt, permission, form check (at the start), 13 decision "
        "tables (twice), legal clock, work items, log, act and journal entry; the background work is not included."
    )
    same = "“Engine with rows” and “SpiffWorkflow, stored” do the same: lock and load the state, one transition, save, commit."
    missing = "SpiffWorkflow is not installed (it is a development dependency): nothing to compare with."
    return [what, same if compared else missing]
