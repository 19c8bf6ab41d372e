"""Ways through a net: what can be reached, how far it is, and what lies ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from jianguan.kernel.process.net import Net


def reached(ahead: Callable[[str], Iterable[str]], starts: Iterable[str]) -> frozenset[str]:
    """The nodes that can be reached from `starts`, these included."""
    todo = list(starts)
    found = set(todo)
    while todo:
        new = [node for node in ahead(todo.pop()) if node not in found]
        found.update(new)
        todo.extend(new)
    return frozenset(found)


def ranks(net: Net) -> dict[str, int]:
    """How many steps each node is from the start, by the shortest way; more than all for what cannot be reached."""
    found = dict.fromkeys(net.nodes, len(net.nodes))
    level, rank = list(net.starts.get(None, ())), 0
    while level:
        found.update(dict.fromkeys(level, rank))
        rank += 1
        level = [after for node in level for after in net.successors(node) if found[after] > rank]
    return found


def forward(net: Net) -> dict[str, list[str]]:
    """The next nodes of each node, without those that lead back to where one has come from."""
    ways: dict[str, list[str]] = {}
    trail: list[tuple[str, Iterator[str]]] = [("", iter(net.starts.get(None, ())))]
    behind = {""}
    while trail:
        node, ahead = trail[-1]
        following = next(ahead, None)
        if following is None:
            trail.pop()
            behind.discard(node)
        elif following not in behind:
            ways.setdefault(node, []).append(following)
            if following not in ways:
                ways[following] = []
                behind.add(following)
                trail.append((following, iter(net.successors(following))))
    return ways
