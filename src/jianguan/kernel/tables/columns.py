"""The columns of a decision table: what goes in, what comes out, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, cast

from jianguan.kernel.expressions.values import (
    DESCRIBED,
    DIGITS,
    Kind,
    Scalar,
    described,
    exact,
    kind_of,
    literal,
    plain,
    read_date,
    read_number,
)
from jianguan.kernel.messages import Message, message
from jianguan.kernel.tables.errors import EvaluationError, TableError

TEXT_LIMIT: Final = 2000
"""The longest text that a row gives, in characters."""

OutputKind = Kind | Literal["localized"]


@dataclass(frozen=True, slots=True)
class Localized:
    """A text in the languages of the house."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """The text for a language code: Chinese for every `zh…`, English otherwise."""
        return self.zh if language.startswith("zh") else self.en

    def to_json(self) -> dict[str, str]:
        """As it stands in a table file."""
        return {"zh": self.zh, "en": self.en}


OutputValue = Scalar | Localized | None
Outputs = Mapping[str, OutputValue]


@dataclass(frozen=True, slots=True)
class Input:
    """A named value that rows ask about; text may be restricted to `values`."""

    key: str
    kind: Kind
    name: Localized
    values: tuple[str, ...] = ()

    def accept(self, inputs: Mapping[str, object]) -> Scalar:
        """This column's value among `inputs`; an int is a number, a float never is.

        Raises `EvaluationError` if it is missing, of another kind, out of bounds or outside the closed list.
        """
        value = inputs.get(self.key)
        if kind_of(value) != self.kind:
            raise self._refusal(described(value) if self.key in inputs else message("nothing"))
        if self.kind == "number":
            number = exact(cast("Decimal | int", value))
            if number is None:
                raise self._refusal(message("one that is not finite or has more than %(digits)s digits", digits=DIGITS))
            return number
        if self.values and value not in self.values:
            raise self._refusal(message("“%(value)s”", value=str(value)[:100]))
        return cast("Scalar", value)

    def _refusal(self, found: Message) -> EvaluationError:
        if self.values:
            expected = message("one of %(values)s", values=", ".join(map(literal, self.values)))
        else:
            expected = DESCRIBED[self.kind]
        problem = message("%(expected)s is expected, not %(found)s.", expected=expected, found=found)
        return EvaluationError(problem, self.key)

    def to_json(self) -> dict[str, Any]:
        """As it stands in a table file."""
        values = {"values": list(self.values)} if self.values else {}
        return {"key": self.key, "type": self.kind, "name": self.name.to_json(), **values}


@dataclass(frozen=True, slots=True)
class Output:
    """A named value that rows give; text may be restricted to `values`."""

    key: str
    kind: OutputKind
    name: Localized | None = None
    values: tuple[str, ...] = ()

    def read(self, value: object, place: str) -> OutputValue:
        """The value that a table file writes as `value`; raises `TableError`."""
        if value is None:
            return None
        found = _READERS[self.kind](value)
        if found is None:
            raise TableError(message("%(expected)s is expected.", expected=_EXPECTED[self.kind]), place)
        if self.values and found not in self.values:
            problem = message("%(value)s is not one of %(values)s.", value=value, values=", ".join(self.values))
            raise TableError(problem, place)
        return found

    def to_json(self) -> dict[str, Any]:
        """As it stands in a table file."""
        name = {"name": self.name.to_json()} if self.name else {}
        values = {"values": list(self.values)} if self.values else {}
        return {"key": self.key, "type": self.kind, **name, **values}


def outputs_to_json(outputs: Outputs) -> dict[str, Any]:
    """Outputs as they stand in a table file: numbers and dates as text, so that nothing is rounded."""
    return {key: _to_json(value) for key, value in outputs.items()}


def outputs_text(outputs: Outputs, language: str) -> str:
    """Outputs in one line for people, without those that are null."""
    texts = {k: v.text(language) if isinstance(v, Localized) else plain(v) for k, v in outputs.items() if v is not None}
    return ", ".join(f"{key}: {text}" for key, text in texts.items())


def _to_json(value: OutputValue) -> object:
    if isinstance(value, Localized):
        return value.to_json()
    return value if value is None or isinstance(value, bool) else plain(value)


def _boolean(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: object) -> Decimal | None:
    if isinstance(value, str):
        return read_number(value)
    return exact(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _date(value: object) -> date | None:
    return read_date(value) if isinstance(value, str) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= TEXT_LIMIT else None


def _localized(value: object) -> Localized | None:
    if not isinstance(value, dict) or value.keys() != {"zh", "en"}:
        return None
    zh, en = _text(value["zh"]), _text(value["en"])
    return None if zh is None or en is None else Localized(zh, en)


_READERS = {"boolean": _boolean, "number": _number, "date": _date, "text": _text, "localized": _localized}
_EXPECTED: Mapping[OutputKind, Message] = {
    "boolean": message("true or false"),
    "number": message("a whole number, or a decimal number in quotation marks such as “0.5”,"),
    "date": message("a day such as “2026-01-31”"),
    "text": message("text of at most %(limit)s characters", limit=TEXT_LIMIT),
    "localized": message("text in “zh” and “en” of at most %(limit)s characters each", limit=TEXT_LIMIT),
}
