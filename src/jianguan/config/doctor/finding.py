"""What a check finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Level(StrEnum):
    """Good; something to look after; something that does not work or cannot be trusted."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor.

    Attributes:
        says: what was found.
        remedy: what to do about it; may have several lines.
        check: name of the check that found it.
    """

    level: Level
    says: str
    remedy: str = ""
    check: str = ""

    def to_json(self) -> dict[str, str | None]:
        return {"check": self.check, "level": self.level, "says": self.says, "remedy": self.remedy or None}


Check = Callable[[], Iterator[Finding]]


def ok(says: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, says)


def warning(says: str, remedy: str) -> Finding:
    """Something to look after."""
    return Finding(Level.WARNING, says, remedy)


def fault(says: str, remedy: str) -> Finding:
    """Something that does not work, or cannot be trusted."""
    return Finding(Level.FAULT, says, remedy)


def run(checks: Mapping[str, Check]) -> Iterator[Finding]:
    """Run checks by name; what one of them stumbles over is a finding too."""
    for name, check in checks.items():
        try:
            for finding in check():
                yield replace(finding, check=name)
        except Exception as error:  # noqa: BLE001 - a broken installation breaks in ways nobody lists
            says = f"This could not be examined: {type(error).__name__}: {error}".strip()
            yield Finding(Level.FAULT, says, "Mend the faults above and run the doctor again.", name)
