"""Figures as they are written here: 42,386.55 万元, 98,640.52 ㎡."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext

MISSING = "—"
_FEN_PER_WAN = 1_000_000


def thousands(number: Decimal | float | None, places: int | None = None) -> str:
    """Group the digits by threes: 78,371; with `places`, that many decimals; a dash for None."""
    if number is None:
        return MISSING
    return f"{number:,}" if places is None else f"{number:,.{places}f}"


def wan(fen: int | None) -> str:
    """Money, given in fen, in ten thousand yuan 万元: 42,386.55 万元."""
    return MISSING if fen is None else wan_yuan(Decimal(fen) / _FEN_PER_WAN)


def wan_yuan(amount: Decimal | str | None) -> str:
    """Money that the libraries keep in ten thousand yuan 万元 already."""
    if amount is None:
        return MISSING
    return gettext("CNY %(amount)s × 10,000") % {"amount": thousands(Decimal(amount), 2)}


def area(square_metres: Decimal | float | None) -> str:
    """An area 面积: 98,640.52 ㎡."""
    return MISSING if square_metres is None else f"{thousands(square_metres, 2)} ㎡"
