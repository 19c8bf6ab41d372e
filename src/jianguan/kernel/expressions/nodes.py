"""The parts of a condition: immutable data that writes itself canonically."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from jianguan.kernel.expressions.values import Value, literal


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal."""

    constant: Value
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return literal(self.constant)


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Items:
    """A list of literals and variables."""

    items: tuple[Constant | Name, ...]
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.items))}]"


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary of a condition."""

    operand: Node
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"not({self.operand})"


@dataclass(frozen=True, slots=True)
class Junction:
    """Conditions joined by one word; no operand is a junction of the same word."""

    word: Literal["and", "or"]
    operands: tuple[Node, ...]
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f" {self.word} ".join(self._operand(operand) for operand in self.operands)

    def _operand(self, operand: Node) -> str:
        loose = self.word == "and" and isinstance(operand, Junction)
        return f"({operand})" if loose else str(operand)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values held against each other by a sign: = != < <= > >= in."""

    sign: str
    left: Node
    right: Node
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self._side(self.left)} {self.sign} {self._side(self.right)}"

    def _side(self, node: Node) -> str:
        return f"({node})" if isinstance(node, Junction | Comparison) else str(node)


Node = Constant | Name | Items | Not | Junction | Comparison


def walk(node: Node) -> Iterator[Node]:
    """`node` and everything below it, in the order of the text."""
    yield node
    for child in _children(node):
        yield from walk(child)


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Items():
            return node.items
        case Not():
            return (node.operand,)
        case Junction():
            return node.operands
        case Comparison():
            return (node.left, node.right)
        case _:
            return ()
