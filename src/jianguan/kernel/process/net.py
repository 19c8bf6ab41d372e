"""The process of a matter 办理流程 as an immutable net of nodes and flows, made from BPMN by `reading`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from jianguan.kernel.clock import Limit
from jianguan.kernel.expressions import Condition


class Kind(StrEnum):
    """What a node is: the BPMN elements of version 1, by their own names."""

    START = "startEvent"
    END = "endEvent"
    TERMINATE = "terminateEndEvent"
    USER = "userTask"
    SERVICE = "serviceTask"
    RULE = "businessRuleTask"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    SUBPROCESS = "subProcess"
    CALL = "callActivity"
    CATCH = "intermediateCatchEvent"
    BOUNDARY = "boundaryEvent"


ENDS = frozenset({Kind.END, Kind.TERMINATE})
GATEWAYS = frozenset({Kind.EXCLUSIVE, Kind.PARALLEL})
ACTIVITIES = frozenset({Kind.USER, Kind.SERVICE, Kind.RULE, Kind.SUBPROCESS, Kind.CALL})
RESTING = frozenset({Kind.USER, Kind.SUBPROCESS, Kind.CALL, Kind.CATCH})


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a shape or a label stands in the drawing, in its own units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """One work item per element of a list: several sections review at once, or one after the other.

    `collection` names the variable that holds the list of texts; `tally` is the first part of the names of the counters
    `<tally>_<outcome>` of finished items. The node is left when all are finished or `completion` holds.
    """

    collection: str | None
    sequential: bool = False
    completion: Condition | None = None
    tally: str | None = None
    role_from_element: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow from one node to another, with its condition if it leaves an exclusive gateway."""

    id: str
    source: str
    target: str
    condition: Condition | None = None
    name: str = ""
    name_en: str = ""
    line: int = 0
    waypoints: tuple[tuple[float, float], ...] = ()
    label: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One node; the fields of the second and later groups are set only where its kind has them.

    `scope` is the sub-process that holds the node. `incoming`, `outgoing` (flows) and `boundaries` (nodes) are in the
    order of the file. `stops` is the reason for which the legal clock is stopped while a token is here.
    """

    id: str
    kind: Kind
    name: str = ""
    name_en: str = ""
    scope: str | None = None
    stage: str | None = None
    stops: str | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    boundaries: tuple[str, ...] = ()
    element: str = ""
    line: int = 0
    bounds: Bounds | None = None
    label: Bounds | None = None
    # user task: `variable` takes the outcome; the actors of `separate_from` must be other people
    role: str | None = None
    outcomes: tuple[str, ...] = ()
    variable: str | None = None
    separate_from: tuple[str, ...] = ()
    multi: MultiInstance | None = None
    # service task: what is to be done, and whether the token waits for the answer
    effect: str | None = None
    waits: bool = False
    # business-rule task, call activity, exclusive gateway
    tables: tuple[str, ...] = ()
    called: str | None = None
    default: str | None = None
    # events
    timer: Limit | None = None
    host: str | None = None
    interrupting: bool = True

    @property
    def rests(self) -> bool:
        """Whether a token stays here until someone or something acts."""
        return self.waits or self.kind in RESTING

    @property
    def splits(self) -> bool:
        """Whether an exclusive choice is made here."""
        return self.kind is Kind.EXCLUSIVE and len(self.outgoing) > 1

    @property
    def joins(self) -> bool:
        """Whether tokens wait here for each other."""
        return self.kind is Kind.PARALLEL and len(self.incoming) > 1

    def tallies(self) -> dict[str, str]:
        """Counter variable per outcome of a multi-instance task."""
        if not self.multi or not self.multi.tally:
            return {}
        return {outcome: f"{self.multi.tally}_{outcome}" for outcome in self.outcomes}


@dataclass(frozen=True, slots=True)
class Stage:
    """A main step 办理环节 as the applicant sees it; several nodes may belong to one."""

    code: str
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Net:
    """A whole process. Nodes and flows are in the order of the file; `starts` is the start events per scope."""

    id: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    name: str = ""
    name_en: str = ""
    stages: tuple[Stage, ...] = ()
    starts: Mapping[str | None, tuple[str, ...]] = field(default_factory=dict)

    def separated(self, node: str) -> frozenset[str]:
        """The nodes whose actors may not act at `node`: separation holds in both directions 审办分离."""
        named = self.nodes[node].separate_from
        return frozenset(named) | {other.id for other in self.nodes.values() if node in other.separate_from}

    def successors(self, node: str) -> list[str]:
        """The nodes a token at `node` can come to next: by a flow, by a boundary event, or into the sub-process."""
        here = self.nodes[node]
        ahead = [self.flows[flow].target for flow in here.outgoing]
        return [*ahead, *here.boundaries, *self.starts.get(node, ())]


def assemble(
    nodes: Iterable[Node],
    flows: Iterable[Flow],
    *,
    id: str,  # noqa: A002 - the field's own name
    name: str = "",
    name_en: str = "",
    stages: tuple[Stage, ...] = (),
) -> Net:
    """Put nodes and flows together: what enters, leaves and is attached to each node follows from the flows and hosts."""
    by_flow = {flow.id: flow for flow in flows}
    by_node = {node.id: node for node in nodes}
    incoming: dict[str, list[str]] = {}
    outgoing: dict[str, list[str]] = {}
    attached: dict[str, list[str]] = {}
    starts: dict[str | None, list[str]] = {}
    for flow in by_flow.values():
        outgoing.setdefault(flow.source, []).append(flow.id)
        incoming.setdefault(flow.target, []).append(flow.id)
    for node in by_node.values():
        if node.host:
            attached.setdefault(node.host, []).append(node.id)
        if node.kind is Kind.START:
            starts.setdefault(node.scope, []).append(node.id)
    wired = {
        node.id: replace(
            node,
            incoming=tuple(incoming.get(node.id, ())),
            outgoing=tuple(outgoing.get(node.id, ())),
            boundaries=tuple(attached.get(node.id, ())),
        )
        for node in by_node.values()
    }
    return Net(
        id=id,
        nodes=MappingProxyType(wired),
        flows=MappingProxyType(by_flow),
        name=name,
        name_en=name_en,
        stages=stages,
        starts=MappingProxyType({scope: tuple(ids) for scope, ids in starts.items()}),
    )
