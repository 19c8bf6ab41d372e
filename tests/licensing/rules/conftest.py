"""Packs of the product in the hands of tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jianguan.config.packs_folder import shipped_packs
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.reading import from_directory


@pytest.fixture
def shipped_packs_pack() -> Callable[[str], Pack]:
    """Reads a pack of the product by its key."""
    return lambda key: from_directory(shipped_packs() / key / "1")
