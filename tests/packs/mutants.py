"""Small wrong changes of packs: a limit, a cell of a table, an effect, a flow. Scenarios have to notice them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml
from lxml import etree

from jianguan.licensing.matters.pack import Pack

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
OURS = "{urn:jianguan:process:1}"
Files = Mapping[str, bytes]
Mutant = tuple[str, Files]


def mutants(pack: Pack) -> Iterator[Mutant]:
    """Every mutant of a pack: what was changed, and its files."""
    for make in (_limits, _promises, _cells, _results, _derivations, _effects, _flows):
        yield from make(pack)


def _limits(pack: Pack) -> Iterator[Mutant]:
    for name in yaml.safe_load(pack.files["matter.yaml"])["limits"]:
        matter = yaml.safe_load(pack.files["matter.yaml"])
        limit = matter["limits"][name]
        limit["duration"] = re.sub(r"\d+", lambda days: str(int(days[0]) + 1), limit["duration"])
        yield f"limit {name}", {**pack.files, "matter.yaml": yaml.safe_dump(matter, allow_unicode=True).encode()}


def _promises(pack: Pack) -> Iterator[Mutant]:
    """Another time of a promise, or a condition that spares another document or check."""
    text = pack.files["matter.yaml"]
    if "promise" not in yaml.safe_load(text):
        return
    for what, change in _PROMISES.items():
        matter = yaml.safe_load(text)
        if change(matter["promise"]):
            yield f"promise {what}", {**pack.files, "matter.yaml": yaml.safe_dump(matter, allow_unicode=True).encode()}


def _longer(block: dict[str, Any], key: str) -> bool:
    if key in block:
        block[key] = re.sub(r"\d+", lambda days: str(int(days[0]) + 1), block[key])
    return key in block


_PROMISES: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "time": lambda promise: _longer(promise.get("limit", {}), "duration"),
    "time of the check": lambda promise: _longer(promise["check"], "within"),
    "without a condition": lambda promise: promise["items"].pop(),
    "without a document": lambda promise: promise["items"][-1].pop("materials", None),
    "without a check": lambda promise: promise["items"][-1].pop("checks", None),
}


def _tables(pack: Pack) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in pack.files:
        if name.startswith("rules/"):
            yield name, json.loads(pack.files[name])


def _cells(pack: Pack) -> Iterator[Mutant]:
    """A condition of a row turned into its neighbour: the other truth, the next value, a number one larger."""
    for name, table in _tables(pack):
        for r, row in enumerate(table["rows"]):
            for c, cell in enumerate(row["when"]):
                changed = _other(cell, table["inputs"][c])
                if changed:
                    yield _with(pack, name, f"{name} {row['id']} {cell} → {changed}", _set_cell(r, c, changed))


def _set_cell(r: int, c: int, cell: str) -> Callable[[dict[str, Any]], None]:
    def change(table: dict[str, Any]) -> None:
        table["rows"][r]["when"][c] = cell

    return change


def _other(cell: str, column: Mapping[str, Any]) -> str | None:
    if cell == "-":
        return None
    if cell in ("true", "false"):
        return "false" if cell == "true" else "true"
    if column["type"] == "number" and re.search(r"\d", cell):
        return re.sub(r"\d+(\.\d+)?", lambda number: str(float(number[0]) + 1).removesuffix(".0"), cell, count=1)
    others = [json.dumps(value, ensure_ascii=False) for value in column.get("values", [])]
    return next((value for value in others if value not in cell), None)


def _results(pack: Pack) -> Iterator[Mutant]:
    """A row that says something else."""
    for name, table in _tables(pack):
        for r, row in enumerate(table["rows"]):
            if "result" in row["then"]:
                result = "passed" if row["then"]["result"] != "passed" else "hint"
                yield _with(pack, name, f"{name} {row['id']} says {result}", _set_result(r, result))


def _set_result(r: int, result: str) -> Callable[[dict[str, Any]], None]:
    def change(table: dict[str, Any]) -> None:
        table["rows"][r]["then"]["result"] = result

    return change


def _derivations(pack: Pack) -> Iterator[Mutant]:
    """A value derived another way: another operation, the operands the other way round, without its condition."""
    for name, derivation in yaml.safe_load(pack.files["matter.yaml"]).get("derive", {}).items():
        for what, changed in _otherwise(derivation):
            matter = yaml.safe_load(pack.files["matter.yaml"])
            matter["derive"][name] = changed
            files = {**pack.files, "matter.yaml": yaml.safe_dump(matter, allow_unicode=True).encode()}
            yield f"derive {name}: {what}", files


def _otherwise(derivation: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    operation = next(key for key in derivation if key != "where")
    named = derivation[operation]
    if "where" in derivation and operation != "any" and operation != "all":
        yield "whatever the rows say", {operation: named}
    if isinstance(named, list) and operation != "sum":
        yield "the other way round", {operation: named[::-1]}
    other = {
        "sum": "maximum",
        "maximum": "sum",
        "minimum": "sum",
        "days": "months",
        "months": "years",
        "years": "months",
    }
    if operation in other:
        kept = {key: value for key, value in derivation.items() if key == "where"}
        yield other[operation], {other[operation]: named, **kept}


def _with(pack: Pack, name: str, what: str, change: Callable[[dict[str, Any]], None]) -> Mutant:
    table = json.loads(pack.files[name])
    change(table)
    return what, {**pack.files, name: json.dumps(table, ensure_ascii=False).encode()}


def _effects(pack: Pack) -> Iterator[Mutant]:
    effects = ["accept", "refuse", "complete"]
    for task in _process(pack).iter(f"{BPMN}serviceTask"):
        old = task.get(f"{OURS}effect")
        new = next(effect for effect in effects if effect != old)
        yield _redrawn(pack, f"effect {old} → {new}", str(task.get("id")), f"{OURS}effect", new)


def _flows(pack: Pack) -> Iterator[Mutant]:
    """A flow that leads to another step."""
    steps = [str(node.get("id")) for kind in ("userTask", "endEvent") for node in _process(pack).iter(BPMN + kind)]
    for flow in _process(pack).iter(f"{BPMN}sequenceFlow"):
        other = next(step for step in steps if step not in (flow.get("targetRef"), flow.get("sourceRef")))
        yield _redrawn(pack, f"flow {flow.get('id')} → {other}", str(flow.get("id")), "targetRef", other)


def _process(pack: Pack) -> etree._Element:
    return etree.fromstring(pack.files["process.bpmn"])


def _redrawn(pack: Pack, what: str, element_id: str, attribute: str, value: str) -> Mutant:
    root = _process(pack)
    (element,) = (one for one in root.iter() if one.get("id") == element_id)
    element.set(attribute, value)
    return what, {**pack.files, "process.bpmn": etree.tostring(root)}
