"""One step of one case, computed in memory: from a marking and an act to everything that changes.

Design requirements, each held by tests under `tests/kernel/process`:

1. Pure. No clock, no randomness, no input or output; new ids, decisions and effects come from the ports. The inputs are
   never touched, so that a failed transition has changed nothing. Equal inputs give equal results, in the same order.
2. A join consumes exactly one token per incoming flow, within its scope. It looks at the tokens that wait there now and
   at no history: what happened in an earlier round of a correction loop 补正 cannot make it fire early or never.
3. The instance of a sub-process is its token. The scope ends when nothing inside is alive or under way, not before: a
   branch that goes straight to an end event does not end the scope while its sister has yet to start.
4. A terminate end ends its own scope and what is inside, also branches of the same fork that have not started yet; the
   flow goes on behind the sub-process.
5. An interrupting boundary timer takes its host away with the whole scope below it; a non-interrupting one leaves it. A
   timer whose token is gone, whoever was faster, does nothing.
6. A condition is decided with values. A missing variable is a fault that names it, never "false".
7. Every transition ends: automatic nodes that run in a circle are cut after `MAX_STEPS` flows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, TypeAlias

from jianguan.kernel.messages import Message, message
from jianguan.kernel.process.marking import (
    NOTHING,
    Call,
    Delta,
    Effect,
    Event,
    Id,
    ItemState,
    Marking,
    Status,
    Token,
)
from jianguan.kernel.process.net import Kind, Net, Node
from jianguan.kernel.process.ports import ActRefusedError, Judge, Ports, ProcessFaultError, strict
from jianguan.kernel.process.working_copy import WorkingCopy

MAX_STEPS = 1000
"""Flows one transition may take; the longest sound process seen takes a few dozen."""


class Transition:
    """One act on one case; made for exactly one call of one operation.

    The operations are `start`, `complete`, `fire`, `signal`, `child_ended` and `cancel`. Each returns a `Delta`, or raises
    `ActRefusedError` (the act does not fit where the case stands) or `ProcessFaultError` (definition or data are wrong).
    It has state, a working copy of the case, because what a step makes may be unmade before the step ends.
    """

    __slots__ = ("_case", "_judge", "_net", "_pending", "_ports")

    def __init__(
        self,
        net: Net,
        marking: Marking,
        variables: Mapping[str, object],
        ports: Ports,
        judge: Judge = strict,
    ) -> None:
        self._net = net
        self._ports = ports
        self._judge = judge
        self._case = WorkingCopy(net, marking, variables, ports.new_id)
        self._pending: list[tuple[str, Id | None]] = []

    # ------------------------------------------------------------------ operations

    def start(self) -> Delta:
        """Begin the case at its only start event; the variables are its first values, and all of them are new."""
        if self._case.tokens:
            raise ActRefusedError(message("This case has been started already."))
        self._case.original = NOTHING
        node = self._start_of(None)
        self._case.note(node.id, Event.STARTED)
        self._leave(node, None)
        return self._run()

    def complete(self, item_id: Id, outcome: str | None = None, outputs: Mapping[str, object] = NOTHING) -> Delta:
        """A person finishes an open work item with one of the outcomes its task declares."""
        item = self._case.items.get(item_id)
        if item is None or item.state is not ItemState.OPEN:
            raise ActRefusedError(message("This work item is no longer open."))
        node, token = self._net.nodes[item.node], self._case.tokens[item.token]
        if outcome not in (node.outcomes or (None,)):
            raise ActRefusedError(_no_such_outcome(node, outcome), node.id)
        self._case.set_item(item, ItemState.DONE)
        self._case.variables.update(outputs)
        said = {"item": str(item.id), "element": item.element, "outcome": outcome}
        self._case.note(node.id, Event.COMPLETED, **{name: value for name, value in said.items() if value is not None})
        if node.multi:
            self._count(node, token, outcome)
        else:
            if node.variable and outcome:
                self._case.variables[node.variable] = outcome
            self._depart(token)
        return self._run()

    def fire(self, timer_id: Id) -> Delta:
        """A timer is due. If it or its token is gone, nothing happens and the delta is empty."""
        timer = self._case.timers.get(timer_id)
        token = self._case.tokens.get(timer.token) if timer else None
        if timer is None or token is None:
            return Delta()
        del self._case.timers[timer.id]
        self._case.fired = timer
        node = self._net.nodes[timer.node]
        self._case.note(node.id, Event.FIRED)
        if node.kind is Kind.CATCH:
            self._depart(token)
            return self._run()
        if node.interrupting:
            self._case.kill(token)
        self._leave(node, token.scope)
        return self._run()

    def signal(self, token_id: Id, outputs: Mapping[str, object] = NOTHING) -> Delta:
        """The answer to a waiting service task."""
        return self._answer(token_id, Kind.SERVICE, Event.SIGNALLED, outputs)

    def child_ended(self, token_id: Id, outputs: Mapping[str, object] = NOTHING) -> Delta:
        """The child process of a call activity has ended."""
        return self._answer(token_id, Kind.CALL, Event.RETURNED, outputs)

    def cancel(self, reason: str) -> Delta:
        """End the case where it stands 撤回/终止; nothing remains open."""
        if not self._case.tokens:
            raise ActRefusedError(message("This case has ended already."))
        self._case.note(None, Event.CANCELLED, reason=reason)
        self._case.kill_scope(None)
        self._case.status = Status.CANCELLED
        return self._case.delta()

    # ------------------------------------------------------------------ moving tokens

    def _run(self) -> Delta:
        """Let every pending token go as far as it can, branch after branch, and close the scopes that became empty."""
        while True:
            while self._pending:
                self._step(*self._pending.pop())
            finished = self._case.finished_scope()
            if finished is None:
                break
            self._case.note(finished.node, Event.LEFT)
            self._depart(finished)
        if not self._case.tokens:
            self._case.status = Status.DONE
            self._case.note(None, Event.DONE)
        return self._case.delta()

    def _step(self, flow: str, scope: Id | None) -> None:
        if len(self._case.flows) >= MAX_STEPS:
            raise ProcessFaultError(_runaway(self._net, flow), self._net.flows[flow].source)
        self._case.flows.append(flow)
        node = self._net.nodes[self._net.flows[flow].target]
        self._ARRIVALS[node.kind](self, node, scope, flow)

    def _leave(self, node: Node, scope: Id | None) -> None:
        """Send a token along every flow out of `node`; a node without one is an end."""
        if not node.outgoing and scope is None:
            self._case.end = node.id
        self._pending.extend((flow, scope) for flow in reversed(node.outgoing))

    def _depart(self, token: Token) -> None:
        """The token has done its work here."""
        self._case.remove(token)
        self._leave(self._net.nodes[token.node], token.scope)

    def _answer(self, token_id: Id, kind: Kind, event: Event, outputs: Mapping[str, object]) -> Delta:
        token = self._case.tokens.get(token_id)
        if token is None or self._net.nodes[token.node].kind is not kind:
            raise ActRefusedError(message("Nothing waits for this answer any more."))
        self._case.answered = token.id
        self._case.variables.update(outputs)
        self._case.note(token.node, event, **outputs)
        self._depart(token)
        return self._run()

    def _start_of(self, scope: str | None) -> Node:
        starts = self._net.starts.get(scope, ())
        if len(starts) != 1:
            where, count = scope or self._net.id, len(starts)
            problem = message("“%(scope)s” has %(count)s start events, not one.", scope=where, count=count)
            raise ProcessFaultError(problem, scope)
        return self._net.nodes[starts[0]]

    # ------------------------------------------------------------------ arriving, one method per kind of node

    def _at_user_task(self, node: Node, scope: Id | None, _flow: str) -> None:
        token = self._case.add_token(node, scope)
        self._case.note(node.id, Event.ENTERED)
        if not node.multi:
            self._case.add_item(node, token)
            return
        elements = self._elements(node)
        self._case.variables.update(dict.fromkeys(node.tallies().values(), 0))
        for position, element in enumerate(elements):
            self._case.add_item(node, token, element, position)
        if not elements:
            self._case.note(node.id, Event.LEFT)
            self._depart(token)

    def _elements(self, node: Node) -> Iterable[str]:
        """The list a multi-instance task runs over."""
        name = (node.multi and node.multi.collection) or ""
        found = self._case.variables.get(name)
        if not isinstance(found, (list, tuple)) or not all(isinstance(element, str) for element in found):
            problem = message("“%(node)s” needs a list of texts in “%(name)s”.", node=node.id, name=name)
            raise ProcessFaultError(problem, node.id)
        return found

    def _count(self, node: Node, token: Token, outcome: str | None) -> None:
        """One item of several is finished: count it, then leave, or open the next in the queue."""
        case = self._case
        counter = node.tallies().get(outcome or "")
        if counter:
            counted = case.variables.get(counter, 0)
            assert isinstance(counted, (int, Decimal))
            case.variables[counter] = counted + 1
        left = case.unfinished(token)
        completion = node.multi.completion if node.multi else None
        if not left or (completion is not None and self._judge(node, completion, case.variables)):
            case.note(node.id, Event.LEFT)
            self._depart(token)
        elif all(item.state is ItemState.QUEUED for item in left):
            case.set_item(min(left, key=lambda item: item.position), ItemState.OPEN)

    def _at_service_task(self, node: Node, scope: Id | None, _flow: str) -> None:
        token = self._case.add_token(node, scope) if node.waits else None
        if node.effect:
            self._case.effects.append(Effect(node.effect, node.id, token.id if token else None))
        if token:
            self._case.note(node.id, Event.REQUESTED)
            return
        self._set(node, Event.SERVED, self._ports.serve(node, MappingProxyType(self._case.variables)))
        self._leave(node, scope)

    def _at_rule_task(self, node: Node, scope: Id | None, _flow: str) -> None:
        self._set(node, Event.DECIDED, self._ports.decide(node, MappingProxyType(self._case.variables)))
        self._leave(node, scope)

    def _set(self, node: Node, event: Event, outputs: Mapping[str, object]) -> None:
        self._case.variables.update(outputs)
        self._case.note(node.id, event, **outputs)

    def _at_exclusive_gateway(self, node: Node, scope: Id | None, _flow: str) -> None:
        if not node.splits:
            self._leave(node, scope)
            return
        ways = (flow for flow in node.outgoing if flow != node.default and self._is_open(node, flow))
        chosen = next(ways, node.default)
        if chosen is None:
            problem = message("No way out of “%(node)s” is open, and it has no default.", node=node.id)
            raise ProcessFaultError(problem, node.id)
        self._case.note(node.id, Event.CHOSE, flow=chosen)
        self._pending.append((chosen, scope))

    def _is_open(self, node: Node, flow: str) -> bool:
        return self._judge(node, self._net.flows[flow].condition, self._case.variables)

    def _at_parallel_gateway(self, node: Node, scope: Id | None, flow: str) -> None:
        if node.joins:
            self._case.add_token(node, scope, flow)
            waiting: dict[str | None, Token] = {}
            for token in self._case.tokens.values():
                if token.node == node.id and token.scope == scope:
                    waiting.setdefault(token.flow, token)
            if len(waiting) < len(node.incoming):
                return
            for token in waiting.values():
                self._case.remove(token)
            self._case.note(node.id, Event.JOINED)
        self._leave(node, scope)

    def _at_subprocess(self, node: Node, scope: Id | None, _flow: str) -> None:
        token = self._case.add_token(node, scope)
        self._case.note(node.id, Event.ENTERED)
        self._leave(self._start_of(node.id), token.id)

    def _at_call_activity(self, node: Node, scope: Id | None, _flow: str) -> None:
        if not node.called:
            raise ProcessFaultError(message("“%(node)s” does not say what it calls.", node=node.id), node.id)
        token = self._case.add_token(node, scope)
        self._case.calls.append(Call(token.id, node.id, node.called))
        self._case.note(node.id, Event.CALLED, process=node.called)

    def _at_timer(self, node: Node, scope: Id | None, _flow: str) -> None:
        self._case.arm(node, self._case.add_token(node, scope))
        self._case.note(node.id, Event.ENTERED)

    def _at_end(self, node: Node, scope: Id | None, _flow: str) -> None:
        self._case.note(node.id, Event.ENDED)
        if scope is None:
            self._case.end = node.id

    def _at_terminate_end(self, node: Node, scope: Id | None, _flow: str) -> None:
        self._case.note(node.id, Event.TERMINATED)
        if scope is None:
            self._case.end = node.id
        self._case.kill_scope(scope)
        alive = self._case.tokens.keys()
        self._pending = [way for way in self._pending if way[1] != scope and (way[1] is None or way[1] in alive)]

    _Arrival: TypeAlias = Callable[["Transition", Node, Id | None, str], None]
    _ARRIVALS: ClassVar[Mapping[Kind, _Arrival]] = {
        Kind.USER: _at_user_task,
        Kind.SERVICE: _at_service_task,
        Kind.RULE: _at_rule_task,
        Kind.EXCLUSIVE: _at_exclusive_gateway,
        Kind.PARALLEL: _at_parallel_gateway,
        Kind.SUBPROCESS: _at_subprocess,
        Kind.CALL: _at_call_activity,
        Kind.CATCH: _at_timer,
        Kind.END: _at_end,
        Kind.TERMINATE: _at_terminate_end,
    }


def _no_such_outcome(node: Node, outcome: str | None) -> Message:
    if not node.outcomes:
        return message("“%(node)s” is finished without an outcome.", node=node.id)
    return message(
        "“%(outcome)s” is not an outcome of “%(node)s”; expected is one of %(outcomes)s.",
        outcome=outcome or "",
        node=node.id,
        outcomes=", ".join(node.outcomes),
    )


def _runaway(net: Net, flow: str) -> Message:
    return message(
        "Automatic nodes run in a circle through “%(node)s”; cut after %(steps)s steps.",
        node=net.flows[flow].source,
        steps=MAX_STEPS,
    )
