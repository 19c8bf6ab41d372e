"""Markings without ids, so that two of them can be compared: tokens are told apart by the path of their scopes."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple, TypeAlias

from jianguan.kernel.process.marking import Id, ItemState, Marking, Token

Work: TypeAlias = tuple[int, int, tuple[str, ...]]
"""What hangs on a token: how many items are open, how many queued, and the events whose timers are armed."""

Canonical: TypeAlias = tuple[tuple[object, ...], ...]
"""The tokens of a scope in a fixed order, each with its node, flow, work and the tokens inside."""


class Place(NamedTuple):
    """Where a token is: the nodes of the scopes from outside in, its node, the flow it came by, and its work."""

    scopes: tuple[str, ...]
    node: str
    flow: str
    work: Work


def canonical(marking: Marking) -> Canonical:
    """Equal for two markings exactly if they differ in nothing but ids and in which section has which item."""
    work = _work(marking)
    inside: dict[Id | None, list[Token]] = {}
    for token in marking.tokens:
        inside.setdefault(token.scope, []).append(token)

    def shape(scope: Id | None) -> Canonical:
        tokens = inside.get(scope, ())
        return tuple(sorted((token.node, token.flow or "", work[token.id], shape(token.id)) for token in tokens))

    return shape(None)


def places(marking: Marking) -> Counter[Place]:
    """How many tokens there are at each place."""
    work = _work(marking)
    by_id = {token.id: token for token in marking.tokens}

    def path(token: Token) -> tuple[str, ...]:
        if token.scope is None:
            return ()
        above = by_id[token.scope]
        return (*path(above), above.node)

    return Counter(Place(path(token), token.node, token.flow or "", work[token.id]) for token in marking.tokens)


def _work(marking: Marking) -> dict[Id, Work]:
    items = Counter((item.token, item.state) for item in marking.items)
    timers: dict[Id, list[str]] = {token.id: [] for token in marking.tokens}
    for timer in marking.timers:
        timers[timer.token].append(timer.node)
    return {
        token: (items[token, ItemState.OPEN], items[token, ItemState.QUEUED], tuple(sorted(armed)))
        for token, armed in timers.items()
    }
