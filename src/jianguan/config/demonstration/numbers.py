"""Synthetic identifiers: right check digits, nobody's."""

from __future__ import annotations

from datetime import date

from jianguan.kernel.identifiers import check_digits

ENTERPRISE, AUTHORITY = "91", "11"


def uscc(prefix: str, region: str, serial: int) -> str:
    """A unified social credit code whose organisation part says TE(ST)."""
    body = f"MA{region[:2]}TE{serial:02d}" if prefix == ENTERPRISE else f"00{region[:2]}TE{serial:02d}"
    first = f"{prefix}{region[:6]}{body}{check_digits.org_code(body)}"
    return first + check_digits.mod31(first)


def investment(month: int, region: str, serial: int) -> str:
    """A code of the national online platform for investment projects."""
    first = f"26{month:02d}-{region[:6]}-04-01-{serial:05d}"
    return first + check_digits.mod11_10(first.replace("-", ""))


def identity(born: date, serial: int) -> str:
    """An identity number with the code of the province itself, which is given to nobody."""
    first = f"460000{born:%Y%m%d}{serial:03d}"
    return first + check_digits.mod11_2(first)
