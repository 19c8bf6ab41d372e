"""Variables of a net before any case exists: who sets them, who needs them, and which values they can have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from jianguan.kernel.expressions import Condition, Value
from jianguan.kernel.process.net import Kind, Net, Node

_MOST_ELEMENTS = 4
_OTHER = "(other)"
"""Stands for every text that no condition names."""


@dataclass(frozen=True, slots=True)
class Domain:
    """What is declared about a variable.

    `values` is all it can have; empty means any. `set_by` names the decision tables, effects or nodes that set it; empty
    means that the case has it from the start.
    """

    values: tuple[object, ...] = ()
    set_by: frozenset[str] = frozenset()


Domains = Mapping[str, Domain]


def conditions(net: Net, node: Node) -> Iterator[Condition]:
    """The conditions that are decided at `node`."""
    for flow in node.outgoing if node.splits else ():
        condition = net.flows[flow].condition
        if condition is not None and flow != node.default:
            yield condition
    if node.multi and node.multi.completion:
        yield node.multi.completion


def names_used(net: Net, node: Node) -> frozenset[str]:
    """The variables that must have a value when `node` is passed."""
    names = {name for condition in conditions(net, node) for name in condition.names()}
    if node.multi and node.multi.collection:
        names.add(node.multi.collection)
    return frozenset(names)


def names_set(node: Node, declared: Domains) -> frozenset[str]:
    """The variables that have a new value when `node` has been passed."""
    names = {name for name, domain in declared.items() if not domain.set_by.isdisjoint(_setters(node))}
    if node.multi:
        names.update(node.tallies().values())
    elif node.variable and node.outcomes:
        names.add(node.variable)
    return frozenset(names)


def _setters(node: Node) -> set[str]:
    return {node.id, *node.tables, *([node.effect] if node.effect else [])}


def possible_values(net: Net, declared: Domains) -> dict[str, tuple[object, ...]]:
    """The values each used variable can have: the outcomes of its tasks, what is declared, or else what conditions tell.

    For a variable that is only compared with literals these and the gaps between them stand for all values. A variable
    that is compared with other variables only is not in the result: nothing can be said about it.
    """
    outcomes = _outcomes(net)
    hints = _hints(net)
    used = _union(names_used(net, node) for node in net.nodes.values())
    counters = {counter for node in net.nodes.values() for counter in node.tallies().values()}
    sizes = _list_sizes(hints, counters)
    lists = {node.multi.collection for node in net.nodes.values() if node.multi}
    values: dict[str, tuple[object, ...]] = {}
    for name in sorted(used - counters):
        stated = declared[name].values if name in declared else ()
        found = (*outcomes.get(name, ()), *stated) or (
            sizes if name in lists else _representatives(hints.get(name, ()))
        )
        if found:
            values[name] = tuple(dict.fromkeys(found))
    return values


def _outcomes(net: Net) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for node in net.nodes.values():
        if node.variable and not node.multi:
            found[node.variable] = (*found.get(node.variable, ()), *node.outcomes)
    return found


def _hints(net: Net) -> dict[str, set[Value]]:
    hints: dict[str, set[Value]] = {}
    for node in net.nodes.values():
        for condition in conditions(net, node):
            for name, literals in condition.hints().items():
                hints.setdefault(name, set()).update(literals)
    return hints


def _list_sizes(hints: Mapping[str, set[Value]], counters: set[str]) -> tuple[tuple[str, ...], ...]:
    """Lists from none to one element more than any counter is compared with, at least two and at most four."""
    counted = [int(value) for name in counters for value in hints.get(name, ()) if isinstance(value, Decimal)]
    most = min(max([1, *counted]) + 1, _MOST_ELEMENTS)
    return tuple(tuple(str(element) for element in range(1, size + 1)) for size in range(most + 1))


def _representatives(literals: Iterable[Value]) -> tuple[object, ...]:
    """One value for each way in which a variable can compare with `literals`."""
    texts = sorted(value for value in literals if isinstance(value, str))
    numbers = sorted(value for value in literals if isinstance(value, Decimal))
    dates = sorted(value for value in literals if isinstance(value, date))
    found: list[object] = [value for value in literals if value is None]
    if any(isinstance(value, bool) for value in literals):
        found += [True, False]
    if texts:
        found += [*texts, _OTHER]
    if numbers:
        found += [numbers[0] - 1, *_with_gaps(numbers), numbers[-1] + 1]
    if dates:
        day = timedelta(days=1)
        found += [dates[0] - day, *dates, dates[-1] + day]
    return tuple(found)


def _with_gaps(numbers: list[Decimal]) -> Iterator[Decimal]:
    yield numbers[0]
    for low, high in pairwise(numbers):
        yield (low + high) / 2
        yield high


def live_names(net: Net, declared: Domains) -> dict[str, frozenset[str]]:
    """For a token that rests at a node: the variables whose present value may still be asked for.

    The others may be forgotten without losing anything, which keeps the number of states small. Classic liveness: needed
    here, or needed further on and not set before.
    """
    sets = {node.id: names_set(node, declared) for node in net.nodes.values()}
    uses = {node.id: names_used(net, node) for node in net.nodes.values()}
    arriving: dict[str, frozenset[str]] = dict.fromkeys(net.nodes, frozenset())
    resting = dict(arriving)
    changed = True
    while changed:
        changed = False
        for node in reversed(list(net.nodes.values())):
            here = _needed(net, node, arriving, sets[node.id], uses[node.id])
            inside = _union(arriving[start] for start in net.starts.get(node.id, ()))
            into = (here | inside | uses[node.id]) - frozenset(node.tallies().values())
            changed = changed or here != resting[node.id] or into != arriving[node.id]
            resting[node.id], arriving[node.id] = here, into
    return resting


def _needed(
    net: Net, node: Node, arriving: Mapping[str, frozenset[str]], sets: frozenset[str], uses: frozenset[str]
) -> frozenset[str]:
    """What is live while a token rests at `node`."""
    further = _union(arriving[net.flows[flow].target] for flow in node.outgoing)
    aside = _union(arriving[boundary] for boundary in node.boundaries)
    if node.multi:
        return (uses - {node.multi.collection}) | further | aside
    if node.kind is Kind.EXCLUSIVE:
        return uses | further
    return (further - sets) | aside


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)
