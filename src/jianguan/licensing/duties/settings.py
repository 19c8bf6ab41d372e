"""What is configured of reminders and recusals (`data/duties.yaml`)."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from jianguan.kernel.tables import Localized

FILE = Path(__file__).parent / "data" / "duties.yaml"


@dataclass(frozen=True, slots=True)
class Reminders:
    """From which hour people are told, how many working days before the due day, how many after it their heads."""

    from_hour: int
    soon_days: int
    escalate_after_days: int


@dataclass(frozen=True, slots=True)
class RecusalRules:
    """Why a person keeps out of a case, by code, and what that rests on."""

    reasons: Mapping[str, Localized]
    source: Localized
    confidence: str


@functools.cache
def reminders() -> Reminders:
    """When people are told what is due."""
    given = yaml.safe_load(FILE.read_text("utf-8"))["reminders"]
    return Reminders(given["from_hour"], given["soon_days"], given["escalate_after_days"])


@functools.cache
def recusal() -> RecusalRules:
    """The closed list of reasons for keeping out of a case."""
    given = yaml.safe_load(FILE.read_text("utf-8"))["recusal"]
    reasons = {code: Localized(**words) for code, words in given["reasons"].items()}
    return RecusalRules(reasons, Localized(**given["source"]), given["confidence"])
