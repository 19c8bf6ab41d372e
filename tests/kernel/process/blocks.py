"""Processes made of blocks: each block draws itself as BPMN, and says by itself, without tokens, what may happen next.

The second is the yardstick of the engine: a small algebra of what is left to do, written without looking at the engine. A
state is what is left (`None`: nothing). A move is a label, `("complete", node, outcome)` or `("fire", node)`, and the state
after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count, pairwise

from tests.kernel.process.drawing import (
    both,
    boundary,
    end,
    flows,
    net,
    service,
    several,
    start,
    sub,
    terminate,
    user,
    xor,
)

Label = tuple[str, ...]
Move = tuple[Label, "State | None"]


class State:
    """What is left to do; each kind of block has its own."""

    def moves(self) -> Iterator[Move]:
        raise NotImplementedError


class Block:
    """A piece of a process with one way in and one way out."""

    def begin(self) -> State | None:
        raise NotImplementedError

    def draw(self, pen: Pen) -> tuple[str, str]:
        """Draw elements; return the ids of the first and the last node."""
        raise NotImplementedError


@dataclass
class Pen:
    """Collects what has been drawn in one scope; ids are counted over all scopes."""

    ids: Iterator[int] = field(default_factory=lambda: count(1))
    elements: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def id(self, prefix: str) -> str:
        return f"{prefix}{next(self.ids)}"

    def add(self, *elements: str) -> None:
        self.elements.extend(elements)

    def link(self, *nodes: str, condition: str = "") -> None:
        self.lines.append(" -> ".join(nodes) + (f" if {condition}" if condition else ""))

    def inner(self) -> Pen:
        return Pen(self.ids)

    def close(self) -> list[str]:
        return [*self.elements, flows(*self.lines)]


# ---------------------------------------------------------------------- blocks


@dataclass(frozen=True)
class Task(Block):
    name: str = ""

    def begin(self) -> State:
        return Choosing(self.name, (("done", Nothing()),))

    def draw(self, pen: Pen) -> tuple[str, str]:
        pen.add(user(self.name))
        return self.name, self.name


@dataclass(frozen=True)
class Nothing(Block):
    """An automatic step."""

    name: str = ""

    def begin(self) -> None:
        return None

    def draw(self, pen: Pen) -> tuple[str, str]:
        pen.add(service(self.name))
        return self.name, self.name


@dataclass(frozen=True)
class Chain(Block):
    parts: tuple[Block, ...]

    def begin(self) -> State | None:
        return following(None, self.parts)

    def draw(self, pen: Pen) -> tuple[str, str]:
        drawn = [part.draw(pen) for part in self.parts]
        for (_, last), (first, _) in pairwise(drawn):
            pen.link(last, first)
        return drawn[0][0], drawn[-1][1]


@dataclass(frozen=True)
class Choice(Block):
    """A person decides which of two ways is taken."""

    left: Block
    right: Block
    name: str = ""

    def begin(self) -> State:
        return Choosing(self.name, (("x", self.left), ("y", self.right)))

    def draw(self, pen: Pen) -> tuple[str, str]:
        split, merge = f"{self.name}_split", f"{self.name}_merge"
        left, right = self.left.draw(pen), self.right.draw(pen)
        pen.add(user(self.name, "x y"), xor(split, f"{split}__{right[0]}"), xor(merge))
        pen.link(self.name, split)
        pen.link(split, left[0], condition=f'{self.name} = "x"')
        pen.link(split, right[0])
        pen.link(left[1], merge)
        pen.link(right[1], merge)
        return self.name, merge


@dataclass(frozen=True)
class Both(Block):
    parts: tuple[Block, ...]
    name: str = ""

    def begin(self) -> State | None:
        return beside([part.begin() for part in self.parts], race=False)

    def draw(self, pen: Pen) -> tuple[str, str]:
        fork, join = f"{self.name}_fork", f"{self.name}_join"
        pen.add(both(fork), both(join))
        for part in self.parts:
            first, last = part.draw(pen)
            pen.link(fork, first)
            pen.link(last, join)
        return fork, join


@dataclass(frozen=True)
class Loop(Block):
    """The body is done again as long as a person says so."""

    body: Block
    name: str = ""

    def begin(self) -> State | None:
        decision = Choosing(self.name, (("x", self), ("y", Nothing())))
        state = self.body.begin()
        return Sequence(state, (Later(decision),)) if state else decision

    def draw(self, pen: Pen) -> tuple[str, str]:
        merge, split, out = f"{self.name}_again", f"{self.name}_split", f"{self.name}_out"
        first, last = self.body.draw(pen)
        pen.add(xor(merge), user(self.name, "x y"), xor(split, f"{split}__{out}"), xor(out))
        pen.link(merge, first)
        pen.link(last, self.name, split)
        pen.link(split, merge, condition=f'{self.name} = "x"')
        pen.link(split, out)
        return merge, out


@dataclass(frozen=True)
class Several(Block):
    sequential: bool
    name: str = ""
    size: int = 3

    def begin(self) -> State:
        return Instances(self.name, self.sequential, self.size)

    def draw(self, pen: Pen) -> tuple[str, str]:
        pen.add(several(self.name, "done", sequential=self.sequential))
        return self.name, self.name


@dataclass(frozen=True)
class Part(Block):
    """A sub-process; with a timer it is cut off and `instead` is done, or only a reminder goes out."""

    body: Block
    instead: Block | None = None
    reminder: bool = False
    name: str = ""

    def begin(self) -> State | None:
        state = self.body.begin()
        return Hosted(state, self, self.reminder) if state else None

    def draw(self, pen: Pen) -> tuple[str, str]:
        inner = pen.inner()
        first, last = self.body.draw(inner)
        inner.add(start(f"{self.name}_in"), end(f"{self.name}_end"))
        inner.link(f"{self.name}_in", first)
        inner.link(last, f"{self.name}_end")
        pen.add(sub(self.name, *inner.close()))
        if self.reminder:
            pen.add(boundary(f"{self.name}_slow", self.name, interrupting=False), service(f"{self.name}_urge"))
            pen.add(end(f"{self.name}_urged"))
            pen.link(f"{self.name}_slow", f"{self.name}_urge", f"{self.name}_urged")
        if not self.instead:
            return self.name, self.name
        first, last = self.instead.draw(pen)
        pen.add(boundary(f"{self.name}_over", self.name), xor(f"{self.name}_merge"))
        pen.link(f"{self.name}_over", first)
        pen.link(last, f"{self.name}_merge")
        pen.link(self.name, f"{self.name}_merge")
        return self.name, f"{self.name}_merge"


@dataclass(frozen=True)
class Race(Block):
    """A sub-process whose branches end in terminate ends: the first one home ends the others."""

    parts: tuple[Block, ...]
    name: str = ""

    def begin(self) -> State | None:
        return beside([part.begin() for part in self.parts], race=True)

    def draw(self, pen: Pen) -> tuple[str, str]:
        inner = pen.inner()
        inner.add(start(f"{self.name}_in"), both(f"{self.name}_fork"))
        inner.link(f"{self.name}_in", f"{self.name}_fork")
        for number, part in enumerate(self.parts):
            first, last = part.draw(inner)
            inner.add(terminate(f"{self.name}_stop{number}"))
            inner.link(f"{self.name}_fork", first)
            inner.link(last, f"{self.name}_stop{number}")
        pen.add(sub(self.name, *inner.close()))
        return self.name, self.name


# ---------------------------------------------------------------------- what is left


@dataclass(frozen=True)
class Later(Block):
    """A state to be in when what is before it is done."""

    state: State

    def begin(self) -> State:
        return self.state


@dataclass(frozen=True)
class Choosing(State):
    name: str
    ways: tuple[tuple[str, Block], ...]

    def moves(self) -> Iterator[Move]:
        for outcome, block in self.ways:
            yield ("complete", self.name, outcome), block.begin()


@dataclass(frozen=True)
class Sequence(State):
    now: State
    rest: tuple[Block, ...]

    def moves(self) -> Iterator[Move]:
        for label, state in self.now.moves():
            yield label, following(state, self.rest)


@dataclass(frozen=True)
class Beside(State):
    parts: tuple[State | None, ...]
    race: bool

    def moves(self) -> Iterator[Move]:
        for number, part in enumerate(self.parts):
            for label, state in part.moves() if part else ():
                yield label, beside([*self.parts[:number], state, *self.parts[number + 1 :]], race=self.race)


@dataclass(frozen=True)
class Instances(State):
    name: str
    sequential: bool
    left: int

    def moves(self) -> Iterator[Move]:
        after = replace(self, left=self.left - 1) if self.left > 1 else None
        for _ in range(1 if self.sequential else self.left):
            yield ("complete", self.name, "done"), after


@dataclass(frozen=True)
class Hosted(State):
    now: State
    host: Part
    reminder: bool

    def moves(self) -> Iterator[Move]:
        for label, state in self.now.moves():
            yield label, replace(self, now=state) if state else None
        if self.reminder:
            yield ("fire", f"{self.host.name}_slow"), replace(self, reminder=False)
        if self.host.instead:
            yield ("fire", f"{self.host.name}_over"), self.host.instead.begin()


def following(state: State | None, rest: tuple[Block, ...]) -> State | None:
    while state is None and rest:
        state, rest = rest[0].begin(), rest[1:]
    return Sequence(state, rest) if state and rest else state


def beside(parts: list[State | None], *, race: bool) -> State | None:
    ended = (any if race else all)(part is None for part in parts)
    return None if ended else Beside(tuple(parts), race)


# ---------------------------------------------------------------------- whole processes


def named(block: Block, ids: Iterator[int] | None = None) -> Block:
    """The same block with a name of its own on every part."""
    ids = ids or count(1)
    changes: dict[str, object] = {}
    if hasattr(block, "name"):
        changes["name"] = f"{type(block).__name__.lower()}{next(ids)}"
    for key in ("parts", "left", "right", "body", "instead"):
        value = getattr(block, key, None)
        if isinstance(value, tuple):
            changes[key] = tuple(named(part, ids) for part in value)
        elif isinstance(value, Block):
            changes[key] = named(value, ids)
    return replace(block, **changes)


def drawn(block: Block):
    """The net of a process that consists of this block."""
    pen = Pen()
    first, last = block.draw(pen)
    pen.add(start(), end())
    pen.link("begin", first)
    pen.link(last, "end")
    return net(*pen.close())
