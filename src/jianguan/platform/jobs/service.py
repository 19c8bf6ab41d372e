"""The door of background jobs, a thin port over procrastinate.

A job is enqueued in the caller's transaction: it exists if and only if that transaction commits. Jobs are idempotent
and keep no local state, so that any number of workers may run them and a job may run twice.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, TypeVar

from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException

from jianguan.platform import clock

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])
RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


def job(name: str, queue: str = "default") -> Callable[[FunctionT], Any]:
    """Declare a job. Rooms declare theirs in `tasks.py`; arguments are plain JSON values."""
    return app.task(name=name, queue=queue, retry=RETRY)


def enqueue(name: str, **arguments: Any) -> None:
    """Enqueue a declared job by name, in the caller's transaction."""
    app.configure_task(name, allow_unknown=False).defer(**arguments)


def put_back() -> int:
    """Let the jobs that a killed worker left in the middle run again; returns how many.

    A living worker gives a sign every ten seconds; one that was silent for thirty is taken for dead.
    """
    left = list(async_to_sync(app.job_manager.get_stalled_jobs)())
    for found in left:
        assert found.id is not None
        with contextlib.suppress(ConnectorException):  # another worker put it back first
            app.job_manager.retry_job_by_id(found.id, clock.now())
    return len(left)


def drain() -> int:
    """Run all waiting jobs here and now, one after the other; for tests and one-shot commands. Returns how many ran."""
    ran = 0
    while waiting := list(ProcrastinateJob.objects.filter(status="todo").order_by("id")):
        for row in waiting:
            app.tasks[row.task_name].func(**row.args)
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [row.pk])
            ran += 1
    return ran
