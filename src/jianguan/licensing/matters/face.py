"""What stands on a certificate, put together from the form as the pack says (`certificate.face` in matter.yaml).

Each entry names a field of the certificate's template and where its value comes from:

    project: works_name                                        an answer of the form
    price: {answer: contract_price, format: money, suffix: 万元}  the same, formatted
    builders: {units: "009"}                                    units of a role with their leaders
    single_works: {works: works_ids}                             the single works chosen
    developer: {case: applicant_name}                           a value of the case
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from jianguan.licensing.matters.models import Case
from jianguan.licensing.matters.pack import Pack
from jianguan.registry.dictionaries import service as dictionaries
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.service import Works


def face(pack: Pack, case: Case, record: Mapping[str, Any]) -> dict[str, Any]:
    """The certificate's data; what was not answered is left out."""
    form = pack.matter.certificate
    assert form is not None
    data: dict[str, Any] = {"statement": [form.statement.zh, "特发此证。"], "notes": [note.zh for note in form.notes]}
    for name, source in form.face.items():
        value = _value(source, case, record)
        if value not in ("", None, []):
            data[name] = value
    return data


def _value(source: Any, case: Case, record: Mapping[str, Any]) -> Any:
    if isinstance(source, str):
        return record.get(source, "")
    kind = next(key for key in _SOURCES if key in source)
    return _SOURCES[kind](source, case, record)


def _answer(source: Mapping[str, str], _case: Case, record: Mapping[str, Any]) -> str:
    value = record.get(source["answer"])
    if value in (None, ""):
        return ""
    text = f"{Decimal(str(value)):,}" if source.get("format") == "number" else str(value)
    return f"{text} {source['suffix']}" if "suffix" in source else text


def _units(source: Mapping[str, str], _case: Case, record: Mapping[str, Any]) -> list[dict[str, str]]:
    rows = [row for row in record.get("units", []) if row.get("role") == source["units"]]
    title = {"title": source["title"]} if "title" in source else {}
    return [{"name": row["name"], "person": row.get("leader_name", ""), **title} for row in rows]


def _works(source: Mapping[str, str], case: Case, record: Mapping[str, Any]) -> list[dict[str, str]]:
    if case.project_id is None:
        return []
    chosen = {UUID(works_id) for works_id in record.get(source["works"]) or []}
    return [_line(works) for works in projects.works_of(case.project_id) if works.id in chosen]


def _line(works: Works) -> dict[str, str]:
    area = (works.area_above or Decimal()) + (works.area_below or Decimal())
    line = {"name": works.name, "structure": dictionaries.name("structure", works.structure, "zh-hans")}
    if area:
        line["area"] = f"{area:,}"
    if works.floors_above is not None:
        line["floors"] = f"{works.floors_above}/{works.floors_below or 0}"
    if works.height is not None:
        line["height"] = f"{works.height}"
    return line


def _of_case(source: Mapping[str, str], case: Case, _record: Mapping[str, Any]) -> str:
    return str(getattr(case, source["case"]))


_SOURCES: Mapping[str, Callable[[Mapping[str, str], Case, Mapping[str, Any]], Any]] = {
    "answer": _answer,
    "units": _units,
    "works": _works,
    "case": _of_case,
}
