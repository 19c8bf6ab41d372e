"""The kinds of special procedures, as data."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from jianguan.kernel.tables import Localized

_FILE = Path(__file__).parent / "data" / "kinds.yaml"


@dataclass(frozen=True, slots=True)
class ProceedingKind:
    """A kind of procedure; its key is the reason for which the clock stands still.

    Attributes:
        open_record: whether the applicant reads the record.
        confidence: how sure we are of the basis.
    """

    key: str
    name: Localized
    basis: Localized
    hint: Localized
    open_record: bool
    confidence: str


@functools.cache
def kinds() -> Mapping[str, ProceedingKind]:
    """All kinds by key, in the order of the file."""
    document = yaml.safe_load(_FILE.read_text("utf-8"))
    return {
        key: ProceedingKind(
            key, Localized(**d["name"]), Localized(**d["basis"]), Localized(**d["hint"]), d["open_record"],
            d["confidence"],
        )
        for key, d in document.items()
    }  # fmt: skip
