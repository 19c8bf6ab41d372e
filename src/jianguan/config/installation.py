"""One installation on this machine: where its files are, its secrets, its database.

Commands work without any setting in a checkout or an installed package: what the environment does not say is taken from
the file `var/environment`, which `jianguan init` or `jianguan demo` wrote, and the database is the embedded one.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from jianguan.config import environment
from jianguan.platform import secret_files
from jianguan.platform.database.embedded import Cluster, open_cluster

FILE = "environment"


def var() -> Path:
    """Directory of everything this installation writes."""
    return Path(os.environ.get("JIANGUAN_VAR", "var")).absolute()


def exists() -> bool:
    """Whether `init` or `demo` was run here, or the environment itself holds the settings."""
    return (var() / FILE).exists() or "JIANGUAN_SECRET_KEY" in os.environ


def create(mode: str, base_url: str) -> Path:
    """Write the settings file with fresh secrets, readable by its owner only; an existing one is kept."""
    path = var() / FILE
    if path.exists():
        return path
    lines = {
        "JIANGUAN_MODE": mode,
        "JIANGUAN_BASE_URL": base_url,
        "JIANGUAN_SECRET_KEY": _key(),
        "JIANGUAN_FIELD_KEY": _key(),
        "JIANGUAN_KEY_PASSWORD": secrets.token_urlsafe(24),
    }
    if mode == "demo":
        lines["JIANGUAN_OFD_KINDS"] = "construction_permit"
    secret_files.create(path, "".join(f"{name}={value}\n" for name, value in lines.items()).encode())
    return path


def load() -> None:
    """Put the file's settings into the environment, where the environment has none."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jianguan.config.settings")
    os.environ["JIANGUAN_VAR"] = str(var())
    path = var() / FILE
    if path.exists():
        for line in map(str.strip, path.read_text().splitlines()):
            name, assigns, value = line.partition("=")
            if assigns and not line.startswith("#"):
                os.environ.setdefault(name.strip(), value.strip())


def start_database() -> Cluster | None:
    """Start the embedded database, unless `DATABASE_URL` names another; returns the cluster if it is ours.

    Raises:
        UnfitEnvironment: settings are missing or wrong; nothing was started.
    """
    if "DATABASE_URL" in os.environ:
        return None
    cluster = open_cluster(var() / "db")
    os.environ["DATABASE_URL"] = cluster.url()
    environment.load()
    cluster.start()
    return cluster


def prepare() -> None:
    """Make Django ready in this process: settings, database, rooms.

    Raises:
        SystemExit: nothing is installed here, or settings are missing.
    """
    import django

    load()
    if not exists():
        raise SystemExit("Nothing is installed here. Run: jianguan init   (or jianguan demo)")
    start_database()
    django.setup()


def prepare_without_database() -> None:
    """Make Django ready for commands that read files only, also where nothing is installed."""
    import django

    load()
    for name in ("JIANGUAN_SECRET_KEY", "JIANGUAN_FIELD_KEY", "JIANGUAN_KEY_PASSWORD"):
        os.environ.setdefault(name, _key())
    os.environ.setdefault("JIANGUAN_BASE_URL", "http://localhost")
    os.environ.setdefault("DATABASE_URL", "postgresql:///none")
    django.setup()


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
