"""A compiled form 表单: what it asks, in which order, and how an answer is written.

An input name is the path of an answer with dashes: `address`, `units-2-uscc`. Keys have no dashes, so it reads back
in one way only. The id of the input on a page is `f-` and its name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from django.utils.translation import get_language

from jianguan.kernel.messages import Message, message
from jianguan.kernel.tables import Localized

Widget = Literal[
    "text",
    "textarea",
    "number",
    "date",
    "choice-select",
    "choice-radio",
    "checks",
    "yes-no",
    "works",
    "region",
    "uscc",
    "id-card",
    "phone",
    "rows",
]
Path = tuple[str | int, ...]
Record = dict[str, Any]
"""Answers by field key, JSON throughout. A number is text in plain notation, a date ISO 8601, a choice its code."""


class Text(Localized):
    """A text in both languages; as a string it is in the reader's, also as a parameter of a `Message`."""

    __slots__ = ()

    def __str__(self) -> str:
        return self.text(get_language() or "zh")


class Dictionaries(Protocol):
    """Where code lists come from; `jianguan.registry.dictionaries.service` is one."""

    def codes(self, dictionary: str) -> Sequence[str]: ...

    def name(self, dictionary: str, code: str, language: str | None = None) -> str: ...


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen."""

    code: str
    name: Text | str

    def __str__(self) -> str:
        return str(self.name)


@dataclass(frozen=True, slots=True)
class Condition:
    """That another field of the same level has one of these answers."""

    field: str
    values: tuple[str | bool, ...]

    def holds(self, record: Mapping[str, Any]) -> bool:
        answer = record.get(self.field)
        return isinstance(answer, str | bool) and answer in self.values


@dataclass(frozen=True, slots=True)
class Fill:
    """That the answer is a number under which a library knows more: which fields get what from the entry."""

    library: str
    to: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `show` are all conditions under which it is asked, those of the fields it depends on included.

    `serves` names what the answer is for, where a form is asked for several purposes.
    """

    key: str
    title: Text
    widget: Widget
    required: bool = True
    hint: Text | None = None
    unit: Text | None = None
    span: int = 4
    options: tuple[Option, ...] = ()
    show: tuple[Condition, ...] = ()
    prefill: str = ""
    locked: bool = False
    sensitive: str = ""
    format: str = ""
    fill: Fill | None = None
    advice: Text | None = None
    example: str = ""
    limit: int = 0
    layout: str = "table"
    columns: tuple[Field, ...] = ()
    least: int = 0
    most: int = 0
    opening: tuple[Mapping[str, Any], ...] = ()
    serves: tuple[Text, ...] = ()

    @property
    def chosen(self) -> bool:
        """Whether it is answered by choosing, not by writing."""
        return self.widget in {"choice-select", "choice-radio", "checks", "yes-no", "works", "region"}

    @property
    def several(self) -> bool:
        """Whether the answer is a list of codes."""
        return self.widget in {"checks", "works"}

    def asked(self, answers: Mapping[str, Any]) -> bool:
        """Whether the question is asked, given the other answers of its level."""
        return all(condition.holds(answers) for condition in self.show)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form with a heading."""

    key: str
    title: Text
    fields: tuple[Field, ...]
    hint: Text | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A form ready for use. `digest` is the SHA-256 of its file in canonical JSON, in hexadecimal digits.

    `schema` is the file with everything that follows from it, above all what is required when: any JSON Schema
    validator can hold a record against it.
    """

    title: Text
    sections: tuple[Section, ...]
    schema: Mapping[str, Any]
    digest: str

    @property
    def fields(self) -> Iterator[Field]:
        """All fields in the order of the page."""
        for section in self.sections:
            yield from section.fields

    def field(self, key: str) -> Field | None:
        """The field of that key."""
        return next((field for field in self.fields if field.key == key), None)


@dataclass(frozen=True, slots=True)
class Known:
    """What the platform knows about the case at hand before anybody fills in anything.

    `sources` is nested data into which the paths of `x-prefill` point: `{"project": {"name": …}}`. `offers` are the
    choices that depend on the case, by widget: `{"works": [Option("4601…-001", "1# building")]}`; a widget that has no
    entry is not restricted.
    """

    sources: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    offers: Mapping[str, Sequence[Option]] = dataclasses.field(default_factory=dict)

    def value(self, path: str) -> Any:
        """What stands at a dotted path; None where nothing is known, and an empty text says nothing."""
        found: Any = self.sources if path else None
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        return None if found == "" else found

    def options(self, field: Field) -> Sequence[Option]:
        """The answers of which one or several can be chosen."""
        return self.offers.get(field.widget, field.options)


NOTHING = Known()


def input_name(*path: str | int) -> str:
    """The input name of an answer: `input_name("units", 2, "uscc")` is `units-2-uscc`."""
    return "-".join(map(str, path))


def row_title(group: Field, n: int, column: Field | None = None) -> Message:
    """What a reader calls row `n` of a group, or one of its answers."""
    if column is None:
        return message("%(group)s, row %(row)s", group=group.title, row=n + 1)
    return message("%(group)s, row %(row)s: %(field)s", group=group.title, row=n + 1, field=column.title)


def leaves(form: Form, record: Mapping[str, Any]) -> Iterator[tuple[Path, Field, Any]]:
    """Every answer that is given, those in rows one by one; whatever is not where its field puts it is passed over."""
    for field in form.fields:
        answer = record.get(field.key)
        if not field.columns:
            yield from [((field.key,), field, answer)] if answer is not None else []
        elif isinstance(answer, list):
            for n, row in enumerate(answer):
                for column in field.columns:
                    if isinstance(row, Mapping) and row.get(column.key) is not None:
                        yield (field.key, n, column.key), column, row[column.key]
