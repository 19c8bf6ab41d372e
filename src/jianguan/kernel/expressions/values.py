"""The kinds of value that conditions and tables know, and how each of them is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from jianguan.kernel.messages import Message, message

Scalar = bool | Decimal | date | str
Value = Scalar | None
Kind = Literal["boolean", "number", "date", "text"]

ORDERED: Final[frozenset[Kind]] = frozenset({"number", "date"})
DESCRIBED: Final[Mapping[Kind, Message]] = {
    "boolean": message("true or false"),
    "number": message("a number"),
    "date": message("a date"),
    "text": message("text"),
}
DIGITS: Final = 34
"""A number has at most so many digits before the decimal point, and so many after it."""

_BOUND = Decimal(10) ** DIGITS
_KINDS: Final[Mapping[type, Kind]] = {bool: "boolean", Decimal: "number", int: "number", date: "date", str: "text"}
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n"}
_ESCAPED = re.compile(r"\\(.)")


def kind_of(value: object) -> Kind | None:
    """The kind of `value`; None for null and for anything foreign (float and datetime among them)."""
    return _KINDS.get(type(value))


def described(value: object) -> Message:
    """What `value` is, for a sentence that refuses it."""
    if value is None:
        return message("null")
    if isinstance(value, (list, tuple)):
        return message("a list")
    kind = kind_of(value)
    return DESCRIBED[kind] if kind else message("a value of type %(type)s", type=type(value).__name__)


def exact(number: Decimal | int) -> Decimal | None:
    """`number` as a finite Decimal of at most `DIGITS` digits on each side of the point, otherwise None."""
    if isinstance(number, int):
        return Decimal(number) if -_BOUND < number < _BOUND else None
    if not number.is_finite() or not -_BOUND < number < _BOUND:
        return None
    exponent = number.as_tuple().exponent
    return number if isinstance(exponent, int) and exponent >= -DIGITS else None


def read_number(text: str) -> Decimal | None:
    """The number that `text` writes (no exponent), or None."""
    return exact(Decimal(text)) if _NUMBER.fullmatch(text) else None


def read_date(text: str) -> date | None:
    """The day that `text` writes as `2026-01-31`, or None."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def read_text(quoted: str) -> str:
    """The text inside a quoted literal, escapes resolved."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], quoted[1:-1])


def plain(value: Value) -> str:
    """`value` for people and for storage: `true`, `12.5`, `2026-01-31`, the text itself, `null`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _plain_number(value)
    return str(value)


def literal(value: Value) -> str:
    """`value` as the grammar writes it; reading it back gives an equal value."""
    if isinstance(value, str):
        return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    return plain(value)


def _plain_number(number: Decimal) -> str:
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
