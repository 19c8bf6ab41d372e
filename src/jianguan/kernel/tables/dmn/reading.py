"""A DMN file as decision tables: translated to the form of a table file, which is then checked as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from jianguan.kernel.expressions.reader import ExpressionError, Reader
from jianguan.kernel.expressions.values import described, kind_of, plain
from jianguan.kernel.messages import message
from jianguan.kernel.tables.cells import ANY
from jianguan.kernel.tables.columns import OutputKind
from jianguan.kernel.tables.dmn.columns import Result, input_column, output_column
from jianguan.kernel.tables.dmn.elements import (
    DOCUMENTATION,
    Element,
    open_file,
    parts,
    place_of,
    prose_of,
    sole,
    text_of,
)
from jianguan.kernel.tables.dmn.names import ENGLISH, HIT_POLICIES, REFUSED, ROW, UNMATCHED
from jianguan.kernel.tables.dmn.types import Types
from jianguan.kernel.tables.document import from_json
from jianguan.kernel.tables.errors import DmnError, TableError
from jianguan.kernel.tables.table import COLLECTING, Hit, Table

ENTRY_LIMIT: Final = 10_000
"""The longest output entry, in characters."""

_POLICIES: Final[Mapping[str, Hit]] = {policy: hit for hit, policy in HIT_POLICIES.items()}
_BESIDE_DECISIONS: Final = DOCUMENTATION | {
    "DMNDI",
    "association",
    "elementCollection",
    "group",
    "inputData",
    "knowledgeSource",
    "organizationUnit",
    "performanceIndicator",
    "textAnnotation",
}
_BESIDE_LOGIC: Final = DOCUMENTATION | {
    "allowedAnswers",
    "authorityRequirement",
    "decisionMaker",
    "decisionOwner",
    "impactedPerformanceIndicator",
    "question",
    "supportedObjective",
    "usingProcess",
    "usingTask",
}


def read(data: bytes) -> tuple[Table, ...]:
    """The decision tables in a DMN file, in its order; raises `DmnError` for anything a table cannot express."""
    found = parts(open_file(data), {"decision", "itemDefinition"}, _BESIDE_DECISIONS)
    types = Types({element.get("name", ""): element for element in found["itemDefinition"]})
    return tuple(_table(decision, types) for decision in found["decision"])


def _table(decision: Element, types: Types) -> Table:
    known = {"description", "variable", "informationRequirement", "decisionTable"}
    found = parts(decision, known, _BESIDE_LOGIC)
    for requirement in found["informationRequirement"]:
        parts(requirement, {"requiredInput"})
    grid = sole(found["decisionTable"])
    if grid is None:
        raise DmnError(message("the decision holds no decision table."), place_of(decision))
    name, hit = decision.get("name", ""), _hit(grid)
    variable = sole(found["variable"])
    carrier = grid if grid.get("typeRef") or variable is None else variable
    document = {
        "key": decision.get("id", ""),
        "name": {"zh": name, "en": decision.get(ENGLISH, name)},
        "hit": hit,
        "basis": prose_of(sole(found["description"])),
        **_grid(grid, Result(name, carrier.get("typeRef", ""), hit in COLLECTING), types),
    }
    try:
        return from_json(document)
    except TableError as error:
        place = ", ".join(filter(None, (place_of(decision), error.place)))
        raise DmnError(error.problem, place) from None


def _hit(grid: Element) -> Hit:
    policy, aggregation = grid.get("hitPolicy", "UNIQUE"), grid.get("aggregation")
    if policy not in _POLICIES:
        raise DmnError(message("the hit policy %(policy)s cannot be expressed.", policy=policy), place_of(grid))
    if aggregation:
        problem = message("the aggregation %(aggregation)s cannot be expressed.", aggregation=aggregation)
        raise DmnError(problem, place_of(grid))
    return _POLICIES[policy]


def _grid(grid: Element, result: Result, types: Types) -> dict[str, Any]:
    found = parts(grid, {"input", "output", "rule"}, DOCUMENTATION | {"annotation"})
    outputs = [output_column(element, result, types, n) for n, element in enumerate(found["output"], start=1)]
    kinds = [output["type"] for output in outputs]
    defaults = [_default(element) for element in found["output"]]
    document = {
        "inputs": [input_column(element, types) for element in found["input"]],
        "outputs": outputs,
        "rows": [_row(element, kinds, n) for n, element in enumerate(found["rule"], start=1)],
    }
    if any(entry is not None for entry in defaults):
        document["default"] = [_value(entry, kind) for entry, kind in zip(defaults, kinds, strict=True)]
    elif result.collects and grid.get(UNMATCHED) != REFUSED:
        document["default"] = []
    return document


def _default(output: Element) -> Element | None:
    return sole(parts(output, {"defaultOutputEntry"}, DOCUMENTATION | {"outputValues"})["defaultOutputEntry"])


def _row(rule: Element, kinds: Sequence[OutputKind], number: int) -> dict[str, Any]:
    found = parts(rule, {"description", "inputEntry", "outputEntry", "annotationEntry"})
    notes = [text_of(entry) for entry in found["annotationEntry"]]
    if len(found["outputEntry"]) != len(kinds):
        raise DmnError(message("the rule does not have one entry for each output."), place_of(rule))
    return {
        "id": rule.get("id", f"r{number}").removeprefix(ROW),
        "when": [text_of(entry) or ANY for entry in found["inputEntry"]],
        "then": [_value(entry, kind) for entry, kind in zip(found["outputEntry"], kinds, strict=True)],
        "clause": prose_of(sole(found["description"])),
        "note": "\n".join(filter(None, notes)),
    }


def _value(entry: Element | None, kind: OutputKind) -> Any:
    """An output entry in the form of a table file; an empty one is null, as in FEEL."""
    text = text_of(entry)
    if entry is None or not text:
        return None
    try:
        reader = Reader(text, ENTRY_LIMIT)
        value = _localized(reader) if kind == "localized" and reader.take("{") else _scalar(reader, kind)
        reader.end()
    except ExpressionError as error:
        raise DmnError(error.message, place_of(entry)) from None
    return value


def _scalar(reader: Reader, kind: OutputKind) -> Any:
    position = reader.token.position
    value = reader.literal()
    if value is None or (isinstance(value, bool) and kind == "boolean"):
        return value
    if kind_of(value) != kind:
        raise ExpressionError(message("%(kind)s is not what the output gives.", kind=described(value)), position)
    return plain(value)


def _localized(reader: Reader) -> dict[str, Any]:
    """The entries of a FEEL context of texts, its opening bracket consumed."""
    entries: dict[str, Any] = {}
    while not reader.take("}"):
        if entries:
            reader.expect(",")
        name = reader.next().text.strip('"')
        reader.expect(":")
        entries[name] = reader.literal()
    return entries
