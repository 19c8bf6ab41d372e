"""What stands on a certificate, put together from the form as the pack says (`certificate.face` in matter.yaml).

Each entry names a field of the certificate's template and where its value comes from:

    project: works_name                                         an answer of the form, in words
    price: {answer: contract_price, format: number, suffix: 万元}  the same, formatted
    builders: {units: "009"}                                     units of a role with their leaders
    single_works: {works: works_ids}                              the single works chosen
    developer: {case: applicant_name}                            a value of the case
    before: {certificate: number}                                a value of the certificate the case is about
    scale: {held: scale}                                         what that certificate says, by entry or label of a row

Templates that know no fields of a matter take `rows: [[企业名称, {case: applicant_name}], …]` and `items: {of: group}`,
a repeating group of the form as a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import translation

from jianguan.licensing.certificates.service import Certificate
from jianguan.licensing.forms import service as forms
from jianguan.licensing.forms.service import NO_ANSWER, Group
from jianguan.licensing.matters.models import Case
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.prefill import known_of
from jianguan.registry.dictionaries import service as dictionaries
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.service import Works

DECISION, GRANTED = "decision", "特发此证。"  # an official document says otherwise that it grants something


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where values come from: the case, what it is about, the form as answered and in words."""

    case: Case
    certificate: Certificate | None
    record: Mapping[str, Any]
    lines: Mapping[str, str]
    groups: Mapping[str, Group]


def face(pack: Pack, case: Case, record: Mapping[str, Any], certificate: Certificate | None) -> dict[str, Any]:
    """The certificate's data; what was not answered is left out."""
    form = pack.matter.certificate
    assert form is not None
    sources = _read(pack, case, record, certificate)
    granting = form.template != DECISION and GRANTED not in form.statement.zh
    statement = [form.statement.zh, *([GRANTED] if granting else [])]
    data: dict[str, Any] = {"title": form.name.zh, "statement": statement}
    data["notes"] = [note.zh for note in form.notes]
    for name, source in form.face.items():
        value = _ENTRIES.get(name, _value)(source, sources)
        if value not in ("", None, []):
            data[name] = value
    return data


def _read(pack: Pack, case: Case, record: Mapping[str, Any], certificate: Certificate | None) -> _Sources:
    """The form in Chinese words, which is what certificates are written in whoever approves them."""
    with translation.override("zh-hans"):
        parts = forms.present(pack.form, record, known_of(case))
        lines = {line.name: line.text for part in parts for line in part.lines if line.text != NO_ANSWER}
    lines |= {name: str(record[name]) for name in pack.matter.derive if name in record}
    return _Sources(case, certificate, record, lines, {group.key: group for part in parts for group in part.groups})


def _rows(rows: list[list[Any]], sources: _Sources) -> list[list[str]]:
    shown = ((label, _value(source, sources)) for label, source in rows)
    return [[label, str(value)] for label, value in shown if value not in ("", None)]


def _items(source: Mapping[str, str], sources: _Sources) -> dict[str, Any]:
    group = sources.groups.get(source["of"])
    if group is None or not group.rows:
        return {}
    cells = [{line.title: line for line in row.lines} for row in group.rows]  # what is not asked in a row has no line
    secret = {head for row in cells for head, line in row.items() if line.sensitive}
    heads = [head for head in group.heads if head not in secret]
    return {"columns": heads, "rows": [[str(row.get(head, "")) for head in heads] for row in cells]}


_ENTRIES: Mapping[str, Callable[[Any, _Sources], Any]] = {"rows": _rows, "items": _items}


def _value(source: Any, sources: _Sources) -> Any:
    if isinstance(source, str):
        return sources.lines.get(source, "")
    kind = next(key for key in _SOURCES if key in source)
    return _SOURCES[kind](source, sources)


def _answer(source: Mapping[str, str], sources: _Sources) -> str:
    value = sources.record.get(source["answer"])
    if value in (None, ""):
        return ""
    text = _amount(Decimal(str(value))) if source.get("format") == "number" else str(value)
    return f"{text} {source['suffix']}" if "suffix" in source else text


def _amount(number: Decimal) -> str:
    """An amount as papers write it: thousands apart, two decimals at least."""
    exponent = number.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{number:,.{places}f}"


def _units(source: Mapping[str, str], sources: _Sources) -> list[dict[str, str]]:
    rows = [row for row in sources.record.get("units", []) if row.get("role") == source["units"]]
    title = {"title": source["title"]} if "title" in source else {}
    return [{"name": row["name"], "person": row.get("leader_name", ""), **title} for row in rows]


def _works(source: Mapping[str, str], sources: _Sources) -> list[dict[str, str]]:
    if sources.case.project_id is None:
        return []
    chosen = {UUID(works_id) for works_id in sources.record.get(source["works"]) or []}
    return [_line(works) for works in projects.works_of(sources.case.project_id) if works.id in chosen]


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


def _of_case(source: Mapping[str, str], sources: _Sources) -> str:
    return str(getattr(sources.case, source["case"]))


def _held(source: Mapping[str, str], sources: _Sources) -> Any:
    """What the certificate the case is about says, so that nobody is asked for it again."""
    said = sources.certificate.data if sources.certificate else {}
    return said.get(source["held"]) or dict(said.get("rows", [])).get(source["held"], "")


def _of_certificate(source: Mapping[str, str], sources: _Sources) -> str:
    return str(getattr(sources.certificate, source["certificate"], ""))


_SOURCES: Mapping[str, Callable[[Mapping[str, str], _Sources], Any]] = {
    "answer": _answer,
    "units": _units,
    "works": _works,
    "case": _of_case,
    "certificate": _of_certificate,
    "held": _held,
}
