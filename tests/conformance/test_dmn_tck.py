"""The DMN Technology Compatibility Kit, level 2: right answers, or a refusal that names what we do not express."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from jianguan.kernel.tables import DmnError, Output, Table, TableError, dmn

TCK = "{http://www.omg.org/spec/DMN/20160719/testcase}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
CONVERSIONS = {
    "xsd:decimal": Decimal,
    "xsd:string": str,
    "xsd:boolean": {"true": True, "false": False}.__getitem__,
    "xsd:date": date.fromisoformat,
}
REFUSALS = {
    "0001-input-data-string": "literalExpression",
    "0002-input-data-number": "literalExpression",
    "0003-input-data-string-allowed-values": "literalExpression",
    "0006-simpletable-P1": "PRIORITY",
    "0007-simpletable-P2": "PRIORITY",
    "0008-LX-arithmetic": "literalExpression",
    "0009-invocation-arithmetic": "businessKnowledgeModel",
    "0100-feel-constants": "literalExpression",
    "0101-feel-constants": "literalExpression",
    "0102-feel-constants": "literalExpression",
    "0105-feel-math": "literalExpression",
    "0106-feel-ternary-logic": "literalExpression",
    "0107-feel-ternary-logic-not": "literalExpression",
    "0110-outputOrder-hitpolicy": "OUTPUT ORDER",
    "0113-outputOrder-hitpolicy-singleinoutcol": "OUTPUT ORDER",
    "0114-min-collect-hitpolicy": "MIN",
    "0115-sum-collect-hitpolicy": "SUM",
    "0116-count-collect-hitpolicy": "COUNT",
    "0118-multi-priority-hitpolicy": "PRIORITY",
}
CASES_PASSED = 9
INPUTS_PASSED = 27


@dataclass(frozen=True)
class Case:
    """One folder of the kit: its table or why there is none, and the inputs that came out wrong."""

    refusal: str
    right: int
    wrong: tuple[str, ...]


@pytest.fixture(scope="module")
def cases(conformance: Path) -> Mapping[str, Case]:
    folders = sorted((conformance / "dmn-tck" / "TestCases" / "compliance-level-2").iterdir())
    return {folder.name: run(folder) for folder in folders}


@pytest.mark.conformance
def test_every_table_inside_the_subset_gives_every_expected_answer(cases: Mapping[str, Case]) -> None:
    assert {name: case.wrong for name, case in cases.items() if case.wrong} == {}


@pytest.mark.conformance
def test_everything_else_is_refused_by_the_name_of_what_is_not_expressed(cases: Mapping[str, Case]) -> None:
    refused = {name: case.refusal for name, case in cases.items() if case.refusal}
    assert refused.keys() == REFUSALS.keys()
    assert [name for name, refusal in refused.items() if REFUSALS[name] not in refusal] == []


@pytest.mark.conformance
def test_the_share_that_passes_does_not_sink(cases: Mapping[str, Case], capsys: pytest.CaptureFixture[str]) -> None:
    inside = [case for case in cases.values() if not case.refusal]
    passed = [case for case in inside if not case.wrong]
    right, total = sum(case.right for case in inside), sum(case.right + len(case.wrong) for case in inside)
    with capsys.disabled():
        sys.stdout.write(
            f"\nDMN TCK level 2: {len(passed)} of {len(inside)} cases inside the subset passed "
            f"({right} of {total} inputs), {len(passed)} of {len(cases)} of all cases; the others are refused by name.\n"
        )
    assert len(passed) >= CASES_PASSED
    assert right >= INPUTS_PASSED


def run(folder: Path) -> Case:
    try:
        (table,) = dmn.read(next(folder.glob("*.dmn")).read_bytes())
    except DmnError as error:
        return Case(str(error), 0, ())
    results = [
        check(table, case) for path in folder.glob("*-test-*.xml") for case in etree.parse(path).iter(f"{TCK}testCase")
    ]
    return Case("", results.count(""), tuple(filter(None, results)))


def check(table: Table, case: etree._Element) -> str:
    """What is wrong with the answer to one test case; empty if nothing is."""
    inputs = {node.get("name"): value(node) for node in case.iter(f"{TCK}inputNode")}
    expected = value(case.find(f"{TCK}resultNode/{TCK}expected"))
    try:
        found = answer(table, inputs)
    except TableError as error:
        return f"{case.get('id')}: {error}"
    return "" if found == expected else f"{case.get('id')}: {found!r} instead of {expected!r}"


def answer(table: Table, inputs: Mapping[str, object]) -> object:
    """The table's answer in the shape of DMN: a bare value for a lone output, a list where rows are collected."""
    outputs = [
        {name_in_file(column): row[column.key] for column in table.outputs}
        if len(table.outputs) > 1
        else next(iter(row.values()))
        for row in table.evaluate(inputs).outputs
    ]
    return outputs if table.hit in {"collect", "rule_order"} else outputs[0]


def name_in_file(column: Output) -> str:
    return column.name.zh if column.name else column.key


def value(node: etree._Element) -> object:
    """The value that the kit writes below `node`."""
    if (items := node.find(f"{TCK}list")) is not None:
        return [value(item) for item in items]
    if components := node.findall(f"{TCK}component"):
        return {component.get("name"): value(component) for component in components}
    written = node.find(f"{TCK}value")
    return CONVERSIONS[written.get(XSI_TYPE)](written.text)
