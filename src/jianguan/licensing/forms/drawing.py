"""A form as templates see it: plain values, everything in the reader's language, nothing left to decide."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext, pgettext

from jianguan.kernel.messages import Message, message
from jianguan.licensing.forms import notation
from jianguan.licensing.forms.checking import Problem, count, warnings
from jianguan.licensing.forms.form import NOTHING, Field, Form, Known, Path, Text, input_name, row_title
from jianguan.licensing.forms.operations import Outcome

LIBRARIES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "project": message("From the project library"),
        "record": message("From the project library"),
        "enterprise": message("From the enterprise library"),
        "person": message("From the library of people"),
    }
)
"""The tag of a value that the platform knew, by the first step of its path."""
_KINDS: Final = MappingProxyType(
    {
        "textarea": "textarea",
        "choice-select": "select",
        "region": "select",
        "choice-radio": "radio",
        "yes-no": "radio",
        "checks": "checks",
        "works": "checks",
        "rows": "rows",
    }
)


@dataclass(frozen=True, slots=True)
class DrawnOption:
    """An answer to choose."""

    code: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row of a repeating group; `delete` is the value of the button that takes it away."""

    title: str
    heading: str
    delete: str
    fields: tuple[DrawnField, ...]


@dataclass(frozen=True, slots=True)
class DrawnField:
    """One input with all that stands around it.

    `kind` is what is drawn: input, textarea, select, radio, checks, rows, or fixed, which is a value that cannot be
    changed. `label` names an input in the cell of a table, where no heading of its own stands beside it. `show` is the
    JSON of `data-show`; `off` says that the question is not asked now. `fill` and `add` are values of buttons. `focus`
    says that the input gets the focus when the page, or this part of it, has come.
    """

    kind: str
    name: str
    title: str
    value: str = ""
    options: tuple[DrawnOption, ...] = ()
    required: bool = True
    error: str = ""
    hint: str = ""
    remark: str = ""
    unit: str = ""
    span: int = 4
    source: str = ""
    show: str = ""
    off: bool = False
    label: str = ""
    fill: str = ""
    type: str = "text"
    mode: str = ""
    limit: int = 0
    private: bool = False
    focus: bool = False
    layout: str = ""
    heads: tuple[tuple[str, bool], ...] = ()
    rows: tuple[DrawnRow, ...] = ()
    add: str = ""
    serves: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"f-{self.name}"

    @property
    def described(self) -> str:
        """The ids of the sentences that belong to the input."""
        sentences = {"e": self.error, "r": self.remark, "h": self.hint}
        return " ".join(f"{self.id}-{letter}" for letter, sentence in sentences.items() if sentence)


@dataclass(frozen=True, slots=True)
class DrawnSection:
    """A section; `bad` is how many of its answers are at fault."""

    id: str
    title: str
    hint: str
    bad: int
    fields: tuple[DrawnField, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line of the error summary: what is wrong with the answer of the input called `field`."""

    field: str
    title: str
    says: str


@dataclass(frozen=True, slots=True)
class DrawnForm:
    """What `forms/form.html` and `forms/summary.html` show."""

    title: str
    sections: tuple[DrawnSection, ...]
    mistakes: tuple[Mistake, ...]


def draw(
    form: Form,
    record: Mapping[str, Any],
    known: Known = NOTHING,
    problems: Mapping[str, Problem] = MappingProxyType({}),
    outcome: Outcome | None = None,
) -> DrawnForm:
    """The form with the answers of a record, the problems found in them, and the remarks and focus of an operation."""
    outcome = outcome or Outcome({})
    page = _Page(known, problems, {**warnings(form, record), **outcome.remarks}, outcome.focus)
    bad = count(form, problems)
    sections = (
        DrawnSection(
            id=f"sec-{section.key}",
            title=str(section.title),
            hint=say(section.hint),
            bad=bad.get(section.key, 0),
            fields=tuple(page.field(field, record) for field in section.fields),
        )
        for section in form.sections
    )
    mistakes = (Mistake(name, say(problem.title), say(problem.says)) for name, problem in problems.items())
    return DrawnForm(str(form.title), tuple(sections), tuple(mistakes))


def say(words: Message | Text | str | None) -> str:
    """The words in the reader's language."""
    if isinstance(words, Message):
        return words.render(gettext)
    return str(words or "")


def words(field: Field, answer: Any, known: Known) -> str:
    """A chosen answer by name; a code that is no longer known stands for itself."""
    if isinstance(answer, bool):
        return gettext("Yes") if answer else gettext("No")
    names = {option.code: str(option) for option in known.options(field)}
    codes = answer if isinstance(answer, list) else [answer]
    return pgettext("between answers", ", ").join(names.get(code, str(code)) for code in codes if code is not None)


@dataclass(frozen=True, slots=True)
class _Page:
    """What every field of one page is drawn with."""

    known: Known
    problems: Mapping[str, Problem]
    remarks: Mapping[str, Message]
    focus: str

    def field(self, field: Field, answers: Mapping[str, Any], group: Field | None = None, n: int = 0) -> DrawnField:
        """A field with its answer; within a row, its group and the number of the row."""
        row = (group.key, n) if group else ()
        name = input_name(*row, field.key)
        answer = answers.get(field.key)
        if answer is None and not field.asked(answers):  # should it be asked, what is known stands there already
            answer = notation.from_library(self.known.value(field.prefill))
        kind, value = self._control(field, answer)
        problem = self.problems.get(name)
        return DrawnField(
            kind=kind,
            name=name,
            title=str(field.title),
            value=value,
            options=self._options(field, answer),
            required=field.required,
            error=say(problem.says) if problem else "",
            hint=say(field.hint),
            remark=say(self.remarks.get(name)),
            unit=say(field.unit),
            span=field.span,
            source=self._source(field, answer),
            show=_show(field, row),
            off=not field.asked(answers),
            label=say(row_title(group, n, field)) if group and group.layout == "table" else "",
            fill=":".join(("fill", *map(str, row), field.key)) if field.fill else "",
            type=_type(field, answer),
            mode="decimal" if field.widget == "number" else "",
            limit=field.limit,
            private=bool(field.sensitive),
            focus=name == self.focus,
            serves=tuple(map(str, field.serves)),
            **self._group(field, answer),
        )

    def _control(self, field: Field, answer: Any) -> tuple[str, str]:
        """What is drawn for a field, and the text in it."""
        if field.locked and self.known.value(field.prefill) is not None:
            return "fixed", words(field, answer, self.known) if field.chosen else str(answer)
        return _KINDS.get(field.widget, "input"), answer if isinstance(answer, str) else ""

    def _options(self, field: Field, answer: Any) -> tuple[DrawnOption, ...]:
        if field.widget == "yes-no":
            return (DrawnOption("1", gettext("Yes"), answer is True), DrawnOption("0", gettext("No"), answer is False))
        given = answer if isinstance(answer, list) else [answer]
        return tuple(DrawnOption(one.code, str(one), one.code in given) for one in self.known.options(field))

    def _source(self, field: Field, answer: Any) -> str:
        """Where the answer came from; nothing once it was changed."""
        value = self.known.value(field.prefill)
        if value is None or answer != notation.from_library(value):
            return ""
        return say(LIBRARIES.get(field.prefill.split(".")[0], message("Known to the platform")))

    def _group(self, field: Field, answer: Any) -> dict[str, Any]:
        """What only a repeating group has. It shows a first row if there must be one."""
        if not field.columns:
            return {}
        rows = answer or ([{}] if field.least else [])
        return {
            "layout": field.layout,
            "heads": tuple((str(column.title), column.required) for column in field.columns),
            "rows": tuple(self._row(field, n, row) for n, row in enumerate(rows)),
            "add": f"add:{field.key}" if len(rows) < field.most else "",
        }

    def _row(self, group: Field, n: int, answers: Mapping[str, Any]) -> DrawnRow:
        return DrawnRow(
            title=say(row_title(group, n)),
            heading=say(message("No. %(row)s", row=n + 1)),
            delete=f"del:{group.key}:{n}",
            fields=tuple(self.field(column, answers, group, n) for column in group.columns),
        )


def _type(field: Field, answer: Any) -> str:
    """A date input would swallow what is no date; it is shown as it was typed instead."""
    if field.widget == "date":
        return "date" if not answer or notation.day(str(answer)) == answer else "text"
    return "tel" if field.widget == "phone" else "text"


def _show(field: Field, row: Path) -> str:
    def written(value: str | bool) -> str:
        return value if isinstance(value, str) else str(int(value))

    conditions = [[input_name(*row, one.field), [written(value) for value in one.values]] for one in field.show]
    return json.dumps(conditions, ensure_ascii=False) if conditions else ""
