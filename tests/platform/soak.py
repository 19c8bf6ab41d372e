"""The act that the soak repeats from many connections, and a process that does nothing else: `python -m tests.platform.soak`."""

from __future__ import annotations

import os
import random
import signal
import sys
from dataclasses import dataclass
from uuid import UUID

import django

if __name__ == "__main__":
    django.setup()

from django.db import transaction
from uuid6 import uuid7

from jianguan.platform.commands.service import action, new_command_id
from jianguan.platform.errors import Refusal
from jianguan.platform.jobs import service as jobs
from jianguan.platform.journal import service as journal
from jianguan.platform.numbering.service import next_in

TAKEN = journal.kind("soak.taken", "Number taken")
SERIES = ("permits", "filings", "notices")


@dataclass(frozen=True)
class Take:
    command_id: UUID
    series: str
    fails: bool = False


@dataclass(frozen=True)
class Taken:
    number: int


@action
def take(actor, command: Take) -> Taken:
    """Take a number, say so in the journal, let a job follow."""
    number = next_in(command.series)
    journal.record(
        TAKEN, journal.Subject("soak", uuid7(), "460105"), actor, {"series": command.series, "number": number}
    )
    jobs.enqueue("soak.follow", series=command.series, number=number)
    if command.fails:
        raise Refusal("Not this one.")
    return Taken(number)


@jobs.job("soak.follow")
def follow(series: str, number: int) -> None:
    """What follows, in a transaction of its own; done twice it says so twice, and the test would see it."""
    with transaction.atomic():
        journal.record(TAKEN, journal.Subject("follow", uuid7(), "460105"), journal.SYSTEM, {"series": series, "number": number})  # fmt: skip


def keep_taking(count: int, seed: int) -> int:
    """Act so often; some acts fail, some are sent twice. Returns how many were done."""
    chance, done = random.Random(seed), 0
    for _ in range(count):
        command = Take(new_command_id(), chance.choice(SERIES), fails=chance.random() < 0.2)
        for _ in range(chance.choice((1, 1, 2))):
            try:
                take(journal.SYSTEM, command)
            except Refusal:
                continue
        done += not command.fails
    return done


if __name__ == "__main__":
    count, seed = map(int, sys.argv[1:])
    sys.stdout.write(str(keep_taking(count, seed)))
    sys.stdout.flush()
    with transaction.atomic():  # and the last act is cut off in the middle
        next_in(SERIES[0])
        journal.record(
            TAKEN, journal.Subject("soak", uuid7(), "460105"), journal.SYSTEM, {"series": SERIES[0], "number": -1}
        )
        os.kill(os.getpid(), signal.SIGKILL)
