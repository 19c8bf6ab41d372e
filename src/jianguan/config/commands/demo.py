"""`jianguan demo`: a province on this machine."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import click

from jianguan.config import background, installation


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(host: str, port: int) -> None:
    """Start the database, load the demonstration once, and start web, worker and sequencer. Ctrl-C stops all of it.

    Data stays in ./var (JIANGUAN_VAR); a second start is quick. Stopped before it is loaded, it begins anew next time.
    """
    _listen_for_signals(_interrupt)
    if background.wait_for_port(host, port, 0.2):
        raise click.UsageError(
            f"Something else listens on {host}:{port}. Choose another port: jianguan demo --port 8001"
        )
    address = f"http://{host}:{port}"
    installation.load()
    if installation.exists() and os.environ.get("JIANGUAN_MODE", "production") == "production":
        raise click.UsageError(
            f"{installation.var()} is a real installation; everybody knows the passwords of the demonstration."
            " Choose another folder: JIANGUAN_VAR=demo jianguan demo"
        )
    installation.create("demo", address)
    os.environ["JIANGUAN_BASE_URL"] = address
    installation.load()
    with _database():
        _load()
        with _processes(host, port):
            click.echo(_greeting(address))
            _wait()
        click.echo("\nStopping.")


@contextlib.contextmanager
def _database() -> Iterator[None]:
    cluster = installation.start_database()
    try:
        yield
    finally:
        _listen_for_signals(signal.SIG_IGN)  # whoever is impatient does not leave a database behind
        if cluster:
            cluster.stop()


def _load() -> None:
    """Bring the database up to date; load the demonstration into an empty one."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections, transaction

    from jianguan.config.demonstration import cases, loading, timeline
    from jianguan.platform import clock
    from jianguan.platform.accounts.service import Organisation

    call_command("migrate", verbosity=0, interactive=False)
    if not Organisation.objects.exists():
        click.echo("Loading the demonstration (once, about a minute) …")
        with transaction.atomic():  # all of it or nothing: half a demonstration would be taken for a whole one
            with clock.standing_at(loading.long_ago()):
                loading.load_basics()
                world = loading.load_people_and_projects()
            timeline.settle()
            cases.load_cases(world)
    connections.close_all()


@contextlib.contextmanager
def _processes(host: str, port: int) -> Iterator[None]:
    """Web, worker and sequencer as child processes, stopped together."""
    program = [sys.executable, "-m", "jianguan"]
    lines = (["serve", "--host", host, "--port", str(port)], ["worker"], ["sequencer"])
    children: list[subprocess.Popen[bytes]] = []
    try:
        for line in lines:
            child = subprocess.Popen([*program, *line], start_new_session=True)  # noqa: S603 - ourselves
            children.append(child)
        if not background.wait_for_port(host, port, 60):
            raise click.ClickException("The web process did not start; its messages stand above.")
        yield
    finally:
        _listen_for_signals(signal.SIG_IGN)
        for child in children:
            child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 15
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            child.kill()


def _wait() -> None:
    """Until Ctrl-C or a polite kill."""
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(3600)


def _listen_for_signals(handler: Callable[..., None] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _greeting(address: str) -> str:
    import yaml

    from jianguan.config.demonstration import WORLD

    world = yaml.safe_load(WORLD.read_text())
    lines = [f"\n  Jianguan 建管  {address}   (Ctrl-C stops)\n", f"  Password of every account: {world['password']}\n"]
    shown: set[str] = set()
    for account in world["accounts"]:
        if account["role"] not in shown:
            shown.add(account["role"])
            lines.append(f"    {account['username']:<12} {account['name']}  {account['position']}")
    return "\n".join(lines) + "\n"
