"""What is wrong with a process file, said so that its author finds the place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from jianguan.kernel.messages import Message


class Severity(StrEnum):
    """An error forbids publication; a warning is shown to the author."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence about one element of the file; `line` is 0 where there is none."""

    element: str
    id: str
    line: int
    message: Message
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"<{self.element} id={self.id!r}> line {self.line}: {self.message}"


class NetError(ValueError):
    """A file that is not a process of version 1; `problems` is everything that was found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__(*self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))
