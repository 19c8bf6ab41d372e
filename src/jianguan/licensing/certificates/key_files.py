"""Where keys lie: files under `var/keys` that only their owner may read, encrypted with the installation's password."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from jianguan.platform import secret_files


def path(name: str, suffix: str = "pem") -> Path:
    """The file of a key."""
    return Path(settings.KEYS_ROOT) / f"{name}.{suffix}"


def create(name: str, content: bytes, suffix: str = "pem") -> None:
    """Write a new one; never over another."""
    secret_files.create(path(name, suffix), content)


def password() -> str:
    """What the keys are encrypted with."""
    return str(settings.ENVIRONMENT.key_password.get_secret_value())
