"""The key that signs tree heads."""

from __future__ import annotations

import functools
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from jianguan.kernel.transparency.checkpoint import Signer, VerifierKey
from jianguan.platform import secret_files

FILE = "journal.pem"


@functools.cache
def signer() -> Signer:
    """The log's own signer; its key is made on first use.

    The file is encrypted with the installation's key password. Losing it means a new log key, which everyone who
    keeps tree heads will notice: back it up.
    """
    path = Path(settings.KEYS_ROOT) / FILE
    if not path.exists():
        _make(path)
    private = load_pem_private_key(path.read_bytes(), _password())
    assert isinstance(private, Ed25519PrivateKey)
    return Signer(settings.ENVIRONMENT.journal_origin, private)


def verifier_key() -> VerifierKey:
    """What anyone needs to check tree heads without trusting us."""
    return signer().verifier_key


def _make(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(_password())
    )
    secret_files.create(path, pem)


def _password() -> bytes:
    return bytes(settings.ENVIRONMENT.key_password.get_secret_value(), "utf-8")
