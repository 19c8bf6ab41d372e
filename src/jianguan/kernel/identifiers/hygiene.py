"""Clean what people type and paste before it is read as a number.

Only widths, brackets, dashes and case are changed. Full Unicode normalisation (NFKC) is not used because it also
turns ① and ² into digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_HALF_WIDTH = {full: chr(full - 0xFEE0).upper() for full in range(0xFF01, 0xFF5F)}
_UPPER = {ord(letter): letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"}
_SIGNS = str.maketrans(
    {**dict.fromkeys("‐‑‒–—―−﹣", "-"), **dict.fromkeys("〔【﹝", "["), **dict.fromkeys("〕】﹞", "]")}
)
_TABLE = _HALF_WIDTH | _UPPER | _SIGNS


def tidy(text: str) -> str:
    """Half width, upper case, one kind of dash, `()` and `[]` for brackets; no white space, nothing invisible."""
    return "".join(c for c in text.translate(_TABLE) if c.isprintable() and c != " ")


def bare(text: str) -> str:
    """The tidy text without dashes, for numbers whose form has none."""
    return tidy(text).replace("-", "")


def bare_if(pattern: str) -> Callable[[str], str]:
    """Make a cleaner that drops the dashes only where what is left is written as `pattern`."""

    def clean(text: str) -> str:
        without = bare(text)
        return without if re.fullmatch(pattern, without, re.ASCII) else tidy(text)

    return clean
