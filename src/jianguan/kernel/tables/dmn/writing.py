"""A decision table as a DMN file."""

from __future__ import annotations

from typing import Any, Final

from lxml import etree

from jianguan.kernel.expressions.values import literal
from jianguan.kernel.tables.columns import Input, Localized, Output, OutputValue
from jianguan.kernel.tables.dmn.elements import Element
from jianguan.kernel.tables.dmn.names import (
    DC,
    DMNDI,
    ENGLISH,
    HIT_POLICIES,
    MODEL,
    NOTE,
    OURS,
    REFUSED,
    ROW,
    TYPES,
    UNMATCHED,
)
from jianguan.kernel.tables.evaluation import Row
from jianguan.kernel.tables.table import COLLECTING, Table

_PREFIXES: Final[dict[Any, str]] = {None: MODEL, "dmndi": DMNDI, "dc": DC, "jianguan": OURS}


def write(table: Table) -> bytes:
    """`table` as a DMN 1.3 file in UTF-8; `read` gives an equal table back."""
    root = etree.Element(f"{{{MODEL}}}definitions", nsmap=_PREFIXES)
    root.attrib.update({"id": f"definitions.{table.key}", "name": table.name.zh, "namespace": OURS})
    decision = _add(root, "decision", id=table.key, name=table.name.zh)
    decision.set(ENGLISH, table.name.en)
    if table.basis:
        _add(decision, "description", table.basis)
    grid = _add(decision, "decisionTable", id=f"table.{table.key}", hitPolicy=HIT_POLICIES[table.hit])
    if table.default is None and table.hit in COLLECTING:
        grid.set(UNMATCHED, REFUSED)
    for column in table.inputs:
        _input(grid, column)
    for output in table.outputs:
        _output(grid, output, table)
    if any(row.note for row in table.rows):
        _add(grid, "annotation", name=NOTE)
    for row in table.rows:
        _rule(grid, row)
    _drawing(root, table)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _input(grid: Element, column: Input) -> None:
    element = _add(grid, "input", id=f"input.{column.key}", label=column.name.zh)
    element.set(ENGLISH, column.name.en)
    expression = _add(element, "inputExpression", id=f"expression.{column.key}", typeRef=TYPES[column.kind])
    _add(expression, "text", column.key)
    _values(element, "inputValues", column)


def _output(grid: Element, column: Output, table: Table) -> None:
    element = _add(grid, "output", id=f"output.{column.key}", name=column.key, typeRef=TYPES[column.kind])
    if column.name:
        element.set("label", column.name.zh)
        element.set(ENGLISH, column.name.en)
    _values(element, "outputValues", column)
    if table.default:
        entry = _add(element, "defaultOutputEntry", id=f"default.{column.key}")
        _add(entry, "text", _literal(table.default[0][column.key]))


def _values(parent: Element, tag: str, column: Input | Output) -> None:
    if column.values:
        element = _add(parent, tag, id=f"values.{parent.get('id')}")
        _add(element, "text", ", ".join(map(literal, column.values)))


def _rule(grid: Element, row: Row) -> None:
    rule = _add(grid, "rule", id=f"{ROW}{row.id}")
    if row.clause:
        _add(rule, "description", row.clause)
    for n, cell in enumerate(row.cells):
        _add(_add(rule, "inputEntry", id=f"when.{row.id}.{n}"), "text", cell.text)
    for n, value in enumerate(row.then.values()):
        _add(_add(rule, "outputEntry", id=f"then.{row.id}.{n}"), "text", _literal(value))
    if row.note:
        _add(_add(rule, "annotationEntry"), "text", row.note)


def _drawing(root: Element, table: Table) -> None:
    """The one box that editors need in order to show the decision."""
    diagram = _add(_add(root, f"{{{DMNDI}}}DMNDI"), f"{{{DMNDI}}}DMNDiagram", id=f"diagram.{table.key}")
    shape = _add(diagram, f"{{{DMNDI}}}DMNShape", id=f"shape.{table.key}", dmnElementRef=table.key)
    _add(shape, f"{{{DC}}}Bounds", height="80", width="180", x="160", y="100")


def _literal(value: OutputValue) -> str:
    if isinstance(value, Localized):
        return f"{{zh: {literal(value.zh)}, en: {literal(value.en)}}}"
    return literal(value)


def _add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    element = etree.SubElement(parent, tag if tag.startswith("{") else f"{{{MODEL}}}{tag}", attributes)
    element.text = text
    return element
