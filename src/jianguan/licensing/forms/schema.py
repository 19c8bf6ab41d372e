"""Form files: from `form.schema.json` to a `Form`.

A form file is a JSON Schema 2020-12 of the record, with hints for the page; `form.meta.schema.json` is its exact shape.
The file says less than the schema a record is held against: what is required when, the codes of dictionaries and the
limits of text are added here. Answers are text, except yes and no (boolean), several choices (list of codes) and rows
(list of objects); a number is text so that no digit is lost on the way.

Form        title, x-title-en   its name
            x-sections          [{key, title: {zh, en}, hint?: {zh, en}, fields: [key, …]}]; every field stands in one
            properties          the fields by key; keys are lower-case letters, digits and _

Every field title, x-title-en   the question, in both languages
            x-widget            text, textarea, number, date, choice-select, choice-radio, checks (several choices),
                                yes-no, uscc, id-card, phone, rows (a repeating group), and two whose choices depend on
                                the case: works (several of the project's single works), region
            x-hint              {zh, en} shown below the input
            x-span              4 (default), 6, 8 or 12 of the page's twelve columns
            x-required          false for a question that may stay open; true by default
            x-show              {other: answer or [answers]}: asked only if all hold. What is not asked is not in the
                                record; a record that has it nevertheless is refused
            x-prefill           where the first value comes from: "project.name"; see `form.Known`
            x-lock              true: what the platform knows there cannot be changed. Where it knows nothing, the field
                                is open

Text        minLength, maxLength (200, textarea 2000)
            pattern             with `examples: [one]` and `x-message: {zh, en}`, the sentence for what does not fit
            x-format            a kind of number in `notation.FORMATS`; it is refused only for what is certain. The widgets
                                uscc, id-card and phone have theirs already
            x-sensitive         id_card or phone: encrypted when stored, masked when shown
            x-fill              {from: library, to: {field: name in the entry}}: a button that fetches more by this number
            x-unit              {zh, en}
Number      x-decimals          digits after the point at most; 0 is a whole number
            x-minimum, x-maximum, x-above (exclusive), x-unit
Date        x-after             another date of the same level that must be earlier
Choice      x-dictionary        key of a dictionary, or
            x-options           [{code, zh, en}]
            minItems, maxItems  of checks and works
Rows        items.properties    the fields of a row; no rows within rows, no prefill
            x-row               their order
            x-layout            table (default) or cards, for rows of many fields
            minItems (1), maxItems
            allOf               [{contains: {required: [field], properties: {field: {enum: [answers]}}}}]: a row like that
                                must be there
            x-min-message       {zh, en}, the sentence when too few rows, or not those, are there
            default             rows a new form starts with
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from jianguan.kernel.messages import message
from jianguan.kernel.transparency.canonical import digest
from jianguan.licensing.forms.defects import Defect, File, FormError, defects
from jianguan.licensing.forms.form import Condition, Dictionaries, Field, Fill, Form, Option, Section, Text

FORMAT_OF_WIDGET: Final = MappingProxyType({"uscc": "uscc", "id-card": "id_card", "phone": "phone"})
_LIMITS: Final = MappingProxyType({"textarea": 2000, "number": 40, "date": 40, "uscc": 40, "id-card": 40, "phone": 40})


def read_file(path: Path) -> File:
    """The JSON of a form file; `FormError` where it is none, or says something twice."""
    try:
        file: File = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        says = message("This is no JSON: %(detail)s.", detail=str(error))
        raise FormError([Defect(path.name, says)]) from error
    return file


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"an entry stands twice among {', '.join(found)}")
    return found


def compile_form(file: File, dictionaries: Dictionaries) -> Form:
    """The form of a file; `FormError` with every defect where it is none."""
    if found := defects(file, dictionaries):
        raise FormError(found)
    fields = {key: _field(key, file["properties"], dictionaries) for key in file["properties"]}
    sections = tuple(
        Section(
            key=section["key"],
            title=Text(**section["title"]),
            fields=tuple(fields[key] for key in section["fields"]),
            hint=_text(section, "hint"),
        )
        for section in file["x-sections"]
    )
    schema = {**file, **_object(file["properties"], fields)}
    return Form(_title(file), sections, MappingProxyType(schema), digest(file).hex())


# --- fields


def _field(key: str, siblings: File, dictionaries: Dictionaries) -> Field:
    source = siblings[key]
    widget = source["x-widget"]
    columns = source["items"]["properties"] if widget == "rows" else {}
    return Field(
        key=key,
        title=_title(source),
        widget=widget,
        required=source.get("x-required", True),
        hint=_text(source, "x-hint"),
        unit=_text(source, "x-unit"),
        span=12 if widget == "rows" else source.get("x-span", 4),
        options=_options(source, dictionaries),
        show=tuple(_conditions(key, siblings)),
        prefill=source.get("x-prefill", ""),
        locked=source.get("x-lock", False),
        sensitive=source.get("x-sensitive", ""),
        format=source.get("x-format", FORMAT_OF_WIDGET.get(widget, "")),
        fill=Fill(source["x-fill"]["from"], MappingProxyType(source["x-fill"]["to"])) if "x-fill" in source else None,
        advice=_text(source, "x-message") or _text(source, "x-min-message"),
        example=source.get("examples", [""])[0],
        limit=source.get("maxLength", _LIMITS.get(widget, 200)),
        layout=source.get("x-layout", "table"),
        columns=tuple(_field(column, columns, dictionaries) for column in source.get("x-row", ())),
        least=source.get("minItems", 1) if source.get("x-required", True) else 0,
        most=source.get("maxItems", 0),
        opening=tuple(MappingProxyType(row) for row in source.get("default", ())),
    )


def _title(source: File) -> Text:
    return Text(source["title"], source["x-title-en"])


def _text(source: File, hint: str) -> Text | None:
    return Text(**source[hint]) if hint in source else None


def _options(source: File, dictionaries: Dictionaries) -> tuple[Option, ...]:
    if "x-dictionary" not in source:
        return tuple(Option(one["code"], Text(one["zh"], one["en"])) for one in source.get("x-options", ()))
    key = source["x-dictionary"]
    return tuple(
        Option(code, Text(*(dictionaries.name(key, code, language) for language in ("zh-hans", "en"))))
        for code in dictionaries.codes(key)
    )


def _conditions(key: str, siblings: File) -> Iterator[Condition]:
    """The field's own conditions, and those of the fields they name."""
    for other, values in siblings[key].get("x-show", {}).items():
        yield from _conditions(other, siblings)
        yield Condition(other, tuple(values if isinstance(values, list) else [values]))


# --- the schema of the record


def _object(properties: File, fields: Mapping[str, Field]) -> dict[str, Any]:
    """What every JSON Schema validator understands; `vocabulary` has the words of our own."""
    always = [key for key, field in fields.items() if field.required and not field.show]
    orders = {key: source["x-after"] for key, source in properties.items() if "x-after" in source}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": always,
        "properties": {key: _property(source, fields[key]) for key, source in properties.items()},
        "allOf": [_only_if_asked(field) for field in fields.values() if field.show],
        "x-order": orders,
    }


def _only_if_asked(field: Field) -> dict[str, Any]:
    return {
        "if": {
            "allOf": [
                {"required": [condition.field], "properties": {condition.field: {"enum": list(condition.values)}}}
                for condition in field.show
            ]
        },
        "then": {"required": [field.key]} if field.required else {},
        "else": {"properties": {field.key: {"not": {}}}},
    }


def _property(source: File, field: Field) -> dict[str, Any]:
    made: dict[str, Any] = dict(source)
    codes = [option.code for option in field.options]
    if source["type"] == "string":
        made |= {"minLength": source.get("minLength", 1), "maxLength": field.limit}
        made |= {"enum": codes} if codes else {}
        made |= {"x-format": field.format} if field.format else {}
    elif source["type"] == "array":
        made |= {"minItems": source.get("minItems", 1)}
        made |= _rows(source, field) if field.columns else _choices(codes)
    return made


def _rows(source: File, field: Field) -> dict[str, Any]:
    return {"items": _object(source["items"]["properties"], {column.key: column for column in field.columns})}


def _choices(codes: list[str]) -> dict[str, Any]:
    return {"uniqueItems": True, "items": {"enum": codes} if codes else {"type": "string", "maxLength": 200}}
