"""What must be right in the drawing before a process is published, as far as it can be seen without running it.

What shows itself only in the run (stuck, endless, dead, piling up) is found by `explorer`. A task with several incoming
flows is allowed: each arriving token starts it, which is what a correction loop back to a task means. An activity with
several outgoing flows is refused: the fork would be invisible, a parallel gateway shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations, islice, product

from jianguan.kernel.expressions import Condition, ExpressionError
from jianguan.kernel.expressions.values import plain
from jianguan.kernel.messages import Message, message
from jianguan.kernel.process.dataflow import Domains, conditions, names_used, possible_values
from jianguan.kernel.process.net import ENDS, GATEWAYS, Kind, Net, Node
from jianguan.kernel.process.problems import Problem, Severity
from jianguan.kernel.process.ways import reached

_MOST_COMBINATIONS = 5_000

_Said = Iterator[Message | tuple[Severity, Message]]


@dataclass(frozen=True, slots=True)
class _Facts:
    """A net and what the rules ask about it: `closed` are the used variables whose values are all known."""

    net: Net
    reachable: frozenset[str]
    known: frozenset[str]
    closed: frozenset[str]
    values: Mapping[str, tuple[object, ...]]


def lint(net: Net, declared: Domains) -> list[Problem]:
    """All problems of a net, in the order of the file.

    `declared` names every variable that conditions may use apart from outcomes and counters, with what is known of it.
    """
    facts = _facts(net, declared)
    problems = [
        _problem(node.element, node.id, node.line, said)
        for rule in _RULES
        for node in net.nodes.values()
        for said in rule(facts, node)
    ]
    problems += [_problem("process", net.id, 0, said) for said in _bounds_of_scope(net, None)]
    return sorted(problems, key=lambda problem: problem.line)


def _facts(net: Net, declared: Domains) -> _Facts:
    counters = {counter for node in net.nodes.values() for counter in node.tallies().values()}
    outcomes = {node.variable for node in net.nodes.values() if node.variable and node.outcomes}
    stated = {name for name, domain in declared.items() if domain.values}
    known = frozenset({*declared, *counters, *outcomes})
    reachable = reached(net.successors, net.starts.get(None, ()))
    return _Facts(net, reachable, known, frozenset(outcomes | stated), possible_values(net, declared))


def _problem(element: str, id: str, line: int, said: Message | tuple[Severity, Message]) -> Problem:  # noqa: A002 - as Problem
    severity, text = said if isinstance(said, tuple) else (Severity.ERROR, said)
    return Problem(element, id, line, text, severity)


# ---------------------------------------------------------------------- structure


def _scope(facts: _Facts, node: Node) -> _Said:
    if node.kind is Kind.SUBPROCESS:
        yield from _bounds_of_scope(facts.net, node.id)


def _bounds_of_scope(net: Net, scope: str | None) -> _Said:
    starts = len(net.starts.get(scope, ()))
    if starts != 1:
        yield message("Exactly one start event is needed here, not %(count)s.", count=starts)
    if not any(node.kind in ENDS and node.scope == scope for node in net.nodes.values()):
        yield message("At least one end event is needed here.")


def _ways(_facts: _Facts, node: Node) -> _Said:
    if node.kind not in ENDS and not node.outgoing:
        yield message("No flow leads out of “%(node)s”: a dead end.", node=node.id)
    if node.kind not in GATEWAYS and len(node.outgoing) > 1:
        yield message(
            "%(count)s flows lead out of “%(node)s”: draw the fork as a parallel gateway, the choice as an exclusive one.",
            count=len(node.outgoing),
            node=node.id,
        )
    if node.kind in GATEWAYS and len(node.incoming) > 1 and len(node.outgoing) > 1:
        yield message("“%(node)s” joins and forks at once: draw two gateways.", node=node.id)


def _reach(facts: _Facts, node: Node) -> _Said:
    if node.id not in facts.reachable:
        yield message("“%(node)s” cannot be reached from the start.", node=node.id)


def _choice(facts: _Facts, node: Node) -> _Said:
    if not node.splits:
        if any(facts.net.flows[flow].condition for flow in node.outgoing):
            yield message("The only flow out of “%(node)s” must have no condition.", node=node.id)
        return
    if not node.default:
        yield message("The choice “%(node)s” needs a default flow.", node=node.id)
    for flow in (facts.net.flows[flow] for flow in node.outgoing):
        if flow.id == node.default and flow.condition:
            yield message("The default flow “%(flow)s” must have no condition.", flow=flow.id)
        if flow.id != node.default and not flow.condition:
            yield message("The flow “%(flow)s” out of “%(node)s” needs a condition.", flow=flow.id, node=node.id)


def _events(facts: _Facts, node: Node) -> _Said:
    if node.kind in {Kind.BOUNDARY, Kind.CATCH} and node.timer is None:
        yield message("“%(node)s” needs a timer with a duration.", node=node.id)
    if node.host and not facts.net.nodes[node.host].rests:
        yield message("“%(node)s” can never fire: no case ever stays at “%(host)s”.", node=node.id, host=node.host)
    if node.stops and not node.rests:
        yield message("“%(node)s” cannot stop the clock: no case ever stays there.", node=node.id)


# ---------------------------------------------------------------------- tasks


def _user_task(_facts: _Facts, node: Node) -> _Said:
    if node.kind is not Kind.USER:
        return
    if not node.role and not (node.multi and node.multi.role_from_element):
        yield message("The task “%(node)s” needs a role (jg:role).", node=node.id)
    if not node.outcomes:
        yield message("The task “%(node)s” needs outcomes (jg:outcomes).", node=node.id)
    if node.multi and not node.multi.collection:
        yield message("The task “%(node)s” needs the list it runs over (jg:collection).", node=node.id)
    if node.multi and not node.multi.tally and len(node.outcomes) > 1:
        yield Severity.WARNING, message("The outcomes of “%(node)s” are lost: it has no jg:tally.", node=node.id)


def _separation(facts: _Facts, node: Node) -> _Said:
    for other in node.separate_from:
        if other == node.id or other not in facts.net.nodes or facts.net.nodes[other].kind is not Kind.USER:
            yield message(
                "jg:separate-from of “%(node)s” names “%(other)s”, which is no other user task.",
                node=node.id,
                other=other,
            )


def _automatic_task(_facts: _Facts, node: Node) -> _Said:
    if node.kind is Kind.SERVICE and not node.effect:
        yield message("The service task “%(node)s” needs an effect (jg:effect).", node=node.id)
    if node.kind is Kind.RULE and not node.tables:
        yield message("The rule task “%(node)s” needs decision tables (jg:tables).", node=node.id)
    if node.kind is Kind.CALL and not node.called:
        yield message("The call activity “%(node)s” needs a calledElement.", node=node.id)


def _counters(facts: _Facts, node: Node) -> _Said:
    tally = node.multi.tally if node.multi else None
    others = [
        o.id for o in facts.net.nodes.values() if o.id != node.id and o.multi and tally and o.multi.tally == tally
    ]
    if others:
        yield message("“%(node)s” counts with the same jg:tally as “%(other)s”.", node=node.id, other=others[0])


def _appearance(facts: _Facts, node: Node) -> _Said:
    if node.rests and not node.name:
        yield Severity.WARNING, message("“%(node)s” has no name for people.", node=node.id)
    if not node.bounds or any(not facts.net.flows[flow].waypoints for flow in node.outgoing):
        yield Severity.WARNING, message("“%(node)s” or a flow out of it has no place in the drawing.", node=node.id)


# ---------------------------------------------------------------------- variables


def _unset(facts: _Facts, node: Node) -> _Said:
    for name in sorted(names_used(facts.net, node) - facts.known):
        yield message("“%(node)s” asks for “%(name)s”, which nothing sets.", node=node.id, name=name)


def _impossible(facts: _Facts, node: Node) -> _Said:
    hints = [hint for condition in conditions(facts.net, node) for hint in condition.hints().items()]
    for name, literals in hints:
        values = facts.values.get(name, ()) if name in facts.closed else ()
        if values and all(isinstance(value, str) for value in values):
            for literal in sorted(map(plain, literals - {None, *values})):
                yield message(
                    "“%(node)s” asks whether “%(name)s” is “%(literal)s”; it is always one of %(values)s.",
                    node=node.id,
                    name=name,
                    literal=literal,
                    values=", ".join(map(str, values)),
                )


def _overlapping(facts: _Facts, node: Node) -> _Said:
    flows = [facts.net.flows[flow] for flow in node.outgoing if node.splits and flow != node.default]
    for first, second in combinations(flows, 2):
        case = first.condition and second.condition and _both_hold(first.condition, second.condition, facts.values)
        if case:
            yield (
                Severity.WARNING,
                message(
                    "“%(first)s” and “%(second)s” out of “%(node)s” are both open when %(case)s; the first is taken.",
                    first=first.id,
                    second=second.id,
                    node=node.id,
                    case=", ".join(f"{name} = {value}" for name, value in case.items()),
                ),
            )


def _both_hold(first: Condition, second: Condition, values: Mapping[str, tuple[object, ...]]) -> dict[str, object]:
    """Values with which two conditions hold at once, if any are found among not too many; otherwise none."""
    names = sorted(first.names() | second.names())
    for chosen in islice(product(*(values.get(name, ()) for name in names)), _MOST_COMBINATIONS):
        case = dict(zip(names, chosen, strict=True))
        with suppress(ExpressionError):
            if first.evaluate(case) and second.evaluate(case):
                return case
    return {}


_Rule = Callable[[_Facts, Node], _Said]
_RULES: tuple[_Rule, ...] = (
    _scope,
    _ways,
    _reach,
    _choice,
    _events,
    _user_task,
    _separation,
    _automatic_task,
    _counters,
    _appearance,
    _unset,
    _impossible,
    _overlapping,
)
