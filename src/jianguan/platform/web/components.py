"""What the includes in `templates/web/components/` are given; the design guide shows each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Options = Sequence[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the stat strip; with an address it is a filter."""

    label: Text
    value: Text | int
    unit: Text = ""
    url: str = ""
    current: bool = False
    tone: Literal["", "orange", "red"] = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A control of the filter bar: a search box or a day, or with options a list; the option "" stands for all."""

    name: str
    label: Text
    value: str = ""
    options: Options = ()
    type: Literal["search", "date"] = "search"

    @classmethod
    def among(cls, name: str, label: Text, value: str, every: Text, options: Iterable[tuple[str, Text]]) -> Filter:
        """A list; `every` are the words of the choice that filters nothing."""
        return cls(name, label, value, [("", every), *options])


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several lists or views of the same thing."""

    label: Text
    url: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a case, with the instant or a word below it."""

    name: Text
    state: Literal["done", "now", "todo"] = "todo"
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a result looks: icon, tone, and its word for those who hear the page."""

    icon: str
    tone: Literal["green", "orange", "red", "neutral"]
    word: Text


_MARKS = {
    "passed": Mark(icon="circle-check", tone="green", word=_("passed")),
    "remark": Mark(icon="alert-triangle", tone="orange", word=_("remark")),
    "failed": Mark(icon="circle-x", tone="red", word=_("failed")),
    "waiting": Mark(icon="clock", tone="neutral", word=_("not yet known")),
}


@dataclass(frozen=True, slots=True)
class Check:
    """The result of an automatic check: the rule in words, and what it was decided on."""

    result: Literal["passed", "remark", "failed", "waiting"]
    rule: Text
    evidence: Text = ""
    url: str = ""

    @property
    def mark(self) -> Mark:
        return _MARKS[self.result]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: what, who of which unit, when, in which words."""

    title: Text
    at: datetime | None = None
    who: Text = ""
    unit: Text = ""
    words: Text = ""
    tone: Literal["", "now", "warn"] = ""


@dataclass(frozen=True, slots=True)
class Material:
    """A document that a form asks for: taken from the libraries, uploaded, or still missing."""

    name: str
    title: Text
    state: Literal["shared", "uploaded", "missing"] = "missing"
    detail: Text = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision an officer can take."""

    value: str
    label: Text
    tone: Literal["", "mid", "neg"] = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What has to be corrected in a form, and at which input."""

    field: str
    title: Text
    says: Text


@dataclass(frozen=True, slots=True)
class Field:
    """A control of a form with its label; the id of its input is `f-` and its name.

    Attributes:
        kind: "radio", "ticks", "select", "textarea", or the type of an input.
        chosen: of "ticks", the values that are ticked.
        span: columns of the twelve it takes: 4, 6, 8 or 12.
        source: where the value was taken from.
        fill: whether a button beside it fetches the value (posts `_op=fill:<name>`).
        show: the condition under which it is asked, for `data-show`; `shown` is what holds now.
    """

    name: str
    label: Text
    value: str = ""
    kind: str = "text"
    options: Options = ()
    chosen: Sequence[str] = ()
    span: int = 4
    required: bool = False
    hint: Text = ""
    error: Text = ""
    unit: Text = ""
    source: Text = ""
    fill: bool = False
    autocomplete: str = ""
    show: str = ""
    shown: bool = True
