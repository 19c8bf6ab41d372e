"""The JSON Schema of table files, with its refusals as sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import resources
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from jianguan.kernel.messages import Message, message
from jianguan.kernel.tables.errors import TableError

SCHEMA: Final[Mapping[str, Any]] = json.loads(
    resources.files("jianguan.kernel.tables").joinpath("table.schema.json").read_text(encoding="utf-8")
)
NESTING: Final = 10

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_VALIDATOR = Draft202012Validator(SCHEMA)


def check(document: object) -> None:
    """Refuse a parsed table file that does not have the form of one, by `TableError`.

    Control characters other than the line feed are refused everywhere: neither XML nor a screen can carry them.
    """
    for place, text in _texts(document):
        if _CONTROL.search(text):
            raise TableError(message("the text holds a control character."), place)
    if (error := best_match(_VALIDATOR.iter_errors(document))) is not None:
        raise TableError(_PROBLEMS[str(error.validator)](error), _place(error.absolute_path))


def _texts(document: object) -> Iterator[tuple[str, str]]:
    """Every text in the document with its place; keeps its own stack because a hostile file nests deeply."""
    waiting: list[tuple[tuple[str | int, ...], object]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > NESTING:
            raise TableError(message("the file is nested too deeply."), _place(path))
        match value:
            case str():
                yield _place(path), value
            case dict():
                yield from ((_place(path), str(key)) for key in value)
                waiting.extend(((*path, str(key)), item) for key, item in value.items())
            case list():
                waiting.extend(((*path, n), item) for n, item in enumerate(value))


def _place(path: Iterable[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _type(error: Any) -> Message:
    return _TYPES.get(str(error.validator_value), message("an object or a list is expected."))


def _enum(error: Any) -> Message:
    return message("one of %(values)s is expected.", values=", ".join(error.validator_value))


def _required(error: Any) -> Message:
    missing = (entry for entry in error.validator_value if entry not in error.instance)
    return message("%(entries)s must be given.", entries=", ".join(missing))


def _additional(error: Any) -> Message:
    known = error.schema["properties"]
    unknown = (str(entry) for entry in error.instance if entry not in known)
    return message("%(entries)s is not known here, only %(known)s.", entries=", ".join(unknown), known=", ".join(known))


_TYPES: Final[Mapping[str, Message]] = {
    "object": message("an object is expected."),
    "array": message("a list is expected."),
    "string": message("text is expected."),
}
_PROBLEMS: Final[Mapping[str, Callable[[Any], Message]]] = {
    "type": _type,
    "enum": _enum,
    "required": _required,
    "additionalProperties": _additional,
    "pattern": lambda _: message("a name of ASCII letters, digits and _ is expected, and not a reserved word."),
    "uniqueItems": lambda _: message("an entry occurs twice."),
    "minItems": lambda _: message("at least one entry is expected."),
    "maxItems": lambda error: message("at most %(limit)s entries are possible.", limit=error.validator_value),
    "minLength": lambda _: message("the text is empty."),
    "maxLength": lambda error: message("at most %(limit)s characters are possible.", limit=error.validator_value),
}
