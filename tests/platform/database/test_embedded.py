"""The embedded database: it comes up, keeps what it was given, survives a kill, and touches nothing of others."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from jianguan.platform.database import embedded
from jianguan.platform.database.embedded import Cluster, DatabaseUnavailableError, open_cluster

QUICK = {"fsync": "off"}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> Iterator[Cluster]:
    """A cluster of the module's own: prepared once, never started itself."""
    cluster = open_cluster(tmp_path_factory.mktemp("shelf") / "db")
    yield cluster
    shutil.rmtree(cluster.home, ignore_errors=True)


@pytest.fixture
def make(shelf, tmp_path) -> Iterator[Callable[..., Cluster]]:
    """Makes clusters with the binaries of the module's, in directories of any name; all are gone after the test."""
    made = []

    def new(name: str = "db") -> Cluster:
        home = shelf.home.parent / f"{shelf.home.name}-{tmp_path.name}" / name if shelf.owner else tmp_path / name
        home.mkdir(parents=True)
        if shelf.owner:
            shutil.chown(home, shelf.owner)
            home.parent.chmod(0o711)
        made.append(Cluster(home, shelf.binaries, shelf.owner))
        return made[-1]

    yield new
    for cluster in made:
        cluster.stop()
        shutil.rmtree(cluster.home.parent if shelf.owner else cluster.home, ignore_errors=True)


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def query(cluster: Cluster, sql: str) -> object:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        found = connection.execute(sql)
        return found.fetchone()[0] if found.description else None


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 30
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def test_it_starts_stops_and_keeps_its_data(make):
    cluster = make()
    assert not cluster.is_running()
    cluster.start(QUICK)
    assert cluster.is_running()
    first = postmaster(cluster)
    query(cluster, "CREATE TABLE kept AS SELECT '建管' AS name")
    cluster.start(QUICK)
    assert postmaster(cluster) == first, "a server that runs is left alone"
    cluster.stop()
    cluster.stop()
    assert not cluster.is_running()
    with pytest.raises(psycopg.OperationalError):
        query(cluster, "SELECT 1")
    cluster.start(QUICK)
    assert query(cluster, "SELECT name FROM kept") == "建管"


def test_what_was_committed_survives_a_kill(make):
    cluster = make()
    cluster.start({})
    query(cluster, "CREATE TABLE kept AS SELECT 7 AS n")
    open_work = psycopg.connect(cluster.url())
    open_work.execute("INSERT INTO kept VALUES (8)")
    pid = postmaster(cluster)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    assert not cluster.is_running()
    cluster.start({})
    assert query(cluster, "SELECT array_agg(n) FROM kept") == [7]
    open_work.close()


def test_an_interrupted_first_start_is_made_good(make, monkeypatch):
    cluster = make()
    run = Cluster._run

    def dies(self, program, *arguments, check=True):
        run(self, program, *arguments, check=check)
        if program == "initdb":
            raise KeyboardInterrupt

    monkeypatch.setattr(Cluster, "_run", dies)
    with pytest.raises(KeyboardInterrupt):
        cluster.start(QUICK)
    monkeypatch.undo()
    assert not cluster.is_running()
    cluster.start(QUICK)
    assert query(cluster, "SELECT 1") == 1
    assert {path.name for path in cluster.home.iterdir()} <= {"data", "run", "server.log", ".lock"}


@pytest.mark.parametrize("name", ["with space", "张三's 100%", "a" * 120])
def test_the_directory_may_have_any_name(make, name):
    cluster = make(name)
    cluster.start(QUICK)
    assert query(cluster, "SELECT current_database()") == "jianguan"


def test_a_server_that_does_not_come_up_is_explained_by_its_log(make):
    cluster = make()
    with pytest.raises(DatabaseUnavailableError, match=r"did not start\. Its log says:[^$]*no_such_setting"):
        cluster.start({"no_such_setting": "1"})
    assert not cluster.is_running()
    cluster.start(QUICK)


@pytest.mark.parametrize("setting", ["listen_addresses", "data_directory_mode"])
def test_it_is_open_to_its_owner_alone(make, setting):
    cluster = make()
    cluster.start(QUICK)
    assert query(cluster, f"SHOW {setting}") in ("", "0700")
    assert stat.S_IMODE(cluster.sockets.stat().st_mode) == stat.S_IMODE(cluster.data.stat().st_mode) == 0o700


STARTS = """
import sys
from pathlib import Path
from jianguan.platform.database.embedded import open_cluster
import psycopg

cluster = open_cluster(Path(sys.argv[1]))
cluster.start({"fsync": "off"})
with psycopg.connect(cluster.url(), autocommit=True) as connection:
    connection.execute("SELECT 1")
print(cluster.home, cluster.data.joinpath("postmaster.pid").read_text().split()[0])
"""


def test_three_processes_at_once_share_one_new_cluster(tmp_path):
    directory = tmp_path / "db"
    line = [sys.executable, "-c", STARTS, str(directory)]
    starting = [subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    ended = [process.communicate(timeout=120) for process in starting]
    cluster = open_cluster(directory)
    try:
        assert [errors for _, errors in ended] == [""] * 3
        assert {answer.strip() for answer, _ in ended} == {f"{cluster.home} {postmaster(cluster)}"}
    finally:
        cluster.stop()
        shutil.rmtree(cluster.home, ignore_errors=True)


@as_root
def test_started_by_root_it_runs_as_nobody_from_a_copy(make):
    cluster = make()
    cluster.start(QUICK)
    nobody = pwd.getpwnam("nobody")
    status = Path(f"/proc/{postmaster(cluster)}/status").read_text()
    assert f"Uid:\t{nobody.pw_uid}\t{nobody.pw_uid}" in status
    assert next(line for line in status.splitlines() if line.startswith("Groups:")).split() == ["Groups:"]
    program = Path(f"/proc/{postmaster(cluster)}/exe").readlink()
    assert program.is_relative_to(cluster.binaries.parents[2])
    assert not program.is_relative_to(embedded.find_binaries().parent)


@as_root
def test_started_by_root_it_leaves_the_directory_it_belongs_to_alone(tmp_path):
    directory = tmp_path / "var" / "db"
    directory.mkdir(parents=True)
    (directory / "note.txt").write_text("not yours")
    before = [(path, path.stat().st_uid, path.stat().st_mode) for path in sorted(tmp_path.rglob("*"))]
    cluster = open_cluster(directory)
    try:
        assert [(path, path.stat().st_uid, path.stat().st_mode) for path in sorted(tmp_path.rglob("*"))] == before
        assert directory not in (cluster.home, *cluster.home.parents)
        assert stat.S_IMODE(cluster.home.stat().st_mode) == 0o700
    finally:
        shutil.rmtree(cluster.home)


@as_root
def test_a_directory_somebody_else_put_there_is_refused(make, tmp_path):
    strangers = tmp_path / "strangers"
    strangers.mkdir()
    (strangers / "kept.txt").write_text("not yours")
    os.chown(strangers, 12345, 12345)
    cluster = make()
    (cluster.home / "run").symlink_to(strangers)
    with pytest.raises(DatabaseUnavailableError, match="somebody else"):
        cluster.start(QUICK)
    (cluster.home / "run").unlink()
    strangers.rename(cluster.home / "run")
    with pytest.raises(DatabaseUnavailableError, match="somebody else"):
        cluster.start(QUICK)
    assert (cluster.home / "run" / "kept.txt").stat().st_uid == 0
    assert (cluster.home / "run").stat().st_uid == 12345


def test_files_at_the_place_of_the_data_are_not_touched(make):
    cluster = make()
    cluster.data.mkdir()
    (cluster.data / "thesis.txt").write_text("years of work")
    with pytest.raises((DatabaseUnavailableError, OSError)):
        cluster.start(QUICK)
    assert (cluster.data / "thesis.txt").read_text() == "years of work"


def test_without_any_server_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(embedded.shutil, "which", lambda _name: None)
    monkeypatch.setattr(embedded.Path, "glob", lambda *_: iter(()))
    with pytest.raises(DatabaseUnavailableError, match="apt-get install postgresql"):
        embedded.find_binaries()
