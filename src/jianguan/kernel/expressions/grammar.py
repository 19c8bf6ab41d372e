"""The grammar of conditions, a subset of FEEL; nothing else exists: no functions, arithmetic, attributes or loops.

    condition   = conjunction { "or" conjunction }
    conjunction = comparison { "and" comparison }
    comparison  = operand [ ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) operand | "in" ( list | name ) ]
    operand     = literal | name | list | "not" "(" condition ")" | "(" condition ")"
    list        = "[" [ item { "," item } ] "]"        after "in" also in round brackets
    item        = literal | name
    literal     = number | quoted text | "true" | "false" | "null" | "date" "(" quoted day ")"

A text has at most 500 characters and 20 open brackets, so that the parser cannot be made to recurse away.
"""

from __future__ import annotations

from typing import Final, Literal

from jianguan.kernel.expressions.condition import Condition
from jianguan.kernel.expressions.nodes import Comparison, Constant, Items, Junction, Name, Node, Not
from jianguan.kernel.expressions.reader import ExpressionError, Reader
from jianguan.kernel.messages import message

NESTING: Final = 20
"""How many brackets may be open at once."""


def parse(text: str) -> Condition:
    """The condition that `text` writes; `ExpressionError` says what is wrong and where."""
    reader = Reader(text)
    root = _condition(reader, NESTING)
    reader.end()
    return Condition(root)


def _condition(reader: Reader, room: int) -> Node:
    operands = [_conjunction(reader, room)]
    while reader.take("or"):
        operands.append(_conjunction(reader, room))
    return _joined("or", operands)


def _conjunction(reader: Reader, room: int) -> Node:
    operands = [_comparison(reader, room)]
    while reader.take("and"):
        operands.append(_comparison(reader, room))
    return _joined("and", operands)


def _joined(word: Literal["and", "or"], operands: list[Node]) -> Node:
    """One junction; what brackets joined by the same word is drawn in, so that equal conditions have equal texts."""
    if len(operands) == 1:
        return operands[0]
    flat: list[Node] = []
    for operand in operands:
        flat.extend(operand.operands if isinstance(operand, Junction) and operand.word == word else [operand])
    return Junction(word, tuple(flat))


def _comparison(reader: Reader, room: int) -> Node:
    left = _operand(reader, room)
    position = reader.token.position
    sign = reader.take("=", "!=", "<", "<=", ">", ">=", "in")
    if not sign:
        return left
    right = _container(reader) if sign == "in" else _operand(reader, room)
    return Comparison(sign, left, right, position)


def _container(reader: Reader) -> Node:
    token = reader.token
    if token.kind == "name":
        reader.next()
        return Name(token.text, token.position)
    if opening := reader.take("[", "("):
        return _items(reader, "]" if opening == "[" else ")", token.position)
    raise reader.refusal(message("a list"))


def _items(reader: Reader, closing: str, position: int) -> Items:
    items: list[Constant | Name] = []
    while not reader.take(closing):
        if items:
            reader.expect(",")
        items.append(_item(reader))
    return Items(tuple(items), position)


def _item(reader: Reader) -> Constant | Name:
    token = reader.token
    if token.kind == "name":
        reader.next()
        return Name(token.text, token.position)
    return Constant(reader.literal(), token.position)


def _operand(reader: Reader, room: int) -> Node:
    position = reader.token.position
    if reader.take("["):
        return _items(reader, "]", position)
    negated = reader.take("not")
    if negated:
        reader.expect("(")
    elif not reader.take("("):
        return _item(reader)
    if room == 0:
        problem = message("more than %(nesting)s brackets are open.", nesting=NESTING)
        raise ExpressionError(problem, position)
    inner = _condition(reader, room - 1)
    reader.expect(")")
    return Not(inner, position) if negated else inner
