"""Codes of places as jurisdictions."""

from __future__ import annotations


def jurisdiction(code: str) -> str:
    """The prefix that all places within a place share: `46` for a province, `4601` for a city, a county's own code.

    Management areas have codes of nine digits, the six of the division they lie in and three of our own.
    """
    if len(code) > 6:
        return code
    if code[2:] == "0000":
        return code[:2]
    return code[:4] if code[4:] == "00" else code


def containing(code: str) -> list[str]:
    """Codes of the places that may contain a place, from the place itself up to its province."""
    division = code[:6]
    return list(dict.fromkeys([code, division, f"{division[:4]}00", f"{division[:2]}0000"]))
