"""Background jobs: with their transaction or not at all, again after a failure, never out of sight."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from procrastinate.exceptions import TaskNotFound
from tests.databases import undone

from jianguan.platform import clock
from jianguan.platform.jobs import service as jobs
from jianguan.platform.numbering.service import next_in

done: list[object] = []
failures: list[Exception] = []


@pytest.fixture(autouse=True)
def _afresh():
    done.clear()
    failures.clear()


@jobs.job("tests.note")
def note(word: str) -> None:
    done.append(word)


@jobs.job("tests.fail_as_told")
def fail_as_told(word: str) -> None:
    if failures:
        raise failures.pop(0)
    done.append(word)


@jobs.job("tests.make_more")
def make_more(count: int) -> None:
    done.append(count)
    if count:
        jobs.enqueue("tests.make_more", count=count - 1)


@jobs.job("tests.take_number")
def take_number(series: str) -> None:
    with transaction.atomic():
        done.append(next_in(series))


KILLED = """
import os, signal
import django
django.setup()
from procrastinate.contrib.django import app
from jianguan.platform.jobs import service as jobs

@jobs.job("tests.note")
def note(word):
    os.kill(os.getpid(), signal.SIGKILL)

app.with_connector(app.connector.get_worker_connector()).run_worker(wait=False)
"""


def waiting() -> list[str]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", flat=True))


def work_once() -> None:
    """One worker that ends when nothing is left to do, as `jianguan worker` runs it."""
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(wait=False, concurrency=2, install_signal_handlers=False, delete_jobs="successful")


def make_due() -> None:
    """As if the pause before the next attempt were over."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 second' WHERE status = 'todo'")


@pytest.mark.django_db
class TestEnqueueing:
    def test_a_job_waits_until_it_is_run(self):
        jobs.enqueue("tests.note", word="one")
        assert (waiting(), done) == (["tests.note"], [])

    def test_a_job_of_a_failed_transaction_does_not_exist(self):
        with undone():
            jobs.enqueue("tests.note", word="one")
        assert waiting() == []

    def test_a_job_nobody_declared_is_refused(self):
        with pytest.raises(TaskNotFound):
            jobs.enqueue("tests.nobody_declared_this")
        assert waiting() == []

    def test_what_is_not_plain_json_is_refused(self):
        with pytest.raises(TypeError):
            jobs.enqueue("tests.note", word=clock.now())
        assert waiting() == []


@pytest.mark.django_db
class TestDraining:
    def test_waiting_jobs_run_in_order_and_are_gone(self):
        for word in "abc":
            jobs.enqueue("tests.note", word=word)
        assert jobs.drain() == 3
        assert (done, waiting(), jobs.drain()) == (["a", "b", "c"], [], 0)

    def test_jobs_that_jobs_enqueue_run_too(self):
        jobs.enqueue("tests.make_more", count=3)
        assert (jobs.drain(), done) == (4, [3, 2, 1, 0])

    def test_a_job_that_fails_is_not_hidden_and_stays(self):
        failures.append(ValueError("no paper"))
        jobs.enqueue("tests.fail_as_told", word="printed")
        jobs.enqueue("tests.note", word="after")
        with pytest.raises(ValueError, match="no paper"):
            jobs.drain()
        assert waiting() == ["tests.fail_as_told", "tests.note"]
        assert (jobs.drain(), done) == (2, ["printed", "after"])


def test_another_connection_sees_a_job_when_its_transaction_ends(own_database, at_once):
    with own_database.connect(autocommit=True) as other:

        def seen() -> int:
            return other.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tests.note'").fetchone()[0]

        with transaction.atomic():
            jobs.enqueue("tests.note", word="one")
            assert seen() == 0
        assert seen() == 1


class TestWorking:
    def test_a_worker_runs_what_waits_and_keeps_no_trace_of_what_succeeded(self, own_database):
        for word in "ab":
            jobs.enqueue("tests.note", word=word)
        work_once()
        assert (sorted(done), waiting()) == (["a", "b"], [])

    def test_a_job_that_fails_once_is_tried_again_and_succeeds(self, own_database):
        failures.append(ConnectionError("the printer is asleep"))
        jobs.enqueue("tests.fail_as_told", word="printed")
        work_once()
        job = ProcrastinateJob.objects.get()
        assert (job.status, job.attempts, done) == ("todo", 1, [])
        assert job.scheduled_at > clock.now() + timedelta(seconds=1), "not at once"
        work_once()
        assert done == [], "not before its time"
        make_due()
        work_once()
        assert (done, waiting()) == (["printed"], [])

    def test_a_job_that_always_fails_is_given_up_and_stays_visible(self, own_database):
        failures.extend(ConnectionError("no printer") for _ in range(100))
        jobs.enqueue("tests.fail_as_told", word="printed")
        for _ in range(jobs.RETRY.max_attempts + 5):
            work_once()
            make_due()
        job = ProcrastinateJob.objects.get()
        assert (job.status, done) == ("failed", [])
        assert job.attempts == 100 - len(failures) == jobs.RETRY.max_attempts + 1
        assert ProcrastinateEvent.objects.filter(job=job, type="failed").exists()
        assert jobs.drain() == 0, "what was given up is for people to decide"

    def test_a_failing_job_does_not_hold_up_others(self, own_database):
        failures.append(ValueError())
        jobs.enqueue("tests.fail_as_told", word="first")
        jobs.enqueue("tests.note", word="second")
        work_once()
        assert done == ["second"]

    def test_two_workers_share_the_jobs_and_none_runs_twice(self, own_database, at_once):
        for _ in range(40):
            jobs.enqueue("tests.take_number", series="shared")
        both = threading.Barrier(2)

        def work() -> None:
            both.wait(20)
            work_once()

        assert at_once(work, work) == [None, None]
        assert sorted(done) == list(range(1, 41))
        assert waiting() == []

    def test_a_job_whose_worker_was_killed_is_put_back_once_the_worker_is_silent(self, own_database):
        jobs.enqueue("tests.note", word="survived")
        killed = subprocess.run([sys.executable, "-c", KILLED], env=own_database.environment, capture_output=True)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert ProcrastinateJob.objects.get().status == "doing"
        assert jobs.put_back() == 0, "the worker may be alive"
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'")
        assert (jobs.put_back(), jobs.put_back()) == (1, 0)
        work_once()
        assert (done, waiting()) == (["survived"], [])
