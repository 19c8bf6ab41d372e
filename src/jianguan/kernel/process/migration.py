"""Moving an open case to another version of its process: a plan that is shown first, and refused with reasons.

A token, item or timer moves to the node of the same id, or to the one named in the map. What has no counterpart is a
refusal, never a guess; what will be different for the case afterwards is a notice. The plan touches no clock: armed timers
keep their due dates, and timers that only the new version has are not armed for tokens that already wait. Whether the
moved case can still finish is asked of the explorer: `explore(new, declared, marking=plan.marking, variables=…)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from jianguan.kernel.messages import Message, message
from jianguan.kernel.process.marking import Id, Item, Marking, Timer, Token
from jianguan.kernel.process.net import Net, Node
from jianguan.kernel.process.ways import forward, reached


class NothingChangedError(ValueError):
    """The versions are the same, or the case has ended: the migration would only pretend to do something."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about one token, item or timer of the case, or about a node of the new version (id None)."""

    id: Id | None
    node: str
    message: Message


@dataclass(frozen=True, slots=True)
class Plan:
    """What a migration would do: the marking afterwards, with all ids kept, and what speaks against it.

    `moved` maps the nodes at which the case stands to those at which it would stand. `gained` are joins in front of the
    case that wait for more branches than those which have been started; such a case gets stuck if it is moved as it is.
    """

    marking: Marking
    moved: Mapping[str, str]
    refusals: tuple[Remark, ...]
    gained: tuple[Remark, ...]
    notices: tuple[Remark, ...]

    @property
    def possible(self) -> bool:
        """Whether nothing speaks against the move."""
        return not self.refusals and not self.gained


@dataclass(frozen=True, slots=True)
class _Versions:
    """Both versions, and how the ids of the old one are called in the new one."""

    old: Net
    new: Net
    names: Mapping[str, str]

    def counterpart(self, node: str | None) -> str | None:
        """The id that a node or flow would have in the new version."""
        return None if node is None else self.names.get(node, node)

    def nodes(self, node: str) -> tuple[Node, Node | None]:
        """A node of the old version and its counterpart, if it has one."""
        return self.old.nodes[node], self.new.nodes.get(self.names.get(node, node))


_Reasons = Iterator[Message]


def plan_migration(old: Net, new: Net, marking: Marking, names: Mapping[str, str] = MappingProxyType({})) -> Plan:
    """Plan to move a case at `marking` from one version to another; `names` maps ids of nodes and flows that changed.

    Raises `NothingChangedError` if the two versions are the same process, or if the case has ended.
    """
    if not marking.tokens:
        raise NothingChangedError(message("The case has ended; there is nothing to move."))
    if _essence(old) == _essence(new):
        raise NothingChangedError(message("Both versions are the same process; moving the case would change nothing."))
    versions = _Versions(old, new, names)
    parts: tuple[Token | Item | Timer, ...] = (*marking.tokens, *marking.items, *marking.timers)
    refusals = [Remark(None, target, reason) for target, reason in _senseless_names(versions)]
    refusals += [
        Remark(part.id, part.node, reason) for part in parts for reason in _reasons_against(versions, part, marking)
    ]
    here = dict.fromkeys(token.node for token in marking.tokens)
    return Plan(
        marking=Marking(
            tuple(_moved_token(versions, token) for token in marking.tokens),
            tuple(_moved_item(versions, item) for item in marking.items),
            tuple(replace(timer, node=versions.names.get(timer.node, timer.node)) for timer in marking.timers),
        ),
        moved={node: versions.names.get(node, node) for node in here},
        refusals=tuple(refusals),
        gained=tuple(_gained(versions, here)),
        notices=tuple(Remark(None, node, notice) for node in here for notice in _differences(versions, node)),
    )


def _essence(net: Net) -> tuple[object, ...]:
    """A net without its place in the file and in the drawing."""
    nodes = {node.id: replace(node, line=0, bounds=None, label=None) for node in net.nodes.values()}
    flows = {flow.id: replace(flow, line=0, waypoints=(), label=None) for flow in net.flows.values()}
    return net.name, net.name_en, net.stages, nodes, flows


def _senseless_names(versions: _Versions) -> Iterator[tuple[str, Message]]:
    for source, target in versions.names.items():
        there = source in versions.old.nodes and target in versions.new.nodes
        if not there and not (source in versions.old.flows and target in versions.new.flows):
            yield target, message("“%(old)s” → “%(new)s”: one of them does not exist.", old=source, new=target)


# ---------------------------------------------------------------------- what speaks against it


def _reasons_against(versions: _Versions, part: Token | Item | Timer, marking: Marking) -> _Reasons:
    old, new = versions.nodes(part.node)
    if new is None:
        yield message("“%(node)s” does not exist in the new version.", node=old.id)
    elif isinstance(part, Token):
        yield from _reasons_against_token(versions, part, old, new)
    elif isinstance(part, Item):
        yield from _reasons_against_item(old, new)
    else:
        host = next(token.node for token in marking.tokens if token.id == part.token)
        yield from _reasons_against_timer(versions, host, new)


def _reasons_against_token(versions: _Versions, token: Token, old: Node, new: Node) -> _Reasons:
    if (new.kind, new.rests, new.joins) != (old.kind, old.rests, old.joins):
        yield message("“%(new)s” is not the same kind of element as “%(old)s”.", new=new.id, old=old.id)
    elif token.flow and versions.counterpart(token.flow) not in new.incoming:
        yield message(
            "“%(node)s” has no flow “%(flow)s” any more, by which the case waits.", node=new.id, flow=token.flow
        )
    if versions.counterpart(old.scope) != new.scope:
        yield message("“%(new)s” lies in another sub-process than “%(old)s”.", new=new.id, old=old.id)


def _reasons_against_item(old: Node, new: Node) -> _Reasons:
    if (old.multi is None) != (new.multi is None):
        yield message("“%(node)s” is for one person in one version and for several in the other.", node=new.id)
    elif old.multi and new.multi and old.multi.tally != new.multi.tally:
        yield message("“%(node)s” counts its outcomes under another name.", node=new.id)


def _reasons_against_timer(versions: _Versions, host: str, new: Node) -> _Reasons:
    if new.timer is None or (new.host or new.id) != versions.counterpart(host):
        yield message("“%(node)s” is no timer of “%(host)s” in the new version.", node=new.id, host=host)


# ---------------------------------------------------------------------- what would be different


def _moved_token(versions: _Versions, token: Token) -> Token:
    return replace(token, node=versions.names.get(token.node, token.node), flow=versions.counterpart(token.flow))


def _moved_item(versions: _Versions, item: Item) -> Item:
    _, new = versions.nodes(item.node)
    if new is None:
        return item
    by_element = new.multi is not None and new.multi.role_from_element
    return replace(item, node=new.id, role=item.element if by_element else new.role)


def _differences(versions: _Versions, node: str) -> _Reasons:
    """What people will notice at a node where the case stands."""
    old, new = versions.nodes(node)
    if new is None:
        return
    if old.role != new.role:
        yield message("“%(node)s” goes from %(old)s to %(new)s.", node=new.id, old=old.role or "—", new=new.role or "—")
    if old.outcomes != new.outcomes:
        yield message("“%(node)s” now has the outcomes %(new)s.", node=new.id, new=", ".join(new.outcomes) or "—")
    if old.variable != new.variable:
        yield message("The outcome of “%(node)s” is now called %(new)s.", node=new.id, new=new.variable or "—")
    for event in new.boundaries:
        if event not in {versions.counterpart(boundary) for boundary in old.boundaries}:
            yield message("The timer “%(event)s” is new; it is not armed for this case.", event=event)


def _gained(versions: _Versions, here: Iterable[str]) -> Iterator[Remark]:
    """Joins that will wait for a branch which the case, already past the fork, has never started."""
    ways = forward(versions.new)
    ahead = [reached(lambda node: ways.get(node, ()), [versions.names.get(node, node)]) for node in here]
    for before in versions.old.nodes.values():
        join = versions.nodes(before.id)[1]
        if join is None or not before.joins or not join.joins:
            continue
        kept = {versions.counterpart(flow) for flow in before.incoming}
        for flow in join.incoming:
            source = versions.new.flows[flow].source
            if flow not in kept and any(join.id in nodes and source not in nodes for nodes in ahead):
                text = message(
                    "“%(join)s” now waits for “%(flow)s” too, a branch that was not started.", join=join.id, flow=flow
                )
                yield Remark(None, join.id, text)
