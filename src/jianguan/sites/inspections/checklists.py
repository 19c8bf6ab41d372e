"""The standards inspections are scored by, as they are shipped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jianguan.kernel.scoring import Scheme, read_scheme

FOLDER = Path(__file__).parent / "data"
STANDARDS = {"jgj59": "jgj59-2011.yaml"}


@cache
def standard(key: str) -> Scheme:
    """The shipped standard of this key."""
    return read_scheme((FOLDER / STANDARDS[key]).read_bytes())
