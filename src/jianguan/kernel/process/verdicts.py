"""From the graph of states to findings: what is stuck, goes round for ever, piles up, is left over, or is never used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from jianguan.kernel.messages import Message, message
from jianguan.kernel.process.canonical import Place
from jianguan.kernel.process.exploration import Finding, Trouble
from jianguan.kernel.process.net import Kind, Net
from jianguan.kernel.process.states import Graph, Mishap, State


def find_troubles(net: Net, graph: Graph, *, whole: bool) -> tuple[Finding, ...]:
    """Everything wrong, the worst first; each trouble once, with the shortest path to it.

    `whole`: the graph was explored from the start of the net, so that what is not in it is dead.
    """
    findings = [
        *_mishaps(graph, graph.faults, Trouble.FAULT),
        *_stuck(net, graph),
        *_livelock(graph),
        *_piles(graph),
    ]
    piled = {node for finding in findings if finding.trouble is Trouble.UNBOUNDED for node in finding.concerned}
    findings.extend(_doubled(graph, piled))
    findings.extend(_mishaps(graph, graph.leftovers, Trouble.LEFTOVER))
    if whole and not graph.cut and not graph.faults:  # behind those may be what seems dead
        findings.extend(_dead(net, graph))
    return tuple(findings)


def _mishaps(graph: Graph, mishaps: Iterable[Mishap], trouble: Trouble) -> Iterator[Finding]:
    seen: set[tuple[str, ...]] = set()
    for mishap in mishaps:
        if mishap.concerned not in seen:
            seen.add(mishap.concerned)
            yield Finding(trouble, mishap.concerned, mishap.message, graph.path(mishap.state, mishap.step))


def _stuck(net: Net, graph: Graph) -> Iterator[Finding]:
    seen: set[frozenset[Place]] = set()
    failed = {mishap.state for mishap in graph.faults}
    for number, state in enumerate(graph.states):
        where = frozenset(state.crowd)
        if state.done or graph.ways[number] or number in failed or number in graph.cut or where in seen:
            continue
        seen.add(where)
        yield Finding(Trouble.STUCK, _nodes(state.crowd), _what_waits(net, state), graph.path(number))


def _what_waits(net: Net, state: State) -> Message:
    arrived: dict[str, set[str]] = {}
    for place in state.crowd:
        if net.nodes[place.node].kind is Kind.PARALLEL:
            arrived.setdefault(place.node, set()).add(place.flow)
    missing = [flow for node, flows in arrived.items() for flow in net.nodes[node].incoming if flow not in flows]
    if not missing:
        return message("The case gets stuck at %(nodes)s.", nodes=_listed(_nodes(state.crowd)))
    return message(
        "The case gets stuck: %(nodes)s waits for %(flows)s, by which nothing comes any more.",
        nodes=_listed(arrived),
        flows=_listed(missing),
    )


def _livelock(graph: Graph) -> Iterator[Finding]:
    """States from which neither the end nor another trouble can be reached: a circle without exit."""
    backwards: list[list[int]] = [[] for _ in graph.states]
    for number, ways in enumerate(graph.ways):
        for following in ways:
            backwards[following].append(number)
    failed = {mishap.state for mishap in graph.faults}
    todo = [number for number, ways in enumerate(graph.ways) if not ways or number in failed]
    leaving = set(todo)
    while todo:
        earlier = [number for number in backwards[todo.pop()] if number not in leaving]
        leaving.update(earlier)
        todo.extend(earlier)
    caught = [number for number in range(len(graph.states)) if number not in leaving]
    if caught:
        nodes = _nodes(place for number in caught for place in graph.states[number].crowd)
        problem = message("The case can never end once it is at %(nodes)s.", nodes=_listed(nodes))
        yield Finding(Trouble.LIVELOCK, nodes, problem, graph.path(caught[0]))


def _piles(graph: Graph) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, state in enumerate(graph.states):
        if state.covers is None or not graph.piles_up(number):
            continue
        nodes = _nodes(state.crowd - graph.states[state.covers].crowd)
        if seen.isdisjoint(nodes):
            problem = message("Tokens pile up without limit at %(nodes)s.", nodes=_listed(nodes))
            yield Finding(Trouble.UNBOUNDED, nodes, problem, graph.path(number))
        seen.update(nodes)


def _doubled(graph: Graph, piled: set[str]) -> Iterator[Finding]:
    """Nodes with two tokens at once; not those inside a sub-process that itself runs twice."""
    seen = set(piled)
    for number, state in enumerate(graph.states):
        tokens = Counter((place.scopes, place.node, place.flow) for place in state.crowd.elements())
        for (scopes, node, _), count in tokens.items():
            if count > 1 and seen.isdisjoint((*scopes, node)):
                seen.add(node)
                problem = message("“%(node)s” can be active twice at the same time.", node=node)
                yield Finding(Trouble.DOUBLED, (node,), problem, graph.path(number))


def _dead(net: Net, graph: Graph) -> Iterator[Finding]:
    reached = {net.flows[flow].target for flow in graph.flows} | graph.fired
    reached |= {start for scope, starts in net.starts.items() if scope is None or scope in reached for start in starts}
    for node in net.nodes.values():
        if node.id not in reached:
            problem = message("“%(node)s” is never reached.", node=node.id)
            yield Finding(Trouble.DEAD_NODE, (node.id,), problem)
    for flow in net.flows.values():
        if flow.id not in graph.flows and flow.source in reached:
            problem = message("The flow “%(flow)s” out of “%(node)s” is never taken.", flow=flow.id, node=flow.source)
            yield Finding(Trouble.DEAD_FLOW, (flow.id,), problem)


def _nodes(places: Iterable[Place]) -> tuple[str, ...]:
    return tuple(sorted({place.node for place in places}))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
