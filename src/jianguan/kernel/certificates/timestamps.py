"""Time stamps (RFC 3161): the port, and an authority of one's own for demonstration and tests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Protocol

from cryptography import x509

from .authority import Identity
from .cms import SHA256, TIME_STAMP_INFO, Signatory, sign, signed_data
from .der import TIME, encode, integer, octets, oid, sequence

# An identifier anyone may make from a UUID (ITU-T X.667): "demonstration, no audited time source".
POLICY = oid("2.25.251167138324267086966467294836843283118")


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class TimeStamper(Protocol):
    """Puts a trusted moment beside a digest."""

    @property
    def size(self) -> int:
        """The most bytes a token takes."""
        ...

    @property
    def certificates(self) -> tuple[x509.Certificate, ...]:
        """The certificates a verifier needs, up to the root."""
        ...

    def stamp(self, digest: bytes) -> bytes:
        """A time-stamp token over the SHA-256 `digest`: a ContentInfo in DER."""
        ...


@dataclass(frozen=True)
class LocalTimeStamper:
    """Stamps with a key and a clock of this machine."""

    identity: Identity
    clock: Callable[[], datetime] = now

    @cached_property
    def signatory(self) -> Signatory:
        """What of its certificate stands in every token."""
        return self.identity.signatory()

    @cached_property
    def size(self) -> int:
        """Measured once; an ECDSA signature varies by a few bytes."""
        return len(self.stamp(bytes(32))) + 8

    @property
    def certificates(self) -> tuple[x509.Certificate, ...]:
        """The certificate it stamps with and those above."""
        return self.identity.certificate, *self.identity.issuers

    def stamp(self, digest: bytes) -> bytes:
        """A token with the moment of `clock`, to the second."""
        info = sequence(
            integer(1),
            POLICY,
            sequence(SHA256, octets(digest)),
            integer(int.from_bytes(os.urandom(8), "big") >> 2 | 1 << 61),
            encode(TIME, self.clock().astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode()),
        )
        attributes = self.signatory.attributes(TIME_STAMP_INFO, hashlib.sha256(info).digest())
        signature = sign(self.identity.key, attributes)
        return signed_data(self.signatory, TIME_STAMP_INFO, attributes, signature, content=info)
