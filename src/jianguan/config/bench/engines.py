"""The permit process in our engine and in SpiffWorkflow: the same file, the same decisions, the same database.

SpiffWorkflow (LGPL) is the yardstick. It is a development dependency, used here and nowhere in the product.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from lxml import etree
from uuid6 import uuid7

from jianguan.kernel.process import Marking, Net, Node, Transition
from jianguan.licensing.matters import service as matters
from jianguan.licensing.process import service as process
from jianguan.platform import clock

BPMN, OURS = "{http://www.omg.org/spec/BPMN/20100524/MODEL}", "{urn:jianguan:process:1}"
DECISIONS = (
    ("acceptance", "accept"), ("quality_review", "pass"), ("safety_review", "pass"), ("market_review", "pass"),
    ("examination", "agree"), ("approval", "approve"),
)  # fmt: skip
TRANSITIONS = len(DECISIONS) + 1  # the start is one
REGION = "460105"
SPIFF_TABLE = "CREATE TABLE IF NOT EXISTS bench_spiff (id uuid PRIMARY KEY, state text NOT NULL)"


@dataclass(slots=True)
class Times:
    """Where the time of stored transitions went, in seconds."""

    transitions: int = 0
    load: float = 0.0
    compute: float = 0.0
    save: float = 0.0
    _since: float = field(default_factory=time.perf_counter)

    def lap(self, part: str) -> None:
        """Book the time since the last lap."""
        now = time.perf_counter()
        setattr(self, part, getattr(self, part) + now - self._since)
        self._since = now


class _Ports:
    """Nothing is asked of the rules: only the engine is measured."""

    def new_id(self) -> UUID:
        return uuid7()

    def decide(self, _node: Node, _variables: Mapping[str, object]) -> Mapping[str, object]:
        return {}

    serve = decide


def _pack() -> Any:
    return matters.of_version(matters.current("construction_permit", clock.today()))


def ours_in_memory(cases: int) -> int:
    """Drive cases through the kernel alone."""
    net, ports = _pack().net, _Ports()
    for _ in range(cases):
        marking = Marking()
        variables: dict[str, object] = {}
        delta = Transition(net, marking, variables, ports).start()
        for step, outcome in DECISIONS:
            marking, variables = delta.apply(marking), {**variables, **delta.variables}
            item = next(item for item in marking.items if item.node == step)
            delta = Transition(net, marking, variables, ports).complete(item.id, outcome)
    return cases * TRANSITIONS


def ours_stored(cases: int) -> Times:
    """Drive cases whose tokens, items and log are rows, one transaction for each transition."""
    times = Times()
    for _ in range(cases):
        case_id = uuid7()
        times.lap("compute")
        net = begin_ours(case_id)
        times.lap("save")
        for step, outcome in DECISIONS:
            our_step(case_id, net, step, outcome, times)
    times.transitions = cases * TRANSITIONS
    return times


def begin_ours(case_id: UUID) -> Net:
    """Start a process that is kept as rows; returns its net."""
    pack = _pack()
    with transaction.atomic():
        process.start(case_id, pack.definition, pack.net, REGION, {}, _Ports(), _stamp())
    return pack.net


def _stamp() -> process.Stamp:
    return process.Stamp(None, clock.now(), clock.today(), lambda _limit, at: at)


def our_step(case_id: UUID, net: Net, step: str, outcome: str, times: Times) -> None:
    """Finish the open work item at a step, in a transaction of its own."""
    stamp = _stamp()
    with transaction.atomic():
        locked = process.lock(case_id, lambda _definition: net)
        assert locked is not None
        item = next(item for item in locked.marking.items if item.node == step)
        times.lap("load")

        def complete(transition: Transition) -> Any:
            delta = transition.complete(item.id, outcome)
            times.lap("compute")
            return delta

        process.move(locked, complete, _Ports(), stamp, outcome)
    times.lap("save")


@cache
def _spiff() -> tuple[Any, Any, Any]:
    """The process as SpiffWorkflow reads it, and its serialiser, as its documentation shows them."""
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

    parser = BpmnParser()
    parser.add_bpmn_xml(_in_its_dialect(_pack().files["process.bpmn"]))
    key = "construction_permit"
    serialiser = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    return parser.get_spec(key), parser.get_subprocess_specs(key), serialiser


def _in_its_dialect(xml: bytes) -> Any:
    """Rules and services become empty scripts, a service that waits a task, conditions Python: nothing but the flow."""
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    for element in list(root.iter(f"{BPMN}businessRuleTask", f"{BPMN}serviceTask")):
        if element.get(f"{OURS}wait") == "true":
            element.tag = f"{BPMN}userTask"
        else:
            element.tag = f"{BPMN}scriptTask"
            etree.SubElement(element, f"{BPMN}script").text = "pass"
    for element in root.iter(f"{BPMN}conditionExpression"):
        element.text = re.sub(" = ", " == ", element.text or "")
    for element in root.iter(f"{BPMN}timeDuration"):
        element.text = f'"{element.text}"'
    etree.strip_elements(root, f"{BPMN}extensionElements", with_tail=False)
    return root


def _new_workflow() -> Any:
    from SpiffWorkflow.bpmn import BpmnWorkflow

    specification, parts, _ = _spiff()
    workflow = BpmnWorkflow(specification, parts)
    workflow.do_engine_steps()
    return workflow


def _its_step(workflow: Any, step: str, outcome: str) -> None:
    from SpiffWorkflow.util.task import TaskState

    task = next(
        task for task in workflow.get_tasks(state=TaskState.READY, manual=True) if task.task_spec.bpmn_id == step
    )
    task.data[step] = outcome
    task.run()
    workflow.do_engine_steps()
    workflow.refresh_timers()


def spiff_in_memory(cases: int) -> int:
    """Drive cases through SpiffWorkflow, never saved."""
    for _ in range(cases):
        workflow = _new_workflow()
        for step, outcome in DECISIONS:
            _its_step(workflow, step, outcome)
    return cases * TRANSITIONS


def spiff_stored(cases: int) -> Times:
    """Drive cases whose serialised workflow is a row, locked, read and written in one transaction for each transition."""
    times = Times()
    for _ in range(cases):
        case_id = uuid7()
        times.lap("save")
        begin_spiff(case_id, times)
        for step, outcome in DECISIONS:
            spiff_step(case_id, step, outcome, times)
    times.transitions = cases * TRANSITIONS
    return times


def begin_spiff(case_id: UUID, times: Times) -> None:
    """Start a workflow whose serialised state is a row."""
    workflow = _new_workflow()
    times.lap("compute")
    _, _, serialiser = _spiff()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_spiff VALUES (%s, %s)", [case_id, serialiser.serialize_json(workflow)])
    times.lap("save")


def spiff_step(case_id: UUID, step: str, outcome: str, times: Times) -> None:
    """Lock and load the state, finish the task at a step, write the state back."""
    _, _, serialiser = _spiff()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT state FROM bench_spiff WHERE id = %s FOR UPDATE", [case_id])
        workflow = serialiser.deserialize_json(cursor.fetchone()[0])
        times.lap("load")
        _its_step(workflow, step, outcome)
        times.lap("compute")
        state = serialiser.serialize_json(workflow)
        cursor.execute("UPDATE bench_spiff SET state = %s WHERE id = %s", [state, case_id])
    times.lap("save")
