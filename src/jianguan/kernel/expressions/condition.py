"""Conditions of sequence flows and completion conditions: parsed once, evaluated often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jianguan.kernel.expressions.evaluation import Environment, truth
from jianguan.kernel.expressions.nodes import Comparison, Constant, Items, Junction, Name, Node, Not, walk
from jianguan.kernel.expressions.reader import ExpressionError
from jianguan.kernel.expressions.values import Value
from jianguan.kernel.messages import message


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed condition; `str()` gives its canonical text, which parses to an equal condition."""

    root: Node
    _variables: tuple[Name, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_variables", tuple(node for node in walk(self.root) if isinstance(node, Name)))

    def evaluate(self, env: Environment) -> bool:
        """Whether the condition holds for the variables in `env`: bool, Decimal, int, date, str, None, lists of these.

        Every variable of the condition must be there, also where the answer would not depend on it. Beyond that,
        `and` and `or` stop at the operand that decides, so that `x != null and x > 5` is a guard.
        Raises `ExpressionError` for a missing variable, for a comparison of unlike kinds and for a result that is
        not true or false.
        """
        for variable in self._variables:
            if variable.name not in env:
                raise ExpressionError(message("“%(name)s” has no value.", name=variable.name), variable.position)
        return truth(self.root, env)

    def names(self) -> frozenset[str]:
        """The variables that the condition uses."""
        return frozenset(variable.name for variable in self._variables)

    def hints(self) -> dict[str, frozenset[Value]]:
        """For each variable the literals it is compared with; true and false for one that stands alone.

        A variable that holds a list is hinted at by the items that are looked for in it.
        """
        hints: dict[str, set[Value]] = {name: set() for name in self.names()}
        for part, value in _compared(self.root):
            if isinstance(part, Name):
                hints[part.name].add(value)
        return {name: frozenset(values) for name, values in hints.items()}

    def __str__(self) -> str:
        return str(self.root)


def _compared(root: Node) -> Iterator[tuple[Node, Value]]:
    """Every part of the condition that is held against a literal, with that literal."""
    yield from _decided(root)
    for node in walk(root):
        match node:
            case Comparison():
                yield from ((node.left, value) for value in _literals(node.right))
                yield from ((node.right, value) for value in _literals(node.left))
            case Not():
                yield from _decided(node.operand)
            case Junction():
                yield from _decided(*node.operands)


def _decided(*parts: Node) -> Iterator[tuple[Node, Value]]:
    return ((part, value) for part in parts for value in (True, False))


def _literals(node: Node) -> list[Value]:
    parts = node.items if isinstance(node, Items) else (node,)
    return [part.constant for part in parts if isinstance(part, Constant)]
