"""What a browser posts becomes a record.

Whatever is posted, the result is a record of this form and of bounded size: unknown names are not looked at, rows beyond
the limit are not read, questions that are not asked have no answer, locked answers are the platform's. What cannot be
read stays as typed; whether it will do is for `checking` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from jianguan.licensing.forms import notation
from jianguan.licensing.forms.form import NOTHING, Field, Form, Known, Record, input_name

MOST_ROWS = 200
MOST_CHOICES = 500


class Posted(Protocol):
    """The fields of a posted page, several values to a name, like `request.POST`."""

    def get(self, key: str, /) -> Any: ...

    def getlist(self, key: str, /) -> Sequence[Any]: ...


def start(form: Form, known: Known = NOTHING) -> Record:
    """The record of a new form: what the platform knows, and the rows it opens with."""
    opening = {field.key: [dict(row) for row in field.opening] for field in form.fields if field.opening}
    return asked(form.fields, {**opening, **prefilled(form, known)})


def prefilled(form: Form, known: Known) -> Record:
    """What the platform knows of the answers, whether they are asked for or not."""
    values = {field.key: known.value(field.prefill) for field in form.fields}
    return {key: notation.from_library(value) for key, value in values.items() if value is not None}


def read(form: Form, posted: Posted, known: Known = NOTHING) -> Record:
    """The record that was posted."""
    record: Record = {}
    for field in form.fields:
        record[field.key] = _rows(field, posted) if field.columns else _answer(field, posted, field.key)
    return settle(form, record, known)


def settle(form: Form, record: Mapping[str, Any], known: Known = NOTHING) -> Record:
    """The record with the platform's own values where they are locked, and without what is not asked."""
    locked = {field.key: known.value(field.prefill) for field in form.fields if field.locked}
    known_here = {key: notation.from_library(value) for key, value in locked.items() if value is not None}
    return asked(form.fields, {**record, **known_here})


def asked(fields: Iterable[Field], answers: Mapping[str, Any]) -> Record:
    """Of the answers of one level, those to questions that are asked."""
    given = {key: answer for key, answer in answers.items() if answer is not None}
    return {field.key: given[field.key] for field in fields if field.key in given and field.asked(given)}


def without_blank_rows(form: Form, record: Mapping[str, Any]) -> Record:
    """The record without rows in which nothing is answered."""
    groups = {field.key for field in form.fields if field.columns}
    kept = {key: [row for row in answer if row] if key in groups else answer for key, answer in record.items()}
    return {key: answer for key, answer in kept.items() if key not in groups or answer}


def _rows(field: Field, posted: Posted) -> list[Record]:
    return [
        asked(
            field.columns,
            {column.key: _answer(column, posted, input_name(field.key, n, column.key)) for column in field.columns},
        )
        for n in range(_row_count(posted.get(input_name(field.key, "n"))))
    ]


def _row_count(posted: Any) -> int:
    digits = str(posted or "")[:10]
    return min(int(digits), MOST_ROWS) if digits.isascii() and digits.isdigit() else 0


def _answer(field: Field, posted: Posted, name: str) -> Any:
    """The answer under a name; None if there is none."""
    if field.several:
        chosen = dict.fromkeys(notation.text(str(code))[:200] for code in posted.getlist(name)[:MOST_CHOICES])
        return [code for code in chosen if code] or None
    typed = posted.get(name)
    if field.widget == "yes-no":
        return {"1": True, "0": False}.get(str(typed))
    return notation.stored(field, str(typed or "")) or None
