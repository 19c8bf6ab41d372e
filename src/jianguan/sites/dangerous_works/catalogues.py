"""The catalogue of dangerous works as it is shipped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jianguan.kernel.dangerous_works import Catalogue, read_catalogue

NATIONAL = Path(__file__).parent / "data" / "dangerous-works-2018.yaml"


@cache
def national() -> Catalogue:
    """The national catalogue 建办质〔2018〕31号."""
    return read_catalogue(NATIONAL.read_bytes())
