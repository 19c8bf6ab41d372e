"""`jianguan serve`, `worker`, `sequencer`: the processes of an installation."""

from __future__ import annotations

import signal
import threading

import click

from jianguan.config import background, installation


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="processes")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="threads of each process")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the pages."""
    installation.prepare()
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "jianguan.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        log_enabled=False,
        websockets=False,
    ).serve()


@click.command()
def sequencer() -> None:
    """Give committed journal entries their position and sign tree heads. One is enough; more wait for it."""
    installation.prepare()
    from jianguan.platform.journal.service import sequence

    background.repeat(sequence, background.SEQUENCER_REST, _stopped_by_signal())


@click.command()
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 32), help="jobs at once")
def worker(concurrency: int) -> None:
    """Run background jobs, reactions and timers. Any number of workers may run."""
    installation.prepare()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from jianguan.platform.jobs.service import put_back
    from jianguan.platform.journal.service import run_all

    stop = threading.Event()
    threads = [
        background.in_thread(run_all, background.REACTIONS_REST, stop),
        background.in_thread(background.fire_timers, background.TIMERS_REST, stop),
        background.in_thread(background.remind_of_work, background.REMINDERS_REST, stop),
        background.in_thread(background.remind, background.REMINDERS_REST, stop),
        background.in_thread(put_back, background.TIMERS_REST, stop),
    ]
    assert isinstance(app.connector, DjangoConnector)
    try:
        app.with_connector(app.connector.get_worker_connector()).run_worker(
            concurrency=concurrency, delete_jobs="successful"
        )
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=10)


def _stopped_by_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
