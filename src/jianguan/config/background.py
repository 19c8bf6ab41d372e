"""What runs beside the web: the sequencer, reactions, timers, jobs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import close_old_connections, connections

log = logging.getLogger(__name__)
SEQUENCER_REST = 0.1  # seconds between looks at the outbox of the journal when it was empty
REACTIONS_REST = 0.2
TIMERS_REST = 5.0
REMINDERS_REST = 60.0
LONGEST_REST = 30.0


def repeat(work: Callable[[], int], rest: float, stop: threading.Event) -> None:
    """Do a piece of work again and again; rest when there was nothing to do, longer and longer while it fails."""
    pause = rest
    while not stop.is_set():
        try:
            close_old_connections()
            done = work()
        except Exception:
            log.exception("Background work failed; trying again in %.0f s", pause)
            connections.close_all()
            pause = min(pause * 2, LONGEST_REST)
            stop.wait(pause)
        else:
            pause = rest
            if not done:
                stop.wait(rest)


def fire_timers() -> int:
    """Let the timers that are due act; returns how many did."""
    from jianguan.licensing.matters import service as matters
    from jianguan.licensing.process import service as process
    from jianguan.platform import clock

    return sum(matters.fire_timer(instance_id, timer_id) for instance_id, timer_id in process.due_timers(clock.now()))


def remind() -> int:
    """Tell applicants of corrections whose last day is near; returns how many were told."""
    from jianguan.licensing.matters import service as matters

    return matters.remind_of_corrections()


def remind_of_work() -> int:
    """Tell people once a working day what is due; returns how many were told."""
    from jianguan.licensing.duties import service as duties

    return duties.remind()


def in_thread(work: Callable[[], int], rest: float, stop: threading.Event) -> threading.Thread:
    """Repeat a piece of work in a thread of its own, with its own database connection."""
    thread = threading.Thread(target=repeat, args=(work, rest, stop), name=work.__name__, daemon=True)
    thread.start()
    return thread


def wait_for_port(host: str, port: int, seconds: float) -> bool:
    """Whether something answers at a port within so many seconds."""
    import socket

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False
