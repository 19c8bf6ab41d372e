"""The buttons of a form. Each is a submit button named `_op`, so that a page without script does the same as one with.

    add:units            one more row
    del:units:2          without that row
    fill:testing_uscc    fetch what a library knows under this number
    fill:units:2:uscc    the same within a row

`save`, `check` and `submit` are for the room that shows the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jianguan.kernel.messages import Message, message
from jianguan.licensing.forms import notation
from jianguan.licensing.forms.form import Field, Form, Record, input_name
from jianguan.licensing.forms.posting import asked, settle, without_blank_rows
from jianguan.platform.errors import Refusal

Lookup = Callable[[str, str], Mapping[str, Any] | None]
"""What a library knows under a number, by library and number; None for nothing."""

WHOLE: Final = ("save", "check", "submit")


@dataclass(frozen=True, slots=True)
class Operation:
    """What a button asks for; the input it is about, by field, row and column."""

    verb: str
    field: Field | None = None
    row: int = -1
    column: Field | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The record after a button, remarks to show beside inputs, and the input that gets the focus."""

    record: Record
    remarks: Mapping[str, Message] = field(default_factory=dict)
    focus: str = ""


def operation(form: Form, posted: str | None) -> Operation:
    """What `_op` asks for; without it the form is saved. `Refusal` for what is no button of this form."""
    verb, *path = (posted or "save").split(":")
    if verb in WHOLE and not path:
        return Operation(verb)
    if found := _aimed(form, verb, path):
        return found
    raise Refusal(message("This button does not belong to the form. Please load the page again."))


def carry_out(form: Form, record: Record, wanted: Operation, lookup: Lookup) -> Outcome:
    """Do what the button asks for. Save, check and submit leave out blank rows."""
    match wanted.verb, wanted.field:
        case "add", Field() as group:
            return _add(record, group)
        case "del", Field() as group:
            rows = [row for n, row in enumerate(record.get(group.key, ())) if n != wanted.row]
            return Outcome({**record, group.key: rows})
        case "fill", Field():
            return _fill(form, record, wanted, lookup)
    return Outcome(without_blank_rows(form, record))


def _aimed(form: Form, verb: str, path: list[str]) -> Operation | None:
    target = form.field(path[0]) if path else None
    match verb, path[1:]:
        case "add", [] if target and target.columns:
            return Operation(verb, target)
        case "del", [row] if target and target.columns and _is_row(row):
            return Operation(verb, target, int(row))
        case "fill", [] if target and target.fill:
            return Operation(verb, target)
        case "fill", [row, key] if target and _is_row(row):
            column = next((column for column in target.columns if column.key == key and column.fill), None)
            return Operation(verb, target, int(row), column) if column else None
    return None


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4


def _add(record: Record, group: Field) -> Outcome:
    rows = record.get(group.key, [])
    if len(rows) >= group.most:
        return Outcome(record, {group.key: message("Possible here: at most %(count)s.", count=group.most)})
    return Outcome({**record, group.key: [*rows, {}]}, focus=input_name(group.key, len(rows), group.columns[0].key))


def _fill(form: Form, record: Record, target: Operation, lookup: Lookup) -> Outcome:
    """Put what the library knows beside the number; where it knows nothing, say so."""
    aim, column = target.field, target.column
    assert aim is not None
    if column is None:
        found = _found(aim, record, lookup)
        return Outcome(settle(form, {**record, **found}), {} if found else {aim.key: _NOTHING_FOUND}, aim.key)
    rows = list(record.get(aim.key, []))
    if target.row >= len(rows):
        return Outcome(record)
    name = input_name(aim.key, target.row, column.key)
    found = _found(column, rows[target.row], lookup)
    rows[target.row] = asked(aim.columns, {**rows[target.row], **found})
    return Outcome({**record, aim.key: rows}, {} if found else {name: _NOTHING_FOUND}, name)


def _found(field: Field, answers: Mapping[str, Any], lookup: Lookup) -> Record:
    """The answers that follow from the number; none where it is wrong or unknown."""
    number = answers.get(field.key)
    if field.fill is None or not number or notation.refusal(field.format, number):
        return {}
    entry = lookup(field.fill.library, number) or {}
    known = {key: entry.get(name) for key, name in field.fill.to.items()}
    return {key: notation.from_library(value) for key, value in known.items() if value not in {None, ""}}


_NOTHING_FOUND: Final = message("The library knows nothing under this number; please fill in the rest yourself.")
