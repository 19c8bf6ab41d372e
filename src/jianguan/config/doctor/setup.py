"""Before anything else: is there an installation, are its settings complete, does its database answer."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from jianguan.config import environment, installation
from jianguan.config.doctor.finding import Finding, fault, ok, warning
from jianguan.platform.database.embedded import DatabaseUnavailableError

INIT = "Run: jianguan init"


def settings() -> Iterator[Finding]:
    """The settings are complete and safe for the mode."""
    installation.load()
    if not installation.exists():
        yield fault(f"Nothing is installed in {installation.var()}.", INIT)
        return
    os.environ.setdefault("DATABASE_URL", "postgresql:///none")  # the embedded one, which is started afterwards
    try:
        known = environment.load()
    except environment.UnfitEnvironment as error:
        file = installation.var() / installation.FILE
        for line in str(error).splitlines()[1:]:
            yield fault(line.strip(), f"Set it in {file} or in the environment (docs/operations.md).")
        return
    yield ok(f"Mode {known.mode}, settings complete.")
    yield from _safe(known)
    yield from _private(installation.var() / installation.FILE)


def _safe(known: environment.Environment) -> Iterator[Finding]:
    if known.mode != "production":
        yield warning(
            f"The mode is {known.mode}: certificates say that they are demonstrations.",
            "Set JIANGUAN_MODE=production on an installation that is meant seriously.",
        )
    elif not known.secure:
        yield warning(
            f"People reach this installation at {known.base_url}: passwords and sessions travel in the clear.",
            "Put a TLS proxy in front and set JIANGUAN_BASE_URL to its https address.",
        )
    if known.mode == "production" and any(name in known.base_url for name in ("localhost", "127.0.0.1")):
        yield warning(
            f"QR codes of certificates point to {known.base_url}, which nobody else reaches.",
            "Set JIANGUAN_BASE_URL to the public address before the first certificate is made.",
        )


def _private(path: Path) -> Iterator[Finding]:
    """A file with secrets is for its owner alone."""
    if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield fault(f"{path} holds secrets, and others than its owner may read it.", f"chmod 600 {path}")


def database() -> Iterator[Finding]:
    """The database answers."""
    if os.environ.get("DATABASE_URL") == "postgresql:///none":
        del os.environ["DATABASE_URL"]
    try:
        cluster = installation.start_database()
    except DatabaseUnavailableError as error:
        yield fault(str(error), "Read the log named above; jianguan db up starts the embedded database again.")
        return
    yield from _answers(embedded=cluster is not None)


def _answers(*, embedded: bool) -> Iterator[Finding]:
    import psycopg

    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=10) as connection:
            version, encoding = connection.info.server_version, connection.info.encoding
            server = connection.info.parameter_status("server_encoding")
    except psycopg.OperationalError as error:
        yield fault(
            f"The database does not answer: {str(error).partition(chr(10))[0]}",
            "Start it, or correct DATABASE_URL (jianguan db up).",
        )
        return
    where = "embedded" if embedded else "of DATABASE_URL"
    yield ok(f"PostgreSQL {version // 10000}.{version % 10000}, {where}, {encoding}.")
    if version < 150_000:
        yield fault("PostgreSQL 15 or newer is needed.", "Upgrade the server (pg_upgrade, or dump and restore).")
    if server != "UTF8":
        yield fault(
            f"The database is encoded in {server}: Chinese names do not fit.", "Make a new one with ENCODING 'UTF8'."
        )


CHECKS = {"settings": settings, "database": database}
