"""How a recorded certificate stands (dictionary certificate_status), decided without the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

VALID: Final = "01"
SUSPENDED: Final = "02"
EXPIRED: Final = "05"
_TONES: Final = {VALID: "green", SUSPENDED: "orange", EXPIRED: "neutral"}  # all others ended by a decision: red


@dataclass(frozen=True, slots=True)
class Standing:
    """A code of the dictionary, and the tone it is shown in."""

    code: str
    tone: str


def standing(status: str, valid_until: date | None, day: date) -> Standing:
    """The status on a day: what is recorded as valid has expired when its last day is over."""
    code = EXPIRED if status == VALID and valid_until is not None and valid_until < day else status
    return Standing(code, _TONES.get(code, "red"))
