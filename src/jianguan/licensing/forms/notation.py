"""How answers are written: what people type is brought into the one form that is stored and compared.

Nothing here refuses. What cannot be read stays as it was typed, so that it is shown again beside the sentence that
says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from jianguan.kernel import identifiers
from jianguan.kernel.identifiers import Verdict
from jianguan.kernel.identifiers.hygiene import tidy
from jianguan.kernel.messages import Message, message
from jianguan.licensing.forms.form import Field

LONGEST = 10_000
"""Characters read of one answer. No form allows half as many; more is an attack, not an answer."""
DIGITS = 15
"""Digits of a number, as many as the libraries' columns hold."""

# No screen can show them, no database keeps them, or they make a text read other than it is written.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BREAK = re.compile("[\n\t\u2028\u2029]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")


def text(typed: str, *, lines: bool = False) -> str:
    """What was typed, without what cannot be shown; on one line unless `lines`."""
    shown = _UNSHOWABLE.sub("", typed.replace("\r\n", "\n").replace("\r", "\n"))
    return (shown if lines else _BREAK.sub(" ", shown)).strip()[:LONGEST].strip()


def number(typed: str) -> str | None:
    """A number in plain notation: `１，２３４．50` is `1234.50`; None where it is no number."""
    written = tidy(typed)
    if not _NUMBER.fullmatch(written):
        return None
    plain = f"{Decimal(written.replace(',', '')):f}"
    return plain.removeprefix("-") if Decimal(plain) == 0 else plain


def day(typed: str) -> str | None:
    """A date as ISO 8601: `2026年1月5日`, `2026/1/5` and `20260105` are `2026-01-05`; None where there is no such day."""
    if not (match := _DATE.fullmatch(tidy(typed))):
        return None
    year, *rest = (int(part) for part in match.groups() if part)
    try:
        return date(year, *rest).isoformat()
    except ValueError:
        return None


def stored(field: Field, typed: str) -> str:
    """The answer as it is stored: in its one form where it can be read, else as it was typed."""
    plain = text(typed, lines=field.widget == "textarea")
    if field.widget == "number":
        return number(plain) or plain
    if field.widget == "date":
        return day(plain) or plain
    if field.format and plain:
        return check(field.format, plain).normal or plain
    return plain


def from_library(value: Any) -> Any:
    """A value of a library as an answer: numbers and dates become text, lists stay lists."""
    match value:
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case list() | tuple():
            return [from_library(item) for item in value]
        case bool() | None:
            return value
    return str(value)


# --- numbers of registers, people and telephones

_PHONE = re.compile(
    r"(?:\+?86-?)?(?P<mobile>1[3-9][0-9]{9})"
    r"|(?:\+?86-?)?(?P<area>0(?:10|2[0-9]|[3-9][0-9]{2}))-?(?P<local>[1-9][0-9]{6,7})(?:-(?P<extension>[0-9]{1,6}))?"
    r"|(?P<service>[48]00)-?(?P<first>[0-9]{3})-?(?P<second>[0-9]{4})"
    r"|(?P<abroad>\+[1-9][0-9]{6,14})"
)
_OTHER_PAPER = re.compile(r"[A-Z]{1,3}[0-9]{6,12}|[0-9]{8}")


def _phone(given: str) -> Verdict:
    """A telephone number; there is no national register to hold it against."""
    match = _PHONE.fullmatch(tidy(given).replace("(", "").replace(")", "-"))
    if not match:
        expected = message(
            "A mobile number has 11 digits; a landline is written like %(example)s.", example="0898-65300000"
        )
        return Verdict("phone", given, problems=(expected,))
    parts = {name: part for name, part in match.groupdict().items() if part}
    return Verdict("phone", given, "-".join(parts.values()), parts=parts)


def _identity(given: str) -> Verdict:
    """An identity number, or the number of another paper of those who have none (passport, travel permit)."""
    written = tidy(given)
    if not _OTHER_PAPER.fullmatch(written):
        return identifiers.check("id_card", given)
    doubt = message("This is not a resident identity number; the officer compares it with the document.")
    return Verdict("identity", given, written, warnings=(doubt,))


FORMATS: Mapping[str, Callable[[str], Verdict]] = MappingProxyType(
    {**identifiers.KINDS, "phone": _phone, "identity": _identity}
)
"""What `x-format` may be: the kernel's kinds of numbers, `phone`, and `identity` (any paper of a person)."""


def check(kind: str, value: str) -> Verdict:
    """Read `value` as a number of a kind in `FORMATS`."""
    return FORMATS[kind](value)


def refusal(kind: str, value: str) -> Message | None:
    """Why the value may not stand in a record: it is refused, or not written in the one form. None where it may."""
    verdict = check(kind, value)
    if verdict.normal is None:
        return verdict.problems[0]
    if verdict.normal != value:
        return message("Please write it as %(normal)s.", normal=verdict.normal)
    return None
