"""Where a case stands, told from its log: each node and each main step done, now, stopped or next.

A node or step that was done in an earlier round counts as next again when the case has gone back behind it, as after a
return for correction 退回补正; but not when it only ran beside the one that is now at work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from jianguan.kernel.process.marking import Event, LogLine
from jianguan.kernel.process.net import GATEWAYS, Kind, Net, Node, Stage
from jianguan.kernel.process.ways import forward, ranks, reached


class State(StrEnum):
    """How far a node or step is; stopped is now, with the legal clock stopped."""

    DONE = "done"
    NOW = "now"
    STOPPED = "stopped"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Dated:
    """A line of the log and the instant of its transition."""

    at: datetime
    line: LogLine


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a node is: since when it is now, or when it was last done."""

    state: State
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A main step 办理环节 of a case, with the nodes that belong to it."""

    stage: str
    name: str
    name_en: str
    state: State
    at: datetime | None
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """The standing of every node, the flows taken on the way to what is done or now, and the main steps in order."""

    nodes: Mapping[str, Standing]
    flows: frozenset[str]
    steps: tuple[Step, ...]


@dataclass(slots=True)
class _Trace:
    """What the log says, by position in it; it grows line by line, hence not frozen."""

    resting: Counter[str] = field(default_factory=Counter)
    entered: dict[str, int] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    flows: dict[str, int] = field(default_factory=dict)


_ENTRIES = frozenset({Event.ENTERED, Event.REQUESTED, Event.CALLED})


def steps(net: Net, log: Sequence[Dated]) -> list[Step]:
    """The main steps of a case in order; with an empty log those of a case not yet begun."""
    return list(progress(net, log).steps)


def progress(net: Net, log: Sequence[Dated]) -> Progress:
    """Where the case with this log stands."""
    trace = _trace(net, log)
    rank, beside = ranks(net), _beside(net)
    resting = [node for node, tokens in trace.resting.items() if tokens > 0]
    nodes = {}
    for node in net.nodes.values():
        earlier = [now for now in resting if rank[now] < rank[node.id] and node.id not in beside.get(now, ())]
        nodes[node.id] = _standing([node], earlier, trace, log)
    main, earlier = [], []
    for stage, members in _stages(net, rank):
        ids = tuple(node.id for node in members)
        standing = _standing(members, [now for now in earlier if beside.get(now, set()).isdisjoint(ids)], trace, log)
        main.append(Step(stage.code, stage.name, stage.name_en, standing.state, standing.at, ids))
        earlier += [now for now in resting if now in ids]
    done = {node for node, standing in nodes.items() if standing.state is not State.NEXT}
    flows = frozenset(flow for flow in trace.flows if flow in net.flows and net.flows[flow].target in done)
    return Progress(nodes, flows, tuple(main))


def _standing(nodes: Iterable[Node], earlier: Iterable[str], trace: _Trace, log: Sequence[Dated]) -> Standing:
    """How far `nodes` are together; `earlier` are nodes before them at which the case is now."""
    now = [node for node in nodes if trace.resting[node.id] > 0]
    if now:
        state = State.STOPPED if any(node.stops for node in now) else State.NOW
        return Standing(state, log[max(trace.entered[node.id] for node in now)].at)
    last = max((trace.passed.get(node.id, -1) for node in nodes), default=-1)
    if last < 0 or any(trace.entered[node] > last for node in earlier):
        return Standing(State.NEXT)
    return Standing(State.DONE, log[last].at)


def _trace(net: Net, log: Sequence[Dated]) -> _Trace:
    trace = _Trace()
    for position, dated in enumerate(log):
        node = net.nodes.get(dated.line.node or "")
        if node:
            _follow(net, trace, node, dated.line, position)
    silent = [n for n in net.nodes.values() if n.kind in GATEWAYS and not n.splits and not n.joins]
    changed = True
    while changed:
        before = dict(trace.passed)
        for node in silent:  # they leave no line: a token was there if one took a flow that leads there
            arrived = max((trace.flows.get(flow, -1) for flow in node.incoming), default=-1)
            if arrived >= 0:
                trace.passed[node.id] = arrived
                trace.flows.update(dict.fromkeys(node.outgoing, arrived))
        changed = trace.passed != before
    return trace


def _follow(net: Net, trace: _Trace, node: Node, line: LogLine, position: int) -> None:
    if line.kind in _ENTRIES:
        trace.resting[node.id] += 1
        trace.entered[node.id] = position
        for start in net.starts.get(node.id, ()):
            _pass(trace, start, net.nodes[start].outgoing, position)
    elif line.kind is Event.WITHDRAWN:
        trace.resting[node.id] -= 1
    elif line.kind is not Event.COMPLETED or not node.multi:  # the last of several instances has a line of its own
        trace.resting[node.id] -= 1 if node.rests else 0
        _pass(trace, node.id, [str(line.data["flow"])] if line.kind is Event.CHOSE else node.outgoing, position)


def _pass(trace: _Trace, node: str, flows: Iterable[str], position: int) -> None:
    trace.passed[node] = position
    trace.flows.update(dict.fromkeys(flows, position))


def _stages(net: Net, rank: Mapping[str, int]) -> list[tuple[Stage, list[Node]]]:
    """The stages in the order declared, or else of the way from the start; without stages every user task is one."""
    members: dict[str, list[Node]] = {}
    for node in sorted(net.nodes.values(), key=lambda node: rank[node.id]):
        if node.stage:
            members.setdefault(node.stage, []).append(node)
    if not members:
        members = {node.id: [node] for node in net.nodes.values() if node.kind is Kind.USER}
    declared = {stage.code: stage for stage in net.stages}
    order = [code for code in declared if code in members] or list(members)
    return [(declared.get(code) or Stage(code, *_names(members[code])), members[code]) for code in order]


def _names(nodes: Sequence[Node]) -> tuple[str, str]:
    return nodes[0].name, nodes[0].name_en


def _beside(net: Net) -> dict[str, set[str]]:
    """For each node between a fork and its join: the nodes on the sister branches."""
    ways = forward(net)
    beside: dict[str, set[str]] = {}
    for fork in net.nodes.values():
        if fork.kind is not Kind.PARALLEL or len(fork.outgoing) < 2:
            continue
        branches = [reached(lambda node: ways.get(node, ()), [net.flows[flow].target]) for flow in fork.outgoing]
        shared = {node for node, times in Counter(n for branch in branches for n in branch).items() if times > 1}
        for branch in branches:
            for node in branch - shared:
                beside.setdefault(node, set()).update(*(other - shared for other in branches if other is not branch))
    return beside
