"""What inspectors write down: a sheet for each machine, scaffold or section, an entry for each item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jianguan.kernel.messages import Message


class SheetError(Exception):
    """Sheets that cannot be scored; `message` says which and why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class Scored:
    """An item that was inspected: its points lost, all deductions together."""

    lost: Decimal


@dataclass(frozen=True, slots=True)
class Absent:
    """An item that is not there 缺项, with the reason. Never the same as zero points."""

    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A filled-in table; `label` tells two of the same table apart, such as two tower cranes."""

    table: str
    entries: Mapping[str, Scored | Absent]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Inspection:
    """All sheets of an inspection, and the categories that are not there with their reasons."""

    sheets: Sequence[Sheet]
    absent: Mapping[str, str] = field(default_factory=dict)
