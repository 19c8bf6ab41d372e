"""Random tables in file form, small enough to be checked point by point."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

HITS = ["unique", "first", "any", "collect", "rule_order"]
NUMBERS = [str(n) for n in range(4)]
DAYS = [f'date("2026-01-0{n}")' for n in range(1, 5)]
TEXTS = ['"a"', '"b"', '"c"']
LITERALS = {"number": NUMBERS, "date": DAYS, "text": TEXTS, "boolean": ["true", "false"]}
PROSE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=8)
NAMES = st.fixed_dictionaries({"zh": PROSE, "en": PROSE})
OUTPUTS: list[tuple[dict[str, Any], st.SearchStrategy[object]]] = [
    ({"key": "result", "type": "text", "values": ["x", "y"]}, st.sampled_from(["x", "y", None])),
    ({"key": "_", "type": "localized", "name": {"zh": "说明", "en": "Note"}}, NAMES | st.none()),
    ({"key": "days", "type": "number"}, st.integers(-9, 9) | st.sampled_from(["0.50", "-.5", None])),
    ({"key": "On_1", "type": "date"}, st.sampled_from(["2026-01-31", None])),
    ({"key": "ok", "type": "boolean"}, st.booleans() | st.none()),
    ({"key": "say", "type": "text"}, PROSE | st.sampled_from(["two\nlines", '"\\']) | st.none()),
]


def _tests(kind: str) -> st.SearchStrategy[str]:
    literals = st.sampled_from(LITERALS[kind])
    if kind in {"boolean", "text"}:
        return literals
    comparisons = st.tuples(st.sampled_from(["<", "<=", ">", ">="]), literals).map(" ".join)
    bounds = st.lists(st.sampled_from(LITERALS[kind]), min_size=2, max_size=2, unique=True).map(sorted)
    intervals = st.tuples(st.sampled_from("[]("), bounds, st.sampled_from("[])")).map(
        lambda parts: f"{parts[0]}{parts[1][0]}..{parts[1][1]}{parts[2]}"
    )
    return st.one_of(literals, comparisons, intervals)


def _cells(kind: str) -> st.SearchStrategy[str]:
    lists = st.lists(_tests(kind), min_size=1, max_size=3).map(", ".join)
    return st.one_of(st.just("-"), lists, lists.map("not({})".format))


@st.composite
def _documents(draw: st.DrawFn) -> dict[str, Any]:
    kinds = draw(st.lists(st.sampled_from(sorted(LITERALS)), min_size=1, max_size=3))
    inputs = [{"key": f"in_{n}", "type": kind, "name": draw(NAMES)} for n, kind in enumerate(kinds)]
    for column in inputs:
        if column["type"] == "text" and draw(st.booleans()):
            column["values"] = ["a", "b", "c", "d"]
    outputs = draw(st.lists(st.sampled_from(OUTPUTS), min_size=1, max_size=3, unique_by=lambda pair: pair[0]["key"]))
    then = st.fixed_dictionaries({column["key"]: values for column, values in outputs})
    hit = draw(st.sampled_from(HITS))
    row = st.fixed_dictionaries(
        {"when": st.tuples(*map(_cells, kinds)).map(list), "then": then}, optional={"clause": PROSE, "note": PROSE}
    )
    rows = [{"id": f"r{n}", **body} for n, body in enumerate(draw(st.lists(row, min_size=1, max_size=5)))]
    document = {"key": "t-1", "name": draw(NAMES), "hit": hit, "inputs": inputs, "rows": rows}
    document["outputs"] = [column for column, _ in outputs]
    if draw(st.booleans()):
        document["default"] = draw(then | st.just([]) if hit in {"collect", "rule_order"} else then)
    if draw(st.booleans()):
        document["basis"] = draw(PROSE)
    return document


@pytest.fixture(scope="session")
def documents() -> st.SearchStrategy[dict[str, Any]]:
    """Table files over numbers 0 to 3, the first days of 2026, the letters a to c and truth values."""
    return _documents()


@pytest.fixture
def funding() -> dict[str, Any]:
    """A table file as a pack holds it."""
    return {
        "key": "funding",
        "name": {"zh": "建设资金落实", "en": "Funding in place"},
        "hit": "unique",
        "basis": "《建筑工程施工许可管理办法》第四条",
        "inputs": [
            {"key": "committed", "type": "boolean", "name": {"zh": "资金承诺书", "en": "Commitment of funds"}},
            {"key": "area", "type": "number", "name": {"zh": "建筑面积", "en": "Floor area"}},
            {"key": "applied_on", "type": "date", "name": {"zh": "申请日期", "en": "Day of application"}},
            {
                "key": "stage",
                "type": "text",
                "name": {"zh": "阶段", "en": "Stage"},
                "values": ["foundation", "structure", "fitting"],
            },
        ],
        "outputs": [
            {"key": "result", "type": "text", "values": ["passed", "failed", "exempt"]},
            {"key": "share", "type": "number", "name": {"zh": "到位比例", "en": "Share in place"}},
            {"key": "say", "type": "localized"},
        ],
        "rows": [
            {
                "id": "small",
                "when": ["-", "< 300", "-", "-"],
                "then": ["exempt", None, None],
                "clause": "第二条",
            },
            {
                "id": "committed",
                "when": ["true", ">= 300", '>= date("2021-03-30")', "-"],
                "then": {"result": "passed", "share": "0.5", "say": {"zh": "已承诺", "en": "Committed"}},
                "clause": "第四条第（五）项",
                "note": "2021 年修改",
            },
            {
                "id": "missing",
                "when": ["false", ">= 300", '>= date("2021-03-30")', '"foundation", "structure"'],
                "then": {"result": "failed", "share": 1, "say": {"zh": "缺少承诺书", "en": "No commitment"}},
            },
        ],
        "default": {"result": "failed", "share": None, "say": {"zh": "按旧规定审查", "en": "Old rules"}},
    }
