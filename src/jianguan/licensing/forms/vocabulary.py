"""Words of our own in the schema of a record, as keywords of jsonschema.

    x-widget                         how an answer of this kind is written
    x-minimum, x-maximum, x-above    bounds of a number that is text
    x-format                         a number of a register
    x-order                          {later: earlier}, dates of one object

A validator that does not know them passes them over; ours brings a sentence with each refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from operator import ge, gt, le
from typing import Any, Final

from jsonschema import Draft202012Validator, ValidationError, validators

from jianguan.kernel.messages import Message, message
from jianguan.licensing.forms import notation
from jianguan.licensing.forms.form import Path, Text

Keyword = Callable[[Any, Any, Any, Mapping[str, Any]], Iterator[ValidationError]]


class SpokenError(ValidationError):
    """A refusal that brings its sentence."""

    def __init__(self, says: Message, path: Path = ()) -> None:
        super().__init__(str(says), path=path)
        self.says = says


def _widget(_validator: Any, widget: Any, answer: Any, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
    if not isinstance(answer, str):
        return
    says = None
    if widget == "number":
        says = _number(answer, schema["x-decimals"])
    elif widget == "date" and notation.day(answer) != answer:
        says = message("A date is expected, like %(example)s.", example="2026-01-31")
    elif notation.text(answer, lines=widget == "textarea") != answer:
        says = message("The text begins or ends with a blank, or has characters that cannot be shown.")
    if says:
        yield SpokenError(says)


def _number(answer: str, decimals: int) -> Message | None:
    if notation.number(answer) != answer:
        return message("A number is expected, like %(example)s.", example="1234.5" if decimals else "1234")
    whole, _, fraction = answer.lstrip("-").partition(".")
    if len(fraction) > decimals:
        if decimals == 0:
            return message("A whole number is expected.")
        return message("At most %(count)s digits after the decimal point.", count=decimals)
    if len(whole + fraction) > notation.DIGITS:
        return message("A number has at most %(count)s digits.", count=notation.DIGITS)
    return None


def _bound(holds: Callable[[Decimal, Decimal], bool], sentence: Callable[[Decimal], Message]) -> Keyword:
    def keyword(_validator: Any, bound: Any, answer: Any, _schema: Any) -> Iterator[ValidationError]:
        limit = Decimal(bound)
        if isinstance(answer, str) and notation.number(answer) == answer and not holds(Decimal(answer), limit):
            yield SpokenError(sentence(limit))

    return keyword


def _format(_validator: Any, kind: str, answer: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(answer, str) and answer and (says := notation.refusal(kind, answer)):
        yield SpokenError(says)


def _order(_validator: Any, orders: Any, record: Any, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
    given = record if isinstance(record, dict) else {}
    for later, earlier in orders.items():
        first, second = (notation.day(str(given.get(key))) for key in (earlier, later))
        if first and second and second <= first:
            source = schema["properties"][earlier]
            other = Text(source["title"], source["x-title-en"])
            yield SpokenError(message("It must be later than “%(other)s”.", other=other), (later,))


_KEYWORDS: Final[dict[str, Keyword]] = {
    "x-widget": _widget,
    "x-minimum": _bound(ge, lambda limit: message("It must be at least %(limit)s.", limit=limit)),
    "x-maximum": _bound(le, lambda limit: message("It must be at most %(limit)s.", limit=limit)),
    "x-above": _bound(gt, lambda limit: message("It must be more than %(limit)s.", limit=limit)),
    "x-format": _format,
    "x-order": _order,
}
_extend: Callable[..., Any] = validators.extend
Validator: Final[Any] = _extend(Draft202012Validator, _KEYWORDS)
"""Draft 2020-12 with our words."""
