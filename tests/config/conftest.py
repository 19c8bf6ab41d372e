from __future__ import annotations

import pytest
from pytest_socket import enable_socket, socket_allow_hosts
from tests.databases import at_once, own_database  # noqa: F401 - fixtures of this folder


@pytest.fixture
def loopback() -> None:
    """Connections of this machine to itself, which other tests may not make."""
    enable_socket()
    socket_allow_hosts(["127.0.0.1", "localhost", "::1"])
