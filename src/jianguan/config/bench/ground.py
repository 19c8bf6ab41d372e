"""The ground benches stand on: an installation made for one run, with its own database, keys and documents."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jianguan.config import installation
from jianguan.platform.database.embedded import open_cluster

if TYPE_CHECKING:
    from jianguan.config.bench.measuring import Crew
    from jianguan.config.demonstration.loading import World

PROCESSES = 4
FEW = 2  # in a quick run


@dataclass(frozen=True, slots=True)
class Ground:
    """What a bench works with.

    Attributes:
        world: organisations, people and projects of the demonstration.
        crew: worker processes.
        quick: only to see that the bench works: sizes are small and the figures mean little.
    """

    world: World
    crew: Crew
    quick: bool

    def size(self, full: int, quick: int) -> int:
        """A size for a full or for a quick run."""
        return quick if self.quick else full


@contextlib.contextmanager
def ground(*, quick: bool) -> Iterator[Ground]:
    """A fresh installation, thrown away afterwards.

    The database is as an installation has it: `fsync` and `synchronous_commit` are on. Nothing of an installation on
    this machine is read or written: its settings are taken out of the environment first.
    """
    scratch = Path(tempfile.mkdtemp(prefix="jianguan-bench-"))
    cluster = open_cluster(scratch / "db")
    try:
        cluster.start()
        _settle_in(scratch / "var", cluster.url())
        from jianguan.config.bench.measuring import Crew

        world = _load()
        with Crew(FEW if quick else PROCESSES) as crew:
            yield Ground(world, crew, quick)
    finally:
        _close_connections()
        cluster.stop()
        for left in (cluster.sockets, cluster.home, scratch):
            shutil.rmtree(left, ignore_errors=True)


def _settle_in(var: Path, database_url: str) -> None:
    import django
    from django.conf import settings

    assert not settings.configured, "a bench brings its own settings"
    for name in [name for name in os.environ if name.startswith("JIANGUAN_")]:
        del os.environ[name]
    # Certificates as an installation makes them that asked for no more: PDF only.
    os.environ |= {"JIANGUAN_VAR": str(var), "DATABASE_URL": database_url, "JIANGUAN_OFD_KINDS": ""}
    installation.create("demo", "http://localhost")
    installation.load()
    django.setup()


def _load() -> World:
    from django.core.management import call_command

    from jianguan.config.demonstration import loading, timeline
    from jianguan.platform import clock

    call_command("migrate", verbosity=0, interactive=False)
    with clock.standing_at(loading.long_ago()):
        loading.load_basics()
        world = loading.load_people_and_projects()
    timeline.settle()
    return world


def _close_connections() -> None:
    from django.conf import settings

    if settings.configured:
        from django.db import connections

        connections.close_all()
