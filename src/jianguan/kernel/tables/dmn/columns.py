"""Input and output clauses of DMN as the columns of a table file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from jianguan.kernel.messages import message
from jianguan.kernel.tables.dmn.elements import Element, parts, place_of, sole, text_of
from jianguan.kernel.tables.dmn.names import ENGLISH
from jianguan.kernel.tables.dmn.types import Type, Types
from jianguan.kernel.tables.errors import DmnError


@dataclass(frozen=True, slots=True)
class Result:
    """What a decision gives: its name and type are those of a lone output, which may leave them out."""

    name: str
    type_name: str
    collects: bool


def input_column(element: Element, types: Types) -> dict[str, Any]:
    """The column of an `input` element, whose expression must be a name."""
    found = parts(element, {"inputExpression", "inputValues"})
    expression = sole(found["inputExpression"])
    text = text_of(expression)
    if expression is None or not re.fullmatch(r"\w+(\s+\w+)*", text):
        raise DmnError(message("the input expression “%(text)s” is not a name.", text=text), place_of(element))
    column = types.resolve(expression.get("typeRef", ""), element).narrowed(sole(found["inputValues"]))
    return _column(element, "_".join(text.split()), column, element.get("label") or text)


def output_column(element: Element, result: Result, types: Types, number: int) -> dict[str, Any]:
    """The column of the `output` element with this number, counted from 1."""
    found = parts(element, {"outputValues", "defaultOutputEntry"})
    base = types.resolve(element.get("typeRef") or result.type_name, element, collects=result.collects)
    name = element.get("name") or result.name
    key = _key(name, number)
    label = element.get("label") or (name if name != key else "")
    return _column(element, key, base.narrowed(sole(found["outputValues"])), label)


def _column(element: Element, key: str, column: Type, label: str) -> dict[str, Any]:
    names = {"name": {"zh": label, "en": element.get(ENGLISH, label)}} if label else {}
    values = {"values": list(column.values)} if column.values else {}
    return {"key": key, "type": column.kind, **names, **values}


def _key(name: str, number: int) -> str:
    key = re.sub(r"[^A-Za-z0-9_]+", "_", name)
    return key if key == name or re.search("[A-Za-z]", key) else f"output_{number}"
