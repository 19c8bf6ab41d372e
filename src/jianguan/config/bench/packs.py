"""Seconds until a pack has passed the publication gate and its scenarios."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

from jianguan.config.bench.ground import Ground
from jianguan.config.bench.measuring import in_turn
from jianguan.config.bench.report import Figure, Report

COMMAND = (sys.executable, "-m", "jianguan", "packs", "check", "--json")


def measure(ground: Ground) -> Report:
    """Run `jianguan packs check` as a person would."""
    told: list[dict[str, Any]] = []

    def check() -> float:
        began = time.perf_counter()
        told[:] = json.loads(subprocess.run(COMMAND, capture_output=True, check=True).stdout)  # noqa: S603 - ourselves
        return time.perf_counter() - began

    taken = in_turn(ground.size(3, 1), {"check": check})
    figures = [Figure("jianguan packs check, from start to exit", taken.median("check"), "s")]
    figures += [Figure(f"{pack['pack']}, {pack['scenarios']} scenarios", pack["seconds"], "s") for pack in told]
    return Report("packs", figures)
