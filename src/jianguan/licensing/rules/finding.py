"""Facts: the named inputs of decision tables that code works out from the libraries.

A table never computes. What it needs beyond the answers of the form is a fact: a function of the application that gives
one value and says what it rests on, in a sentence with the numbers and names that were found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from jianguan.kernel.messages import Message
from jianguan.licensing.certificates.service import Certificate
from jianguan.licensing.rules.deriving import Derivation, Sentence, Value, derive, plain, scalar
from jianguan.registry.projects.service import Project

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Application:
    """What facts are worked out from.

    Attributes:
        record: the form as submitted, sensitive values in clear (it never leaves memory).
        project: the project applied for, or None where the matter has none.
        day: the legal day as of which the libraries are asked.
        find_applicant: tells the credit code of the enterprise that applies; few facts ask.
        held: the certificate the application is about, where it is about one.
        case_id: of the case; None in a scenario.
        received: the day the application was received; None while it is being written.
        derive: the values its tables derive from the answers, by name.
    """

    record: Mapping[str, Any]
    project: Project | None
    day: date
    find_applicant: Callable[[], str] = str
    held: Certificate | None = None
    case_id: UUID | None = None
    received: date | None = None
    derive: Mapping[str, Derivation] = field(default_factory=dict)
    _answers: dict[tuple[object, ...], object] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def applicant(self) -> str:
        """Credit code of the enterprise that applies; empty in a scenario."""
        return self.find_applicant()

    def ask(self, library: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What a library answers; facts that ask the same ask it once."""
        question = (library, *args, *kwargs.items())
        if question not in self._answers:
            self._answers[question] = library(*args, **kwargs)
        return cast("T", self._answers[question])

    def rows(self, key: str) -> list[Mapping[str, Any]]:
        """Rows of a repeating group."""
        return list(self.record.get(key) or [])

    def text(self, key: str) -> str:
        """A text of the form, empty where it was not given."""
        return str(self.record.get(key) or "").strip()

    def derived(self, name: str) -> Sentence:
        """A derived value and what it rests on."""
        return derive(self.derive[name], self.record, self._operand)

    def with_derived(self) -> Mapping[str, Any]:
        """The form with the derived values beside the answers, written as answers are."""
        derived = {name: self.derived(name)[0] for name in self.derive}
        return {**self.record, **{name: v if isinstance(v, bool) else plain(v) for name, v in derived.items()}}

    def _operand(self, name: str) -> Value | None:
        if name == "today":
            return self.day
        if name == "received":
            return self.received or self.day
        return self.derived(name)[0] if name in self.derive else scalar(self.record.get(name))


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
