"""The working copy of a case during one transition, and the account of what became different in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from jianguan.kernel.process.marking import (
    NOTHING,
    Call,
    Delta,
    Effect,
    Event,
    Id,
    Item,
    ItemState,
    LogLine,
    Marking,
    Status,
    Timer,
    Token,
)
from jianguan.kernel.process.net import Kind, Net, Node

UNFINISHED = frozenset({ItemState.OPEN, ItemState.QUEUED})
_OUTSIDE = frozenset({Kind.CALL, Kind.SERVICE})


class WorkingCopy:
    """Tokens, items, timers and variables that may change, and the log of a transition.

    It has state because a step touches these in turn, and what it makes may be unmade before it ends; the marking and
    the variables it was made from are never touched. `original` is what the variables are compared with in the end.
    """

    __slots__ = (
        "_before",
        "_new_id",
        "answered",
        "calls",
        "effects",
        "end",
        "fired",
        "flows",
        "items",
        "log",
        "net",
        "original",
        "status",
        "timers",
        "tokens",
        "variables",
    )

    def __init__(self, net: Net, marking: Marking, variables: Mapping[str, object], new_id: Callable[[], Id]) -> None:
        self.net = net
        self._before = marking
        self.original = variables
        self._new_id = new_id
        self.tokens: dict[Id, Token] = {token.id: token for token in marking.tokens}
        self.items: dict[Id, Item] = {item.id: item for item in marking.items}
        self.timers: dict[Id, Timer] = {timer.id: timer for timer in marking.timers}
        self.variables: dict[str, object] = dict(variables)
        self.flows: list[str] = []
        self.log: list[LogLine] = []
        self.effects: list[Effect] = []
        self.calls: list[Call] = []
        self.fired: Timer | None = None
        self.answered: Id | None = None
        self.status = Status.ACTIVE
        self.end: str | None = None

    def note(self, node: str | None, event: Event, /, **data: object) -> None:
        """Write a line of the log."""
        self.log.append(LogLine(node, event, MappingProxyType(data) if data else NOTHING))

    def add_token(self, node: Node, scope: Id | None, flow: str | None = None) -> Token:
        """A new token, with the timers of the boundary events of its node."""
        token = Token(self._new_id(), node.id, scope, flow)
        self.tokens[token.id] = token
        for boundary in node.boundaries:
            self.arm(self.net.nodes[boundary], token)
        return token

    def arm(self, node: Node, token: Token) -> None:
        """Arm the timer of an event on `token`."""
        if node.timer is not None:
            timer = Timer(self._new_id(), token.id, node.id, node.timer)
            self.timers[timer.id] = timer

    def add_item(self, node: Node, token: Token, element: str | None = None, position: int = 0) -> None:
        """A new work item; in a sequence all but the first wait for their turn."""
        queued = node.multi is not None and node.multi.sequential and position > 0
        role = element if node.multi and node.multi.role_from_element else node.role
        state = ItemState.QUEUED if queued else ItemState.OPEN
        item = Item(self._new_id(), token.id, node.id, role, element, position, state)
        self.items[item.id] = item

    def set_item(self, item: Item, state: ItemState) -> None:
        """Move an item to another state."""
        self.items[item.id] = replace(item, state=state)

    def unfinished(self, token: Token) -> list[Item]:
        """The open and queued items of a token."""
        return [item for item in self.items.values() if item.token == token.id and item.state in UNFINISHED]

    def remove(self, token: Token) -> None:
        """Take a token away with all that hangs on it."""
        del self.tokens[token.id]
        for item in self.unfinished(token):
            self.set_item(item, ItemState.WITHDRAWN)
        for timer in [timer for timer in self.timers.values() if timer.token == token.id]:
            del self.timers[timer.id]

    def kill(self, token: Token) -> None:
        """Take a token away from outside, with everything below it."""
        self.kill_scope(token.id)
        self.remove(token)
        if self.net.nodes[token.node].kind is not Kind.PARALLEL:
            self.note(token.node, Event.WITHDRAWN)

    def kill_scope(self, scope: Id | None) -> None:
        """Take away every token of a scope; None is the whole case."""
        for token in [token for token in self.tokens.values() if token.scope == scope]:
            self.kill(token)

    def finished_scope(self) -> Token | None:
        """The token of a sub-process in which nothing is left, if there is one."""
        populated = {token.scope for token in self.tokens.values()}
        for token in self.tokens.values():
            if token.id not in populated and self.net.nodes[token.node].kind is Kind.SUBPROCESS:
                return token
        return None

    def delta(self) -> Delta:
        """What is different from the beginning."""
        old = {token.id for token in self._before.tokens}
        removed = tuple(token for token in self._before.tokens if token.id not in self.tokens)
        timers = {timer.id for timer in self._before.timers}
        fired = (self.fired,) if self.fired else ()
        before, after = self._stops(self._before.tokens), self._stops(self.tokens.values())
        return Delta(
            tokens_added=tuple(token for token in self.tokens.values() if token.id not in old),
            tokens_removed=removed,
            **_item_changes(self._before.items, self.items.values()),
            timers_armed=tuple(timer for timer in self.timers.values() if timer.id not in timers),
            timers_fired=fired,
            timers_disarmed=tuple(t for t in self._before.timers if t.id not in self.timers and t not in fired),
            variables={name: v for name, v in self.variables.items() if _differs(self.original, name, v)},
            effects=tuple(effect for effect in self.effects if effect.token is None or effect.token in self.tokens),
            calls=tuple(call for call in self.calls if call.token in self.tokens),
            abandoned=tuple(token for token in removed if self._is_abandoned(token)),
            stops_begun=tuple(reason for reason in after if reason not in before),
            stops_ended=tuple(reason for reason in before if reason not in after),
            status=self.status,
            end=self.end if self.status is Status.DONE else None,
            log=tuple(self.log),
            flows=tuple(self.flows),
        )

    def _stops(self, tokens: Iterable[Token]) -> dict[str, None]:
        reasons = (self.net.nodes[token.node].stops for token in tokens)
        return {reason: None for reason in reasons if reason}

    def _is_abandoned(self, token: Token) -> bool:
        return token.id != self.answered and self.net.nodes[token.node].kind in _OUTSIDE


def _item_changes(before: Iterable[Item], after: Iterable[Item]) -> dict[str, tuple[Item, ...]]:
    """The items opened, activated, done and withdrawn; a new one that was withdrawn at once has never been there."""
    old = {item.id: item.state for item in before}
    changes: dict[str, list[Item]] = {change: [] for change in ("opened", *_CHANGES.values())}
    for item in after:
        if item.id not in old:
            if item.state in UNFINISHED:
                changes["opened"].append(item)
        elif item.state is not old[item.id]:
            changes[_CHANGES[item.state]].append(item)
    return {f"items_{change}": tuple(items) for change, items in changes.items()}


_CHANGES = {ItemState.OPEN: "activated", ItemState.DONE: "done", ItemState.WITHDRAWN: "withdrawn"}


def _differs(original: Mapping[str, object], name: str, value: object) -> bool:
    """Whether a variable is new or another than before; `true` and 1 are not the same."""
    return name not in original or type(original[name]) is not type(value) or original[name] != value
