from __future__ import annotations

from pathlib import Path

import pytest

from jianguan.kernel.process import Net, read_net


@pytest.fixture(scope="session")
def permit_file() -> bytes:
    """A construction permit with coordinates: everything a real matter needs."""
    return (Path(__file__).parent / "permit.bpmn").read_bytes()


@pytest.fixture(scope="session")
def permit(permit_file: bytes) -> Net:
    return read_net(permit_file)
