"""The offline proof in a certificate's QR code: 94 bytes that say *issued*, never *still valid*.

    version 1 | kind 2 | key 4 | day of issue 2 | edition 1 | digest 20 | Ed25519 signature 64 (RFC 8032)

The signature also covers the certificate's number, which stands in the link before the token. As text the token is
Base32 (RFC 4648) without padding: 151 characters a URL carries unchanged and a QR code stores in 5.5 bits each; digits
alone would save 70 bits but be half as long again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jianguan.kernel.messages import message

from .errors import CertificateError

VERSION = 1
LAYOUT = struct.Struct(">BH4sHB20s")
SIGNATURE = 64
FIRST_DAY = date(2000, 1, 1)
PURPOSE = b"jianguan certificate proof\x00"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the issuer vouches for: the kind and edition of a certificate, its day of issue, the digest of its data."""

    kind: int
    issued_on: date
    edition: int
    digest: bytes
    key_id: bytes

    def matches(self, content_digest: bytes) -> bool:
        """Whether the certificate's data (its SHA-256) is what was vouched for."""
        return content_digest[: len(self.digest)] == self.digest


def key_id(key: Ed25519PublicKey) -> bytes:
    """The four bytes by which a token names its key."""
    return hashlib.sha256(key.public_bytes_raw()).digest()[:4]


def issue_proof(
    key: Ed25519PrivateKey, *, number: str, kind: int, edition: int, issued_on: date, content_digest: bytes
) -> str:
    """The token for a certificate; `kind` up to 65,535, `edition` up to 255, days from 2000 to 2179."""
    days = (issued_on - FIRST_DAY).days
    statement = LAYOUT.pack(VERSION, kind, key_id(key.public_key()), days, edition, content_digest[:20])
    signature = key.sign(PURPOSE + statement + number.encode())
    return base64.b32encode(statement + signature).decode().rstrip("=")


def verify_proof(token: str, *, number: str, keys: Mapping[bytes, Ed25519PublicKey]) -> Proof:
    """What the token proves about certificate `number`; `keys` are the published keys by `key_id`.

    Raises:
        CertificateError: the token is damaged, of another number, or not signed by a known key.
    """
    raw = _decode(token)
    version, kind, named, days, edition, digest = LAYOUT.unpack_from(raw)
    if version != VERSION:
        raise CertificateError(
            message("The proof is of version %(version)d, which is not known here.", version=version)
        )
    key = keys.get(named)
    if key is None:
        raise CertificateError(message("The proof is signed with a key that is not known here."))
    try:
        key.verify(raw[LAYOUT.size :], PURPOSE + raw[: LAYOUT.size] + number.encode())
    except InvalidSignature as error:
        raise CertificateError(
            message("The proof does not belong to certificate %(number)s.", number=number)
        ) from error
    return Proof(kind, FIRST_DAY + timedelta(days=days), edition, digest, named)


def _decode(token: str) -> bytes:
    text = token.upper()
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError) as error:
        raise CertificateError(message("The proof is damaged.")) from error
    if len(raw) != LAYOUT.size + SIGNATURE or base64.b32encode(raw).decode().rstrip("=") != text:
        raise CertificateError(message("The proof is damaged."))
    return raw
