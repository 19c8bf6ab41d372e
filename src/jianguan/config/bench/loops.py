"""One case sent back again and again: what a transition costs in its first loop and in its last.

A loop is the examination's return for review and the three reviews again: four transitions. Rows of a case that were
closed stay, so that what grows with them would show here; the state of SpiffWorkflow holds every loop for ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from uuid6 import uuid7

from jianguan.config.bench import engines
from jianguan.config.bench.applications import AGENT, prepare
from jianguan.config.bench.engines import DECISIONS, Times
from jianguan.config.bench.ground import Ground
from jianguan.config.bench.report import Figure, Limit, Report
from jianguan.config.demonstration import cases
from jianguan.licensing.matters import service as matters
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.commands.service import new_command_id

LOOP = (("examination", "return"), *DECISIONS[1:4])
EDGE = 20  # loops that are the first, and the last
FLAT, FASTER = Limit("at most", 1.2), Limit("at least", 3)
Step = Callable[[str, str], None]


def measure(ground: Ground) -> Report:
    """Loop one case through the real actions, through the engine with its rows, and through SpiffWorkflow."""
    count = ground.size(1_000, 3)
    short = min(count, ground.size(100, 2))
    with clock.standing_at(clock.now() - timedelta(days=1)):
        taken = {
            "real actions": _loops(_actions(ground), count),
            "engine with rows": _loops(_stored(), count),
            "SpiffWorkflow, stored": _loops(_spiff(), short),
        }
    report = Report("loops")
    for name, times in taken.items():
        report.figures += _growth(name, times)
    theirs = sum(taken["SpiffWorkflow, stored"])
    for name in ("real actions", "engine with rows"):
        ours, what = sum(taken[name][:short]), f"{name}, {short} loops of a case"
        transitions = short * len(LOOP)
        other = f"SpiffWorkflow, {transitions / theirs:.0f}/s"
        report.figures.append(Figure(what, transitions / ours, "transitions/s", other, theirs / ours, FASTER))
    report.remarks.append(
        f"A loop has {len(LOOP)} transitions, each a transaction of its own. SpiffWorkflow is looped {short} times only: its "
        "state grows with every loop, and with it the time of the next one."
    )
    return report


def _growth(name: str, times: Sequence[float]) -> list[Figure]:
    """Milliseconds of a transition in the first loops and in the last."""
    edge = min(EDGE, len(times) // 2)
    first, last = (1000 * sum(part) / edge / len(LOOP) for part in (times[:edge], times[-edge:]))
    begun, ended = f"{name}, first {edge} loops", f"{name}, last {edge} of {len(times)} loops"
    limit = FLAT if name == "real actions" else None
    return [Figure(begun, first, "ms"), Figure(ended, last, "ms", begun, last / first, limit)]


def _loops(step: Step, count: int) -> list[float]:
    """Seconds of every loop."""
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        for node, outcome in LOOP:
            step(node, outcome)
        taken.append(time.perf_counter() - began)
    return taken


def _actions(ground: Ground) -> Step:
    """A case at its first examination; everybody acts for themselves."""
    (application,) = prepare(ground.world, 1, clock.now())
    actors = {node: accounts.actor_by_username(username) for node, username, *_ in cases.ROAD}
    words = {node: said for node, _, _, said, *_ in cases.ROAD}
    agent = accounts.actor_by_username(AGENT)
    matters.submit(agent, matters.Submit(new_command_id(), application.case_id, application.revision))

    def step(node: str, outcome: str) -> None:
        item = matters.open_step(application.case_id, node)
        command = matters.FinishStep(new_command_id(), item, outcome, words[node], submission=1)
        matters.finish_step(actors[node], command)

    for node, outcome in DECISIONS[:4]:
        step(node, outcome)
    return step


def _stored() -> Step:
    case_id, times = uuid7(), Times()
    stored = partial(engines.our_step, case_id, engines.begin_ours(case_id), times=times)
    for node, outcome in DECISIONS[:4]:
        stored(node, outcome)
    return stored


def _spiff() -> Step:
    with connection.cursor() as cursor:
        cursor.execute(engines.SPIFF_TABLE)
    case_id: UUID = uuid7()
    with transaction.atomic():
        engines.begin_spiff(case_id, Times())
    step = partial(engines.spiff_step, case_id, times=Times())
    for node, outcome in DECISIONS[:4]:
        step(node, outcome)
    return step
