"""Measuring several things fairly: in turn, in worker processes that are all the same, and as ratios within a round."""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Self

from jianguan.config.bench.report import Figure, Limit

Work = Callable[..., Any]
NOTICE = 0.05  # seconds between giving out work and its common beginning


@dataclass(frozen=True, slots=True)
class Rounds:
    """What several things came to in every round, by name."""

    values: Mapping[str, Sequence[float]]

    def median(self, name: str) -> float:
        return statistics.median(self.values[name])

    def ratio(self, name: str, other: str) -> float:
        """How many times `other` the thing is: the median of the ratios within the rounds."""
        return statistics.median(a / b for a, b in zip(self.values[name], self.values[other], strict=True))

    def figure(self, name: str, unit: str, other: str = "", limit: Limit | None = None) -> Figure:
        """The thing as a figure, compared with another one or (empty) with none."""
        return Figure(name, self.median(name), unit, other, self.ratio(name, other) if other else None, limit)


def in_turn(count: int, things: Mapping[str, Callable[[], float]]) -> Rounds:
    """Measure things `count` times each, one after the other, every second round in the opposite order."""
    values: dict[str, list[float]] = {name: [] for name in things}
    for number in range(count):
        for name in list(things)[:: -1 if number % 2 else 1]:
            values[name].append(things[name]())
    return Rounds(values)


def seconds(work: Callable[[], Any], times: int) -> float:
    """Seconds one call takes, as the median of so many."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def rate(work: Callable[[], Any], times: int) -> float:
    """Calls a second, one after the other."""
    began = time.perf_counter()
    for _ in range(times):
        work()
    return times / (time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class Done:
    """What the workers answered, and the seconds from their common beginning until the last was done."""

    answers: list[Any]
    seconds: float


class Crew:
    """Worker processes on the bench's installation; each has its own connection and does what it is given.

    A class because processes have to be ended. They are started afresh, never forked: the certificate renderer has
    threads of its own.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(size):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def run(self, work: Work, *shares: tuple[Any, ...]) -> Done:
        """Let as many workers as there are shares begin at one instant, each with its own arguments."""
        begin = time.monotonic() + NOTICE
        busy = self._pipes[: len(shares)]
        for pipe, arguments in zip(busy, shares, strict=True):
            pipe.send((work, arguments, begin))
        told = [pipe.recv() for pipe in busy]
        for answer, _ in told:
            if isinstance(answer, BaseException):
                raise answer
        return Done([answer for answer, _ in told], max(ended for _, ended in told) - begin)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(timeout=10)
            process.kill()


def _serve(pipe: Connection) -> None:
    """What a worker does until the bench hangs up."""
    import django

    django.setup()
    while True:
        try:
            work, arguments, begin = pipe.recv()
        except EOFError:
            return
        time.sleep(max(0.0, begin - time.monotonic()))
        try:
            answer = work(*arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, the bench raises it
            answer = RuntimeError(f"{type(error).__name__}: {error}")
        pipe.send((answer, time.monotonic()))


def machine() -> dict[str, Any]:
    """What one has to know of the machine to read absolute figures."""
    import platform

    load = os.getloadavg()
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": [round(one, 2) for one in load],
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as lines:  # noqa: PTH123 - no file of ours
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return "unknown"
