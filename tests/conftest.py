"""What every test may rely on."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import hypothesis
import pytest
from pytest_socket import disable_socket

ROOT = Path(__file__).parents[1]
hypothesis.settings.register_profile("untimed", deadline=None)  # machines are shared: no test is about time
hypothesis.settings.load_profile("untimed")


def _prepare_environment() -> list[Callable[[], None]]:
    """Set the tests' settings before Django reads them; returns what to do when the run ends.

    The database is an embedded cluster of this run (or JIANGUAN_TEST_DATABASE_URL), shared by the workers of
    pytest-xdist, which inherit the environment of the process that prepared it.
    """
    from django.conf import settings

    if settings.configured:
        raise pytest.UsageError("The tests bring their own settings: unset DJANGO_SETTINGS_MODULE and run again.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "jianguan.config.settings"
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["JIANGUAN_VAR"] += f"-{worker}"  # keys and documents belong to one database
        return []
    for line in (ROOT / "tests" / "test.env").read_text().splitlines():
        name, value = line.split("=", 1)
        os.environ[name] = value
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
django.setup()  # further conftest files import models
# Workers of pytest-xdist inherit the environment; pytest-django must not read the settings there before this file did.
del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_unconfigure() -> None:
    while _cleanups:
        _cleanups.pop()()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: their server and their event loop live to the end of the worker."""
    items.sort(key=lambda item: "e2e" in item.path.parts)


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


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """The test database holds the world of the demonstration, without its cases; every test rolls back to it."""
    from django.test.utils import setup_databases, teardown_databases

    from jianguan.config.demonstration import loading, timeline
    from jianguan.licensing.matters import service as matters
    from jianguan.platform import clock

    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        with clock.standing_at(loading.long_ago()):
            loading.load_basics()
            WORLD.append(loading.load_people_and_projects())
        timeline.settle()
        matters.catalogue()  # packs are read once per process: whoever counts queries comes later
    yield
    with django_db_blocker.unblock():
        teardown_databases(databases, verbosity=0)


WORLD: list[Any] = []


@pytest.fixture
def world(db: None) -> Any:
    """Organisations, accounts, enterprises, people and projects of the demonstration."""
    return WORLD[0]


@pytest.fixture
def committed_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The same world for tests with several connections: what they write is committed and stays.

    Such tests take projects that no other test takes.
    """
    from django.db import connections

    with django_db_blocker.unblock():
        yield WORLD[0]
        connections.close_all()


@pytest.fixture
def visit(world: Any) -> Callable[[str], Any]:
    """A browser without script, signed in as one of the people of the demonstration: `visit("agent").get("/e/")`."""
    from django.test import Client

    from jianguan.platform.accounts.service import Account

    def sign_in(username: str) -> Client:
        client = Client()
        client.force_login(Account.objects.get(username=username))
        return client

    return sign_in
