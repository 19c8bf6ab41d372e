"""What is found about a number somebody wrote down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jianguan.kernel.messages import Message


class NumberError(ValueError):
    """A number cannot be used or made; `message` says why to a clerk."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of reading `given` as a number of `kind`.

    `normal` is the one form in which the number is stored and compared; it is None when the number is refused.
    `problems` refuse the number; `warnings` come from rules the reference only recalls or observed, and never do.
    `parts` are the named pieces as they are written (region, date, serial …), also of a refused number where it
    can still be taken apart.
    """

    kind: str
    given: str
    normal: str | None = None
    problems: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        """Whether the number may be used: there is a normal form and no problem."""
        return self.normal is not None

    def require(self) -> str:
        """The normal form; raises `NumberError` with the first problem where there is none."""
        if self.normal is None:
            raise NumberError(self.problems[0])
        return self.normal
