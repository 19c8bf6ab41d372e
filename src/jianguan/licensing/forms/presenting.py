"""A record to be read: on the pages of a case, and as the difference a correction made. Sensitive answers are masked."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from jianguan.licensing.forms import notation
from jianguan.licensing.forms.drawing import say, words
from jianguan.licensing.forms.form import NOTHING, Field, Form, Known, input_name, row_title
from jianguan.licensing.forms.privacy import mask

NO_ANSWER = "—"


@dataclass(frozen=True, slots=True)
class Line:
    """A question with its answer. `sensitive` says that the answer is masked; `wide`, that it needs the whole width."""

    name: str
    title: str
    text: str
    sensitive: bool = False
    wide: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a repeating group; iterating gives its cells."""

    title: str
    lines: tuple[Line, ...]

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)


@dataclass(frozen=True, slots=True)
class Group:
    """A repeating group; its rows stand in a table, or on cards where they are long."""

    key: str
    title: str
    layout: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section with what was answered in it."""

    id: str
    title: str
    lines: tuple[Line, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that differs between two records; an empty text is no answer."""

    name: str
    title: str
    before: str
    after: str


def present(
    form: Form, record: Mapping[str, Any], known: Known = NOTHING, reveal: Collection[str] = ()
) -> tuple[Part, ...]:
    """All that was asked, section by section; answers whose input name is in `reveal` are shown in clear."""
    reader = _Reader(known, reveal)
    parts = []
    for section in form.sections:
        asked = [field for field in section.fields if field.asked(record)]
        parts.append(
            Part(
                id=f"sec-{section.key}",
                title=str(section.title),
                lines=tuple(reader.line(field, record) for field in asked if not field.columns),
                groups=tuple(reader.group(field, record) for field in asked if field.columns),
            )
        )
    return tuple(parts)


def changes(
    form: Form, before: Mapping[str, Any], after: Mapping[str, Any], known: Known = NOTHING
) -> tuple[Change, ...]:
    """What changed from one record to the next, in the order of the page; rows are matched by what they say."""
    reader = _Reader(known)
    found: list[Change] = []
    for field in form.fields:
        if field.columns:
            found.extend(_row_changes(field, before.get(field.key, ()), after.get(field.key, ()), reader))
        elif before.get(field.key) != after.get(field.key):
            texts = [reader.words(field, record.get(field.key), field.key) for record in (before, after)]
            found.append(Change(field.key, str(field.title), *texts))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Puts answers into words."""

    known: Known
    reveal: Collection[str] = ()

    def line(self, field: Field, answers: Mapping[str, Any], *row: str | int) -> Line:
        name = input_name(*row, field.key)
        text = self.words(field, answers.get(field.key), name)
        return Line(name, str(field.title), text or NO_ANSWER, bool(field.sensitive and text), field.span == 12)

    def group(self, field: Field, record: Mapping[str, Any]) -> Group:
        rows = (self.row(field, n, row) for n, row in enumerate(record.get(field.key, ())))
        return Group(
            field.key, str(field.title), field.layout, tuple(str(column.title) for column in field.columns), tuple(rows)
        )

    def row(self, group: Field, n: int, answers: Mapping[str, Any]) -> Row:
        """On a card stands only what was asked; a table has a cell for everything."""
        shown = (column for column in group.columns if group.layout == "table" or column.asked(answers))
        lines = tuple(self.line(column, answers, group.key, n) for column in shown)
        return Row(say(row_title(group, n)), lines)

    def words(self, field: Field, answer: Any, name: str) -> str:
        """An answer as text, with its unit and the names of its codes; masked unless it is revealed."""
        if answer is None:
            return ""
        if field.chosen:
            return words(field, answer, self.known)
        text = f"{Decimal(answer):,}" if field.widget == "number" and notation.number(answer) == answer else answer
        shown = text if name in self.reveal else mask(field, text)
        return f"{shown} {field.unit}" if field.unit else shown


def _row_changes(
    group: Field, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], reader: _Reader
) -> Iterator[Change]:
    old, new = ([json.dumps(row, sort_keys=True) for row in rows] for rows in (before, after))
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        pairs = zip_longest(enumerate(before[first:last], first), enumerate(after[start:end], start))
        for one, other in pairs:
            yield from _row_change(group, one, other, reader)


NumberedRow = tuple[int, Mapping[str, Any]]


def _row_change(
    group: Field, before: NumberedRow | None, after: NumberedRow | None, reader: _Reader
) -> Iterator[Change]:
    """A row that came or went is one change; in one that stayed, each answer is."""
    n = (after or before or (0, {}))[0]
    if before is None or after is None:
        texts = ["; ".join(_cells(group, row, reader)) if row else "" for row in (before, after)]
        yield Change(input_name(group.key, n), say(row_title(group, n)), *texts)
        return
    for column in group.columns:
        old, new = before[1].get(column.key), after[1].get(column.key)
        if old != new:
            name = input_name(group.key, n, column.key)
            title = say(row_title(group, n, column))
            yield Change(name, title, reader.words(column, old, name), reader.words(column, new, name))


def _cells(group: Field, row: NumberedRow, reader: _Reader) -> Iterator[str]:
    for column in group.columns:
        if text := reader.words(column, row[1].get(column.key), ""):
            yield text
