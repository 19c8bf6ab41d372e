"""What every test may rely on."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_socket import disable_socket

ROOT = Path(__file__).parents[1]


def _prepare_environment() -> list[Callable[[], None]]:
    """Set the tests' settings before Django reads them; returns what to do when the run ends.

    The database is an embedded cluster of this run (or JIANGUAN_TEST_DATABASE_URL), shared by the workers of
    pytest-xdist, which inherit the environment of the process that prepared it.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        return []
    for line in (ROOT / "tests" / "test.env").read_text().splitlines():
        name, value = line.split("=", 1)
        os.environ[name] = value
    os.environ["DJANGO_SETTINGS_MODULE"] = "jianguan.config.settings"
    scratch = Path(tempfile.mkdtemp(prefix="jianguan-tests-"))
    os.environ["JIANGUAN_VAR"] = str(scratch / "var")
    cleanups: list[Callable[[], None]] = [lambda: shutil.rmtree(scratch, ignore_errors=True)]
    if url := os.environ.get("JIANGUAN_TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = url
        return cleanups
    from jianguan.platform.database.embedded import open_cluster

    cluster = open_cluster(scratch / "db")
    cluster.start({"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"})
    os.environ["DATABASE_URL"] = cluster.url()
    return [*cleanups, lambda: shutil.rmtree(cluster.home, ignore_errors=True), cluster.stop]


_cleanups = _prepare_environment()


def pytest_unconfigure() -> None:
    while _cleanups:
        _cleanups.pop()()


def pytest_runtest_setup() -> None:
    """The network is out of bounds; the database and the browser are on this machine."""
    disable_socket(allow_unix_socket=True)


@pytest.fixture(scope="session")
def conformance() -> Path:
    """The folder of outside test data; tests that need it are skipped, in one line, where there is none."""
    places = [os.environ.get("JIANGUAN_CONFORMANCE"), ROOT.parent / "shared" / "conformance"]
    for place in places:
        if place and Path(place).is_dir():
            return Path(place)
    pytest.skip("outside test data not found: set JIANGUAN_CONFORMANCE")
