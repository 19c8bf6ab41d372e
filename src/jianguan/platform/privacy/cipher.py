"""Encryption of sensitive personal data (ID numbers, phones) and the keyed blind index that finds it again.

AES-256-GCM with a fresh nonce a value; the two keys are derived from the installation's field key, so that the index
cannot be computed without it and says nothing about the cipher key.
"""

from __future__ import annotations

import base64
import functools
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = b"\x01"
NONCE_BYTES = 12


class CannotDecryptError(RuntimeError):
    """The value was encrypted with another field key, or altered."""


@functools.cache
def _key(purpose: str) -> bytes:
    master = base64.urlsafe_b64decode(settings.ENVIRONMENT.field_key.get_secret_value())
    return HKDF(hashes.SHA256(), length=32, salt=None, info=f"jianguan/{purpose}/1".encode()).derive(master)


def encrypt(text: str) -> bytes:
    """Encrypt one value."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(_key("personal-data")).encrypt(nonce, text.encode(), VERSION)


def decrypt(sealed: bytes) -> str:
    """The plain text of an encrypted value.

    Raises:
        CannotDecryptError: wrong key, or the value was altered.
    """
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(_key("personal-data")).decrypt(nonce, body, sealed[:1]).decode()
    except (InvalidTag, ValueError) as error:  # ValueError: too short to be one of ours
        raise CannotDecryptError("encrypted with another field key, or altered") from error


def blind_index(text: str) -> bytes:
    """A keyed fingerprint by which an encrypted value is looked up; equal texts have equal fingerprints."""
    return hmac.digest(_key("blind-index"), text.encode(), "sha256")[:16]


def to_text(sealed: bytes) -> str:
    """An encrypted value as text, for JSON columns."""
    return base64.b64encode(sealed).decode()


def from_text(text: str) -> bytes:
    """Inverse of `to_text`."""
    return base64.b64decode(text)
