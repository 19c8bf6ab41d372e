"""Variables of a process as JSON and back: texts, truth values, whole numbers, exact decimals, dates, lists of texts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any


def to_json(variables: Mapping[str, object]) -> dict[str, Any]:
    """Variables as JSON; decimals and dates are marked so that they come back as what they were."""
    return {name: _mark(value) for name, value in variables.items()}


def from_json(document: Mapping[str, Any]) -> dict[str, object]:
    """Inverse of `to_json`."""
    return {name: _unmark(value) for name, value in document.items()}


def _mark(value: object) -> Any:
    match value:
        case Decimal():
            return {"decimal": str(value)}
        case date():
            return {"date": value.isoformat()}
        case tuple():
            return list(value)
    return value


def _unmark(value: Any) -> object:
    match value:
        case {"decimal": text}:
            return Decimal(text)
        case {"date": text}:
            return date.fromisoformat(text)
    return value
