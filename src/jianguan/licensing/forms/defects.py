"""Whether a form file makes sense: its shape by `form.meta.schema.json`, and what refers to what.

A defect names the place in the file and says what is expected there. With a defect there is no form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import chain
from types import MappingProxyType
from typing import Any, Final

from jsonschema import Draft202012Validator

from jianguan.kernel.messages import Message, message
from jianguan.kernel.transparency.canonical import canonical
from jianguan.licensing.forms.form import Dictionaries
from jianguan.licensing.forms.notation import FORMATS

META: Final[Mapping[str, Any]] = json.loads(
    resources.files("jianguan.licensing.forms").joinpath("form.meta.schema.json").read_text(encoding="utf-8")
)
_VALIDATOR = Draft202012Validator(META)

File = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that is wrong with a form file, and where: `properties.units.maxItems`."""

    place: str
    says: Message


class FormError(ValueError):
    """The file is no form; `defects` say why."""

    def __init__(self, defects: Sequence[Defect]) -> None:
        self.defects = tuple(defects)
        super().__init__("\n".join(f"{defect.place}: {defect.says}" for defect in defects))


def defects(file: Any, dictionaries: Dictionaries) -> list[Defect]:
    """Everything that keeps the file from being a form; the references are looked at once the shape is right."""
    try:
        canonical(file)
    except (TypeError, ValueError) as error:
        return [Defect("", message("The file holds what is no plain JSON: %(detail)s", detail=str(error)))]
    if found := [_shape(error) for error in _VALIDATOR.iter_errors(file)]:
        return sorted(found, key=lambda defect: defect.place)
    return [*_sections(file), *_level(file["properties"], "properties", dictionaries)]


def coded(field: File, dictionaries: Dictionaries) -> list[str]:
    """The codes an answer is chosen from."""
    if "x-dictionary" in field:
        return list(dictionaries.codes(field["x-dictionary"]))
    return [option["code"] for option in field.get("x-options", ())]


# --- shape


def _shape(error: Any) -> Defect:
    explain = _SENTENCES.get(str(error.validator), _SENTENCES["default"])
    return Defect(".".join(map(str, error.absolute_path)), explain(error))


def _unknown(error: Any) -> Message:
    known = error.schema["properties"]
    strange = ", ".join(name for name in error.instance if name not in known)
    return message("%(names)s is not known here.", names=strange)


_SENTENCES: Final[Mapping[str, Callable[[Any], Message]]] = MappingProxyType(
    {
        "required": lambda e: message(
            "%(names)s must be given.", names=", ".join(name for name in e.validator_value if name not in e.instance)
        ),
        "dependentRequired": lambda e: message(
            "%(names)s must be given.",
            names=", ".join(
                need
                for name, needs in e.validator_value.items()
                if name in e.instance
                for need in needs
                if need not in e.instance
            ),
        ),
        "additionalProperties": _unknown,
        "type": lambda e: message("The value must be of type %(type)s.", type=str(e.validator_value)),
        "enum": lambda e: message("One of %(values)s is expected.", values=", ".join(map(str, e.validator_value))),
        "const": lambda e: message("%(value)s is expected.", value=json.dumps(e.validator_value)),
        "pattern": lambda e: message("%(value)s is not written as expected here.", value=str(e.instance)[:100]),
        "minLength": lambda _: message("The text is empty."),
        "default": lambda e: message(
            "This is not as expected: %(rule)s %(value)s.", rule=e.validator, value=e.validator_value
        ),
    }
)


# --- references


def _sections(file: File) -> Iterator[Defect]:
    placed: dict[str, str] = {}
    keys: set[str] = set()
    for n, section in enumerate(file["x-sections"]):
        place = f"x-sections.{n}"
        if section["key"] in keys:
            yield Defect(f"{place}.key", message("There is another section %(key)s.", key=section["key"]))
        keys.add(section["key"])
        for key in section["fields"]:
            if key not in file["properties"]:
                yield Defect(f"{place}.fields", message("There is no field %(key)s.", key=key))
            elif key in placed:
                yield Defect(f"{place}.fields", message("The field %(key)s is placed twice.", key=key))
            placed[key] = place
    for key in file["properties"]:
        if key not in placed:
            yield Defect(f"properties.{key}", message("The field is in no section."))


def _level(fields: File, place: str, dictionaries: Dictionaries) -> Iterator[Defect]:
    """The fields of one level: the form's, or a row's."""
    for key, field in fields.items():
        here = f"{place}.{key}"
        for rule in (_codes, _pattern, _format, _rows):
            for says in rule(field, dictionaries):
                yield Defect(here, says)
        for says in chain(_neighbours(field, fields), _conditions(key, fields, dictionaries)):
            yield Defect(here, says)
        if field["x-widget"] == "rows":
            yield from _level(field["items"]["properties"], f"{here}.items.properties", dictionaries)


def _codes(field: File, dictionaries: Dictionaries) -> Iterator[Message]:
    if field["x-widget"] not in {"choice-select", "choice-radio", "checks"}:
        return
    if ("x-dictionary" in field) == ("x-options" in field):
        yield message("Either x-dictionary or x-options must be given.")
        return
    codes = coded(field, dictionaries)
    if not codes:
        yield message("There is no dictionary %(key)s.", key=field["x-dictionary"])
    if len(set(codes)) < len(codes):
        yield message("A code occurs twice.")


def _pattern(field: File, _dictionaries: Dictionaries) -> Iterator[Message]:
    if "pattern" not in field:
        return
    try:
        fits = re.search(field["pattern"], field["examples"][0])
    except re.error as error:
        yield message("The pattern cannot be read: %(detail)s.", detail=error.msg)
    else:
        if not fits:
            yield message("The example does not fit the pattern.")


def _format(field: File, _dictionaries: Dictionaries) -> Iterator[Message]:
    if field.get("x-format", "uscc") not in FORMATS:
        yield message("There is no number of kind %(kind)s.", kind=field["x-format"])


def _rows(field: File, dictionaries: Dictionaries) -> Iterator[Message]:
    if field["x-widget"] != "rows":
        return
    columns = field["items"]["properties"]
    if sorted(field["x-row"]) != sorted(columns):
        yield message("x-row must name every field of the row once.")
    among = [one["contains"]["properties"] for one in field.get("allOf", ())]
    named = [(key, code) for one in among for key, rule in one.items() for code in rule["enum"]]
    named += [(key, code) for row in field.get("default", ()) for key, code in row.items()]
    for key, code in named:
        if key not in columns:
            yield message("There is no field %(key)s.", key=key)
        elif code not in _answers(columns[key], dictionaries):
            yield message("%(value)s is not an answer of %(key)s.", value=str(code), key=key)


def _answers(field: File, dictionaries: Dictionaries) -> list[Any]:
    return [True, False] if field["x-widget"] == "yes-no" else coded(field, dictionaries)


def _neighbours(field: File, fields: File) -> Iterator[Message]:
    if (after := field.get("x-after")) and fields.get(after, {}).get("x-widget") != "date":
        yield message("x-after must name a date, and %(key)s is none.", key=after)
    for key in field.get("x-fill", {}).get("to", ()):
        if key not in fields:
            yield message("There is no field %(key)s.", key=key)


def _conditions(key: str, fields: File, dictionaries: Dictionaries) -> Iterator[Message]:
    for other, values in fields[key].get("x-show", {}).items():
        if other not in fields:
            yield message("There is no field %(key)s.", key=other)
            continue
        if fields[other]["x-widget"] not in {"yes-no", "choice-select", "choice-radio"}:
            yield message("x-show must name a field answered by choosing one thing, and %(key)s is none.", key=other)
            continue
        answers = _answers(fields[other], dictionaries)
        for value in values if isinstance(values, list) else [values]:
            if value not in answers:
                yield message("%(value)s is not an answer of %(key)s.", value=str(value), key=other)
    if _depends_on_itself(key, fields):
        yield message("The field depends on itself.")


def _depends_on_itself(key: str, fields: File) -> bool:
    waiting, seen = list(fields[key].get("x-show", ())), set()
    while waiting:
        other = waiting.pop()
        if other == key:
            return True
        if other in fields and other not in seen:
            seen.add(other)
            waiting.extend(fields[other].get("x-show", ()))
    return False
