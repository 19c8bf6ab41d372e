"""What every test may rely on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def conformance() -> Path:
    """The folder of outside test data; tests that need it are skipped, in one line, where there is none."""
    places = [os.environ.get("JIANGUAN_CONFORMANCE"), Path(__file__).parents[2] / "shared" / "conformance"]
    for place in places:
        if place and Path(place).is_dir():
            return Path(place)
    pytest.skip("outside test data not found: set JIANGUAN_CONFORMANCE")
