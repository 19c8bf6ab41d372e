"""Facts: the named inputs of decision tables that code works out from the libraries.

A table never computes. What it needs beyond the answers of the form is a fact: a function of the application that gives
one value and says what it rests on, in a sentence with the numbers and names that were found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from jianguan.kernel.messages import Message
from jianguan.licensing.certificates.service import Certificate
from jianguan.registry.projects.service import Project

Value = bool | Decimal | date | str


@dataclass(frozen=True, slots=True)
class Application:
    """What facts are worked out from.

    Attributes:
        record: the form as submitted, sensitive values in clear (it never leaves memory).
        project: the project applied for, or None where the matter has none.
        day: the legal day as of which the libraries are asked.
        applicant: credit code of the enterprise that applies; empty in a rehearsal.
        held: the certificate the application is about, where it is about one.
        case_id: of the case; None in a rehearsal.
    """

    record: Mapping[str, Any]
    project: Project | None
    day: date
    applicant: str = ""
    held: Certificate | None = None
    case_id: UUID | None = None

    def rows(self, key: str) -> list[Mapping[str, Any]]:
        """Rows of a repeating group."""
        return list(self.record.get(key) or [])

    def text(self, key: str) -> str:
        """A text of the form, empty where it was not given."""
        return str(self.record.get(key) or "").strip()


@dataclass(frozen=True, slots=True)
class Finding:
    """The value of a fact and what it rests on."""

    value: Value
    evidence: Message | None = None


Find = Callable[[Application], Finding]


@dataclass(frozen=True, slots=True)
class Fact:
    """A declared fact: its key, the kind of its value, the closed list of a text, the answers it rests on."""

    key: str
    kind: str
    values: tuple[str, ...]
    answers: frozenset[str]
    find: Find = field(repr=False)


_facts: dict[str, Fact] = {}


def fact(kind: str, *values: str, answers: Collection[str] = ()) -> Callable[[Find], Find]:
    """Declare a function as the fact of its name; while `answers` are still missing it cannot be known."""

    def declare(find: Find) -> Find:
        key = find.__name__
        assert key not in _facts, f"two facts are called {key}"
        _facts[key] = Fact(key, kind, values, frozenset(answers), find)
        return find

    return declare


def declared() -> Mapping[str, Fact]:
    """All facts declared so far, by key; `service` imports every module that declares some."""
    return _facts
