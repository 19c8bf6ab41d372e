"""Databases of a test's own, for what must be committed to be seen: several connections, late commits, other processes."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from django.db import connections, transaction


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """A transaction that is rolled back at the end of the block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class OwnDatabase:
    """A copy of the test database, thrown away after the test."""

    url: str

    def connect(self, **options: Any) -> psycopg.Connection:
        """A connection beside Django's."""
        return psycopg.connect(self.url, **options)

    def wait_for_a_waiter(self) -> None:
        """Return once some connection waits for a lock of another."""
        with self.connect(autocommit=True) as watcher:
            deadline = time.monotonic() + 20
            while not watcher.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone():
                assert time.monotonic() < deadline, "nobody came to wait for a lock"
                time.sleep(0.01)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to work on it."""
        return {**os.environ, "DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "jianguan.config.settings"}


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[OwnDatabase]:
    """Django works on a copy of the test database; everything commits, and nothing of it stays."""
    settings = connections["default"].settings_dict
    template, name = settings["NAME"], f"own_{uuid4().hex[:12]}"
    server = os.environ["DATABASE_URL"]
    with django_db_blocker.unblock():
        connections.close_all()  # a database in use cannot be copied
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        settings["NAME"] = name
        try:
            yield OwnDatabase(urlunsplit(urlsplit(server)._replace(path=f"/{name}")))
        finally:
            connections.close_all()
            settings["NAME"] = template
            with psycopg.connect(server, autocommit=True) as admin:
                admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def at_once(own_database: OwnDatabase) -> Callable[..., list[Any]]:
    """Runs calls in threads with connections of their own; returns their answers, or the errors they met."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - whatever a thread met is shown to the test
            return error
        finally:
            connections.close_all()

    def run_all(*calls: Callable[[], Any]) -> list[Any]:
        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(run, calls))

    return run_all
