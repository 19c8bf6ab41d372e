"""A record that passes, made from the form alone: for the gate, for tests and for demonstrations.

The numbers are made up, but right in themselves: the enterprise is one of the reference's inventions, the person's
number has the code of a whole province, which no real one has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from jianguan.licensing.forms.form import NOTHING, Field, Form, Known, Record
from jianguan.licensing.forms.posting import asked, settle

NUMBERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "uscc": "91460100MA5TE5T156",
        "org_code": "MA5TE5T15",
        "id_card": "460000199003075232",
        "identity": "460000199003075232",
        "phone": "13800000000",
        "project": "4601052604150103",
        "node_record": "4601052604150103-SX-001",
        "works": "4601052604150103-001",
        "investment_project": "2509-320193-89-01-544060",
        "permit": "460105202604150101",
        "drawing_review": "琼Z-001234-1-2026",
        "completion_filing": "46010501202604150001",
        "safety_licence": "(琼)JZ安许证字[2020]000001",
        "qualification": "D246000017",
        "builder": "琼246202100001",
        "safety_officer": "琼建安B(2026)0000001",
        "special_worker": "琼A032026000001",
        "e_certificate": "1.2.156.3005.2.11100000000013338W009.1146010000817TE53Q.460105202604150101.001.5",
    }
)
"""A number of every kind a form can ask for."""
_FIRST_DAY: Final = date(2027, 1, 1)
_ELSEWHERE: Final = MappingProxyType({"works": NUMBERS["works"], "region": "460000"})

Schema = Mapping[str, Any]


def sample(form: Form, known: Known = NOTHING, answers: Mapping[str, Any] = MappingProxyType({})) -> Record:
    """A record that passes, with these `answers` where the questions are asked."""
    made = _level(form.fields, form.schema["properties"], known)
    return settle(form, {**made, **answers}, known)


def sample_row(form: Form, group: str, answers: Mapping[str, Any]) -> Record:
    """A row of a group that passes, with these `answers` where the questions are asked."""
    field = next(field for field in form.fields if field.key == group)
    made = _level(field.columns, form.schema["properties"][group]["items"]["properties"], NOTHING)
    return asked(field.columns, {**made, **answers})


def leading_to(field: Field) -> dict[str, Any]:
    """Answers upon which the field is asked."""
    return {condition.field: condition.values[0] for condition in field.show}


def _level(fields: Iterable[Field], properties: Schema, known: Known) -> Record:
    return {field.key: _answer(field, properties, known) for field in fields}


def _answer(field: Field, properties: Schema, known: Known) -> Any:
    schema = properties[field.key]
    if field.chosen:
        return _choice(field, schema, known)
    match field.widget:
        case "rows":
            return _rows(field, schema, known)
        case "number":
            return _number(schema)
        case "date":
            return (_FIRST_DAY + timedelta(days=30 * _rank(field.key, properties))).isoformat()
    return _text(field, schema)


def _choice(field: Field, schema: Schema, known: Known) -> Any:
    if field.widget == "yes-no":
        return True
    codes = [option.code for option in known.options(field)] or [_ELSEWHERE[field.widget]]
    return codes[: schema["minItems"]] if field.several else codes[0]


def _text(field: Field, schema: Schema) -> str:
    if field.format:
        return NUMBERS[field.format]
    least = schema["minLength"]
    return field.example or ("示例内容" * least)[: max(least, min(4, field.limit))]


def _number(schema: Schema) -> str:
    step = Decimal(1).scaleb(-schema["x-decimals"])
    least = Decimal(schema.get("x-minimum", 1))
    if "x-above" in schema:
        least = Decimal(schema["x-above"]) + step
    return f"{min(least, Decimal(schema.get('x-maximum', least))):f}"


def _rank(key: str, properties: Schema) -> int:
    """How many dates must be earlier."""
    after = properties[key].get("x-after")
    return 1 + _rank(after, properties) if after else 0


def _rows(field: Field, schema: Schema, known: Known) -> list[Record]:
    """The rows that must be there, and one for each question that only some rows are asked."""
    answers = _level(field.columns, schema["items"]["properties"], known)
    wanted = [
        {key: among["enum"][0] for key, among in rule["contains"]["properties"].items()}
        for rule in schema.get("allOf", ())
    ]
    wanted += [{}] * (schema["minItems"] - len(wanted))
    rows = [asked(field.columns, {**answers, **one}) for one in wanted]
    for column in field.columns:
        if column.show and not any(column.key in row for row in rows):
            rows.append(asked(field.columns, {**answers, **leading_to(column)}))
    return rows[: field.most]
