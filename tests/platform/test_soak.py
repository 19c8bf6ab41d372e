"""Everything at once: processes and threads write, number, sequence, react, work and audit; afterwards it all adds up."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.platform.soak import SERIES, TAKEN, keep_taking

from jianguan.platform.commands.models import Receipt
from jianguan.platform.journal import reactions
from jianguan.platform.journal import service as journal
from jianguan.platform.journal.models import Entry, Pending, Position
from jianguan.platform.numbering.models import Series
from jianguan.platform.numbering.service import next_in

PROCESSES, ACTS = 2, 60


def numbers(subject_type: str, series: str) -> list[int]:
    bodies = Entry.objects.filter(kind=TAKEN.code, subject_type=subject_type).values_list("body", flat=True)
    data = [json.loads(bytes(body))["data"] for body in bodies]
    return sorted(one["number"] for one in data if one["series"] == series)


def test_everything_at_once(own_database, at_once, monkeypatch):
    reactions.discover()
    monkeypatch.setattr(reactions, "_reactions", {})
    written, faults = threading.Event(), []

    @journal.reaction("soak.count", [TAKEN])
    def count(fact: journal.Fact) -> None:
        next_in(f"reacted to {fact.subject_type}")

    def write_here(seed: int) -> int:
        return keep_taking(ACTS, seed)

    def write_elsewhere() -> int:
        line = [sys.executable, "-m", "tests.platform.soak", str(ACTS)]
        places = {"env": own_database.environment, "cwd": Path(__file__).parents[2]}
        running = [
            subprocess.Popen([*line, str(seed)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **places)
            for seed in range(PROCESSES)
        ]
        ended = [(*process.communicate(timeout=60), process.returncode) for process in running]
        assert [code for *_, code in ended] == [-signal.SIGKILL] * PROCESSES, ended
        return sum(int(said) for said, *_ in ended)

    def writers() -> int:
        try:
            return sum(at_once(write_elsewhere, *(lambda seed=seed: write_here(seed) for seed in (7, 8, 9))))
        finally:
            written.set()

    def repeat(work) -> None:
        while not written.is_set():
            work()

    def react() -> None:
        journal.run_all(11)

    def work() -> None:
        worker = app.with_connector(app.connector.get_worker_connector())
        worker.run_worker(wait=False, install_signal_handlers=False, delete_jobs="successful")

    def audit() -> None:
        found = journal.audit(journal.verifier_key())
        if not found.sound:
            faults.append(str(found.fault))

    background = (lambda: journal.sequence(7), lambda: journal.sequence(50), react, react, work, audit)
    done, *ended = at_once(writers, *(lambda one=one: repeat(one) for one in background))
    assert ended == [None] * len(background)
    assert faults == []

    work()
    while journal.sequence() + journal.run_all():
        pass
    for series in SERIES:
        taken = numbers("soak", series)
        assert taken == list(range(1, len(taken) + 1)), "unique and without a gap"
        assert numbers("follow", series) == taken, "each job once"
        assert Series.objects.get(pk=series).last == len(taken)
    assert sum(len(numbers("soak", series)) for series in SERIES) == done
    assert Receipt.objects.filter(action__endswith=".take").count() == done
    assert not ProcrastinateJob.objects.filter(task_name="soak.follow").exists()
    assert not Pending.objects.exists()
    reacted = dict(Series.objects.filter(pk__startswith="reacted").values_list("key", "last"))
    assert reacted == {"reacted to soak": done, "reacted to follow": done}
    positions = list(Position.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(len(positions)))
    found = journal.audit(journal.verifier_key())
    assert (found.sound, found.pending, found.entries) == (True, 0, len(positions)), str(found.fault)
    with transaction.atomic():
        assert next_in(SERIES[0]) == len(numbers("soak", SERIES[0])) + 1
