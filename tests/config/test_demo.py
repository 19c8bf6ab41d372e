"""`jianguan demo` in the hands of a newcomer: one command starts a province, Ctrl-C ends it, and it is there again."""

from __future__ import annotations

import contextlib
import os
import queue
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import yaml

from jianguan.config.demonstration import WORLD
from jianguan.platform.database.embedded import Cluster, open_cluster

LONGEST = 300  # seconds for anything to happen; reached only where nothing happens any more
LOADING = "Loading the demonstration"


def free_port() -> int:
    """A port nobody listens on, below those the system hands out to others; by chance, as other tests look for one too."""
    for port in random.sample(range(20_000, 32_000), 100):
        with contextlib.suppress(OSError), socket.socket() as tried:
            tried.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


class Demo:
    """A running `jianguan demo`: what it prints, and how it ends."""

    def __init__(self, var: Path, port: int) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JIANGUAN_", "DATABASE_URL"))}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jianguan", "demo", "--port", str(port)],
            cwd=var.parent, env={**kept, "JIANGUAN_VAR": str(var)}, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.lines: queue.Queue[str] = queue.Queue()
        self.said = ""
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put("")

    def wait_for(self, words: str) -> None:
        while words not in self.said:
            line = self.lines.get(timeout=LONGEST)
            assert line, f"it ended before it said {words!r}: {self.said}"
            self.said += line

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        status = self.process.wait(LONGEST)
        self.listener.join(LONGEST)  # it ends when nobody is left who could write
        assert not self.listener.is_alive()
        while line := self.lines.get(timeout=LONGEST):
            self.said += line
        assert self.process.stdout
        self.process.stdout.close()
        return status


def processes_of(var: Path) -> list[int]:
    """All processes that work in a folder."""
    wanted, found = f"JIANGUAN_VAR={var}".encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
    return found


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """The database the demonstration will have; whatever happens, nothing runs any more in the end."""
    var = tmp_path / "var"
    found = open_cluster(var / "db")
    yield found
    for process in processes_of(var):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    found.stop()
    shutil.rmtree(found.home, ignore_errors=True)


def count_cases(cluster: Cluster) -> int:
    with psycopg.connect(cluster.url()) as connection:
        row = connection.execute("SELECT count(*) FROM matters_case").fetchone()
        assert row
        return int(row[0])


def test_a_province_is_started_stopped_and_started_again(cluster: Cluster, tmp_path: Path, loopback: None):
    var, port = tmp_path / "var", free_port()
    accounts = {row["role"]: row["username"] for row in reversed(yaml.safe_load(WORLD.read_text())["accounts"])}

    def assert_gone() -> None:
        assert processes_of(var) == []
        assert not cluster.is_running()

    def visit_and_stop(number: signal.Signals) -> tuple[str, int]:
        """What it said and how many cases there were."""
        demo = Demo(var, port)
        for words in (f"http://127.0.0.1:{port}", *(f"    {username} " for username in accounts.values())):
            demo.wait_for(words)
        for page in ("/", "/login/"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=LONGEST) as answer:
                assert answer.status == 200
        assert len(processes_of(var)) >= 4  # itself, web, worker, sequencer
        count = count_cases(cluster)
        assert demo.end(number) == 0, demo.said
        assert_gone()
        return demo.said, count

    interrupted = Demo(var, port)
    interrupted.wait_for(LOADING)
    assert interrupted.end(signal.SIGTERM) == 2, interrupted.said
    assert_gone()

    said, count = visit_and_stop(signal.SIGINT)
    assert LOADING in said, "half a demonstration must not be taken for a whole one"
    assert count > 20

    said, count_again = visit_and_stop(signal.SIGTERM)
    assert LOADING not in said
    assert count_again == count
