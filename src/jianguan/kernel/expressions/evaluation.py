"""What a condition says about the variables of a case: unlike kinds are refused, never coerced."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, cast

from jianguan.kernel.expressions.nodes import Comparison, Constant, Items, Junction, Name, Node, Not
from jianguan.kernel.expressions.reader import ExpressionError
from jianguan.kernel.expressions.values import ORDERED, Value, described, exact, kind_of
from jianguan.kernel.messages import message

Environment = Mapping[str, object]
Operand = Value | tuple[Value, ...]

_ORDERINGS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def truth(node: Node, env: Environment) -> bool:
    """Whether `node` holds; its value must be true or false."""
    value = _value(node, env)
    if isinstance(value, bool):
        return value
    problem = message("“%(text)s” is %(kind)s, not true or false.", text=str(node), kind=described(value))
    raise ExpressionError(problem, node.position)


def _value(node: Node, env: Environment) -> Operand:
    match node:
        case Constant():
            return node.constant
        case Name():
            return _variable(node, env)
        case Items():
            return tuple(_item(item, env) for item in node.items)
        case Not():
            return not truth(node.operand, env)
        case Junction():
            return _junction(node, env)
        case Comparison():
            return _comparison(node, _value(node.left, env), _value(node.right, env))


def _variable(node: Name, env: Environment) -> Operand:
    found = env[node.name]
    if isinstance(found, list | tuple):
        return tuple(_scalar(node, item) for item in found)
    return _scalar(node, found)


def _scalar(node: Name, found: object) -> Value:
    kind = kind_of(found)
    if kind == "number":
        number = exact(cast("Decimal | int", found))
        if number is not None:
            return number
    elif kind or found is None:
        return cast("Value", found)
    problem = message("“%(name)s” holds %(found)s that a condition cannot use.", name=node.name, found=described(found))
    raise ExpressionError(problem, node.position)


def _item(item: Constant | Name, env: Environment) -> Value:
    value = _value(item, env)
    if isinstance(value, tuple):
        raise ExpressionError(message("“%(name)s” is a list inside a list.", name=str(item)), item.position)
    return value


def _junction(node: Junction, env: Environment) -> bool:
    deciding = node.word == "or"
    return deciding if any(truth(operand, env) is deciding for operand in node.operands) else not deciding


def _comparison(node: Comparison, left: Operand, right: Operand) -> bool:
    match node.sign:
        case "=":
            return _equal(node, left, right)
        case "!=":
            return not _equal(node, left, right)
        case "in":
            return _contained(node, left, right)
        case sign:
            if kind_of(left) != kind_of(right) or kind_of(left) not in ORDERED:
                raise _unlike(node, left, right)
            return _ORDERINGS[sign](left, right)


def _equal(node: Comparison, left: Operand, right: Operand) -> bool:
    if left is None or right is None:
        return left is right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(_equal(node, a, b) for a, b in zip(left, right, strict=True))
    if kind_of(left) is None or kind_of(left) != kind_of(right):
        raise _unlike(node, left, right)
    return left == right


def _contained(node: Comparison, left: Operand, right: Operand) -> bool:
    if not isinstance(right, tuple):
        problem = message("“%(right)s” is %(kind)s, not a list.", right=str(node.right), kind=described(right))
        raise ExpressionError(problem, node.right.position)
    # every item is looked at, so that an unlike one is an error wherever it stands
    return sum(_equal(node, left, item) for item in right) > 0


def _unlike(node: Comparison, left: Operand, right: Operand) -> ExpressionError:
    problem = message(
        "“%(comparison)s” cannot compare %(left)s with %(right)s.",
        comparison=str(node),
        left=described(left),
        right=described(right),
    )
    return ExpressionError(problem, node.position)
