"""Every marking a process can ever reach, found before it is published.

Design requirements:

1. The real `Transition` is run, not a second model of it; only its ports and its judge of conditions are the explorer's.
2. Data counts. An outcome ranges over the outcomes of its task, the result of a decision table over its declared values.
   What a case has from the start is undecided until the first condition asks for it, and then stays what it was. A
   condition about something of which nothing is known is taken both ways.
3. What no condition ahead can ask for is forgotten, and markings are compared without ids; so the states stay few.
4. Breadth first: the path in a report is the shortest there is.
5. Bounded. Tokens that pile up are reported with the path on which they grow, and exploration does not follow them.

Assumed: a task or table that is declared to set a variable sets it every time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from types import MappingProxyType

from jianguan.kernel.expressions import Condition
from jianguan.kernel.messages import message
from jianguan.kernel.process.dataflow import Domains, live_names, names_set, possible_values
from jianguan.kernel.process.exploration import Act, Exploration, PathStep
from jianguan.kernel.process.marking import NOTHING, Delta, Event, Id, ItemState, Marking
from jianguan.kernel.process.net import Kind, Net, Node
from jianguan.kernel.process.ports import ProcessFaultError, strict
from jianguan.kernel.process.states import Graph, Mishap, State
from jianguan.kernel.process.transition import Transition
from jianguan.kernel.process.verdicts import find_troubles
from jianguan.kernel.process.ways import reached

MAX_STATES = 20_000


class _UndecidedError(Exception):
    """A question that has not been answered yet, with so many possible answers."""

    def __init__(self, answers: int) -> None:
        self.answers = answers


@dataclass(frozen=True, slots=True)
class _Model:
    """What does not change during an exploration.

    `values` per used variable, `sets` per node the used variables whose new value is chosen there, `live` per node what
    a token there may still need, `initial` what the case may have from the start, `main` the nodes that are not only on
    the side path of a non-interrupting timer.
    """

    net: Net
    values: Mapping[str, tuple[object, ...]]
    sets: Mapping[str, tuple[str, ...]]
    live: Mapping[str, frozenset[str]]
    initial: frozenset[str]
    main: frozenset[str]


class _Oracle:
    """Ports and judge in one: answers each question of a transition from a list, and stops at the first one beyond it.

    It has state because the list is consumed; one oracle serves one run of one act.
    """

    def __init__(self, model: _Model, answers: tuple[int, ...], ids: Callable[[], Id]) -> None:
        self.new_id = ids
        self.assumed: dict[str, object] = {}
        self.initial: dict[str, object] = {}
        self.undrawn: set[str] = set()
        self._model = model
        self._answers = iter(answers)

    def decide(self, node: Node, _variables: Mapping[str, object]) -> Mapping[str, object]:
        return self.outputs(node)

    def serve(self, node: Node, _variables: Mapping[str, object]) -> Mapping[str, object]:
        return self.outputs(node)

    def outputs(self, node: Node) -> dict[str, object]:
        """Values for what a node sets, apart from the outcome."""
        found = {name: self._choose(name) for name in self._model.sets[node.id]}
        self.assumed.update(found)
        return found

    def initially(self, name: str) -> None:
        """Settle a value that the case has had from the start."""
        if name not in self.initial:
            self.initial[name] = self.assumed[name] = self._choose(name)

    def judge(self, node: Node, condition: Condition | None, variables: Mapping[str, object]) -> bool:
        if condition is None:
            self.undrawn.add(node.id)
            return bool(self._pick(2))
        missing = sorted(condition.names() - variables.keys())
        if any(name not in self._model.values for name in missing):
            return bool(self._pick(2))
        for name in missing:
            if name in self._model.initial:
                self.initially(name)
        return strict(node, condition, {**self.initial, **variables})

    def _choose(self, name: str) -> object:
        values = self._model.values[name]
        return values[self._pick(len(values)) if len(values) > 1 else 0]

    def _pick(self, answers: int) -> int:
        answer = next(self._answers, None)
        if answer is None:
            raise _UndecidedError(answers)
        return answer


def explore(
    net: Net,
    declared: Domains = MappingProxyType({}),
    *,
    marking: Marking | None = None,
    variables: Mapping[str, object] = NOTHING,
    max_states: int = MAX_STATES,
) -> Exploration:
    """Explore a net from its start, or a case from its `marking` with its `variables`.

    `declared` says what is known of variables other than outcomes and counters. What is dead is told only of a net.
    """
    model = _model_of(net, declared, fresh=marking is None)
    graph = Graph()
    ids = map(str, count())
    explorer = _Explorer(model, graph, lambda: next(ids))
    if marking is None:
        explorer.begin()
    else:
        graph.add(marking, explorer.matters(marking, variables), None, None)
    explorer.walk(max_states)
    return Exploration(
        states=len(graph.states),
        markings=frozenset(state.shape for state in graph.states),
        ends=frozenset(graph.ends),
        findings=find_troubles(net, graph, whole=marking is None),
        complete=not graph.cut,
    )


def _model_of(net: Net, declared: Domains, *, fresh: bool) -> _Model:
    values = possible_values(net, declared)
    sets = {}
    elsewhere: set[str] = set()
    for node in net.nodes.values():
        names = names_set(node, declared)
        elsewhere |= names
        own = {node.variable, *node.tallies().values()}
        sets[node.id] = tuple(sorted(name for name in names if name in values and name not in own))
    initial = frozenset(values) - elsewhere if fresh else frozenset()
    return _Model(net, values, sets, live_names(net, declared), initial, _main_nodes(net))


def _main_nodes(net: Net) -> frozenset[str]:
    def ahead(node: str) -> list[str]:
        return [after for after in net.successors(node) if net.nodes[after].interrupting]

    return reached(ahead, net.starts.get(None, ()))


@dataclass(frozen=True, slots=True)
class _Move:
    """An act that is possible in a state: how to do it, and how to call it."""

    act: Act
    node: Node
    target: Id
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class _Explorer:
    """The walk through the states of one model."""

    model: _Model
    graph: Graph
    new_id: Callable[[], Id]

    def begin(self) -> None:
        """Find the states in which a case can begin."""
        starts = self.model.net.starts.get(None, ())
        node = self.model.net.nodes[starts[0]] if starts else Node("", Kind.START)
        self._do(None, _Move(Act.START, node, ""))

    def walk(self, max_states: int) -> None:
        """Follow every act from every state, those nearest to the start first."""
        number = 0
        while number < len(self.graph.states):
            if number >= max_states:
                self.graph.cut.update(range(number, len(self.graph.states)))
                return
            if self.graph.piles_up(number):
                self.graph.cut.add(number)
            else:
                for move in self._moves(self.graph.states[number].marking):
                    self._do(number, move)
            number += 1

    def matters(self, marking: Marking, variables: Mapping[str, object]) -> dict[str, object]:
        """The values that a token of `marking` may still need."""
        live = frozenset[str]().union(*(self.model.live[token.node] for token in marking.tokens))
        return {name: _hashable(value) for name, value in variables.items() if name in live}

    def _moves(self, marking: Marking) -> Iterator[_Move]:
        nodes = self.model.net.nodes
        seen: set[Id] = set()
        for item in marking.items:
            if item.state is ItemState.OPEN and item.token not in seen:  # the items of one task differ in nothing here
                seen.add(item.token)
                for outcome in nodes[item.node].outcomes or (None,):
                    yield _Move(Act.COMPLETE, nodes[item.node], item.id, outcome)
        for timer in marking.timers:
            yield _Move(Act.FIRE, nodes[timer.node], timer.id)
        for token in marking.tokens:
            if nodes[token.node].kind is Kind.SERVICE:
                yield _Move(Act.SIGNAL, nodes[token.node], token.id)
            if nodes[token.node].kind is Kind.CALL:
                yield _Move(Act.RETURN, nodes[token.node], token.id)

    def _do(self, number: int | None, move: _Move) -> None:
        """Do one act in every way in which its questions can be answered."""
        state = self.graph.states[number] if number is not None else State.nowhere()
        todo: list[tuple[int, ...]] = [()]
        while todo:
            answers = todo.pop()
            oracle = _Oracle(self.model, answers, self.new_id)
            try:
                delta = self._run(state, move, oracle)
            except _UndecidedError as undecided:
                todo.extend((*answers, answer) for answer in reversed(range(undecided.answers)))
            except ProcessFaultError as fault:
                if fault.node in oracle.undrawn:
                    continue  # without conditions it is one way or the other: none is no answer
                step = PathStep(move.act, move.node.id, move.outcome, oracle.assumed)
                self.graph.faults.append(Mishap(number, step, (fault.node or move.node.id,), fault.message))
            else:
                step = PathStep(move.act, move.node.id, move.outcome, oracle.assumed)
                self._arrive(number, state, step, delta, oracle.initial)

    def _run(self, state: State, move: _Move, oracle: _Oracle) -> Delta:
        variables = self._first_lists(oracle) if move.act is Act.START else state.variables
        transition = Transition(self.model.net, state.marking, variables, oracle, oracle.judge)
        match move.act:
            case Act.START:
                return transition.start()
            case Act.COMPLETE:
                return transition.complete(move.target, move.outcome, oracle.outputs(move.node))
            case Act.FIRE:
                return transition.fire(move.target)
            case Act.SIGNAL:
                return transition.signal(move.target, oracle.outputs(move.node))
            case Act.RETURN:
                return transition.child_ended(move.target, oracle.outputs(move.node))

    def _first_lists(self, oracle: _Oracle) -> Mapping[str, object]:
        """The lists a case begins with; tasks run over them without asking the judge."""
        for node in self.model.net.nodes.values():
            if node.multi and node.multi.collection in self.model.initial:
                oracle.initially(node.multi.collection)
        return dict(oracle.initial)

    def _arrive(
        self, number: int | None, state: State, step: PathStep, delta: Delta, initial: Mapping[str, object]
    ) -> None:
        """Note what one way of doing an act led to."""
        graph = self.graph
        graph.flows.update(delta.flows)
        graph.fired.update(timer.node for timer in delta.timers_fired)
        graph.ends.update([delta.end] if delta.end else ())
        marking = delta.apply(state.marking)
        leftover = self._left_over(delta, marking)
        if leftover:
            problem = message("The end is reached while the case is still at %(nodes)s.", nodes=", ".join(leftover))
            graph.leftovers.append(Mishap(number, step, leftover, problem))
        variables = {**initial, **state.variables, **delta.variables}
        graph.add(marking, self.matters(marking, variables), number, step)

    def _left_over(self, delta: Delta, marking: Marking) -> tuple[str, ...]:
        """Where the case still is although it has come to an end event of the outermost level."""
        nodes, main = self.model.net.nodes, self.model.main
        ends = [
            line.node
            for line in delta.log
            if line.kind is Event.ENDED and line.node in main and nodes[line.node].scope is None
        ]
        if not ends:
            return ()
        remaining = {token.node for token in marking.tokens if token.scope is None and token.node in main}
        return tuple(sorted(remaining)) or tuple(ends[1:])


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
