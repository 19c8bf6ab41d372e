"""The standards inspections are scored by and the weights of draws, as they are shipped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from jianguan.kernel.scoring import Scheme, read_scheme

FOLDER = Path(__file__).parent / "data"
STANDARDS = {"jgj59": "jgj59-2011.yaml", "quality": "quality-proposal.yaml"}


@cache
def standard(key: str) -> Scheme:
    """The shipped standard of this key."""
    return read_scheme((FOLDER / STANDARDS[key]).read_bytes())


@cache
def draw_weights() -> dict[str, Any]:
    """The weights of draws by class of risk, and how sure they are."""
    weights: dict[str, Any] = yaml.safe_load((FOLDER / "draw-weights.yaml").read_bytes())
    return weights
