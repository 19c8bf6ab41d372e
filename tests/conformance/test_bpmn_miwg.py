"""The reference models of the BPMN Model Interchange Working Group: each is run to an end, or refused by element name.

They are drawings for exchange, not for execution: most show what version 1 leaves out on purpose (messages, signals, data).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from pathlib import Path
from random import Random

import pytest

from jianguan.kernel.expressions import Condition
from jianguan.kernel.process import (
    ItemState,
    Marking,
    Net,
    NetError,
    Node,
    Problem,
    Severity,
    Status,
    Transition,
    explore,
    lint,
    read_net,
)

pytestmark = pytest.mark.conformance

READ = {"A.1.0", "A.2.0"}
"""The models made of version 1 only."""

REFUSED = {
    "A.2.1": "task",
    "A.3.0": "escalationEventDefinition messageEventDefinition",
    "A.4.0": "messageFlow process",
    "A.4.1": "messageFlow process",
    "B.1.0": "dataInputAssociation dataOutputAssociation globalTask ioSpecification messageEventDefinition messageFlow process timerEventDefinition",
    "B.2.0": "conditionalEventDefinition dataInputAssociation errorEventDefinition escalationEventDefinition eventBasedGateway globalUserTask inclusiveGateway intermediateThrowEvent ioSpecification linkEventDefinition messageEventDefinition messageFlow multiInstanceLoopCharacteristics process receiveTask sendTask signalEventDefinition standardLoopCharacteristics timeDate timerEventDefinition",
    "C.1.0": "conditionExpression eventBasedGateway messageEventDefinition messageFlow potentialOwner process",
    "C.1.1": "conditionExpression dataOutputAssociation ioSpecification potentialOwner",
    "C.2.0": "errorEventDefinition intermediateThrowEvent messageEventDefinition messageFlow process",
    "C.3.0": "conditionExpression messageEventDefinition potentialOwner timeDuration userTask",
    "C.4.0": "dataInputAssociation dataOutput dataOutputAssociation intermediateThrowEvent ioSpecification messageEventDefinition outputSet process signalEventDefinition standardLoopCharacteristics",
    "C.5.0": "dataInputAssociation dataOutputAssociation ioSpecification process signalEventDefinition",
    "C.6.0": "compensateEventDefinition errorEventDefinition eventBasedGateway intermediateThrowEvent ioSpecification messageEventDefinition sendTask serviceTask subProcess timeDate",
    "C.7.0": "dataInputAssociation dataOutputAssociation ioSpecification multiInstanceLoopCharacteristics performer",
    "C.8.0": "conditionExpression dataInputAssociation dataOutputAssociation errorEventDefinition ioSpecification sendTask",
    "C.8.1": "conditionExpression dataInput dataInputAssociation dataOutputAssociation errorEventDefinition inputSet ioSpecification potentialOwner sendTask",
    "C.9.0": "conditionExpression errorEventDefinition messageEventDefinition sendTask subProcess",
    "C.9.1": "receiveTask sendTask timeCycle",
    "C.9.2": "conditionExpression errorEventDefinition messageEventDefinition multiInstanceLoopCharacteristics sendTask subProcess timerEventDefinition",
}
"""Model → the elements it is refused for."""


class Anyhow:
    """Ports and a judge for models without data: one way out of each choice is taken, whichever."""

    def __init__(self, seed: int) -> None:
        self._ids = count()
        self._chance = Random(seed)
        self._asked = 0

    def new_id(self) -> str:
        return str(next(self._ids))

    def decide(self, _node: Node, _variables: Mapping[str, object]) -> Mapping[str, object]:
        return {}

    serve = decide

    def judge(self, node: Node, _condition: Condition | None, _variables: Mapping[str, object]) -> bool:
        self._asked += 1
        taken = self._chance.random() < 0.5 or self._asked == len(node.outgoing)
        self._asked = 0 if taken else self._asked
        return taken


def models(conformance: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted((conformance / "bpmn-miwg" / "Reference").glob("*.bpmn"))}


def run_to_the_end(net: Net, seed: int) -> str | None:
    anyhow = Anyhow(seed)
    delta = Transition(net, Marking(), {}, anyhow, anyhow.judge).start()
    marking = delta.apply(Marking())
    while delta.status is Status.ACTIVE:
        item = next(item for item in marking.items if item.state is ItemState.OPEN)
        delta = Transition(net, marking, {}, anyhow, anyhow.judge).complete(item.id)
        marking = delta.apply(marking)
    assert marking == Marking()
    return delta.end


def problems(data: bytes) -> tuple[Problem, ...]:
    try:
        read_net(data)
    except NetError as error:
        return error.problems
    return ()


def show(line: str) -> None:
    print(line)  # noqa: T201 - which models are refused, and why, is the result of this check


def test_each_model_is_read_or_refused_by_the_names_of_its_elements(conformance: Path) -> None:
    found = {name: problems(data) for name, data in models(conformance).items()}
    refused = {name: " ".join(sorted({problem.element for problem in said})) for name, said in found.items() if said}
    for name in found:
        show(f"{name}: refused for {refused[name]}" if name in refused else f"{name}: read")
    show(f"{len(found) - len(refused)} read, {len(refused)} refused by name")
    assert refused == REFUSED
    assert found.keys() - refused.keys() == READ
    assert all(problem.id and problem.line for said in found.values() for problem in said)


def test_what_is_read_runs_to_an_end_in_every_way(conformance: Path) -> None:
    for name in sorted(READ):
        net = read_net(models(conformance)[name])
        found = explore(net)
        assert found.sound, [str(finding) for finding in found.findings]
        assert {run_to_the_end(net, seed) for seed in range(20)} == found.ends
        show(f"{name}: {found.states} states, sound")


def test_what_is_read_still_lacks_what_a_publication_needs(conformance: Path) -> None:
    for name in READ:
        net = read_net(models(conformance)[name])
        said = {str(problem.message) for problem in lint(net, {}) if problem.severity is Severity.ERROR}
        assert any("needs a role" in sentence for sentence in said)
