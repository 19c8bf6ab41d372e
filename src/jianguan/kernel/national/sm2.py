"""Signatures with SM2 over SM3 (GB/T 32918.2, GB/T 32905), in the encoding of GB/T 35275 and GM/T 0009."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from asn1crypto.core import Integer, Sequence

from .curve import SM2_P256, Curve, Point, comb

IDENTIFIER = b"1234567812345678"  # of a signer who has no other (GM/T 0009, 10)
WIDTH = 32


def sm3(*parts: bytes) -> bytes:
    """The SM3 digest (GB/T 32905), by OpenSSL."""
    digest = hashlib.new("sm3")
    for part in parts:
        digest.update(part)
    return digest.digest()


class SignatureValue(Sequence):
    """SM2Signature ::= SEQUENCE { r INTEGER, s INTEGER } (GM/T 0009, 7.3)."""

    _fields = [("r", Integer), ("s", Integer)]


class Signer(Protocol):
    """Whoever holds a private key: `PrivateKey` here, an HSM or a seal platform elsewhere."""

    @property
    def public(self) -> PublicKey:
        """What its signatures are verified with."""
        ...

    def sign(self, message: bytes) -> bytes:
        """A signature over the message, in DER."""
        ...


@dataclass(frozen=True)
class PublicKey:
    """A point of the curve."""

    point: Point
    curve: Curve = SM2_P256

    def __post_init__(self) -> None:
        if not self.curve.holds(self.point):
            raise ValueError("not a point of the curve")

    @classmethod
    def from_bytes(cls, encoded: bytes) -> PublicKey:
        """The uncompressed form 04 ‖ x ‖ y (GB/T 32918.1, 4.2.9); raises ValueError for anything else."""
        if len(encoded) != 1 + 2 * WIDTH or encoded[0] != 4:
            raise ValueError("not an uncompressed point")
        return cls((int.from_bytes(encoded[1 : 1 + WIDTH], "big"), int.from_bytes(encoded[1 + WIDTH :], "big")))

    def to_bytes(self) -> bytes:
        """The uncompressed form."""
        return b"\x04" + b"".join(map(_octets, self.point))

    def verify(self, signature: bytes, message: bytes, identifier: bytes = IDENTIFIER) -> bool:
        """Whether a DER signature is right; one that is not in DER is not."""
        try:
            value = SignatureValue.load(signature, strict=True)
            r, s = value["r"].native, value["s"].native
        except (ValueError, TypeError):
            return False
        return encode_signature(r, s) == signature and self.verify_numbers(r, s, message, identifier)

    def verify_numbers(self, r: int, s: int, message: bytes, identifier: bytes = IDENTIFIER) -> bool:
        """Verification by the numbers themselves (GB/T 32918.2, 7.1)."""
        curve = self.curve
        t = (r + s) % curve.n
        if not (0 < r < curve.n and 0 < s < curve.n and t):
            return False
        found = comb(curve, self.point).times(t, curve.comb.times(s))
        if not found[2]:
            return False
        [(x, _)] = curve.affine([found])
        return (digest_to_sign(self, message, identifier) + x) % curve.n == r

    @cached_property
    def za(self) -> bytes:
        """What the digest of every message begins with, for the default identifier."""
        return distinguished(self, IDENTIFIER)


@dataclass(frozen=True)
class PrivateKey:
    """A key in this process."""

    number: int
    curve: Curve = SM2_P256

    def __post_init__(self) -> None:
        if not 0 < self.number < self.curve.n - 1:
            raise ValueError("not a private key of the curve")

    @cached_property
    def public(self) -> PublicKey:
        """The public key that belongs to it."""
        [point] = self.curve.affine([self.curve.comb.times(self.number)])
        return PublicKey(point, self.curve)

    def sign(self, message: bytes) -> bytes:
        """A signature under the default identifier, in DER."""
        return encode_signature(*self.sign_numbers(message))

    def sign_numbers(self, message: bytes, identifier: bytes = IDENTIFIER, nonce: int | None = None) -> tuple[int, int]:
        """R and s (GB/T 32918.2, 6.1); `nonce` only for the examples of the standard."""
        n, e = self.curve.n, digest_to_sign(self.public, message, identifier)
        while True:
            k = nonce or secrets.randbelow(n - 1) + 1
            [(x, _)] = self.curve.affine([self.curve.comb.times(k)])
            r = (e + x) % n
            s = pow(1 + self.number, -1, n) * (k - r * self.number) % n
            if r and s and r + k != n:
                return r, s


def new_key() -> PrivateKey:
    """A fresh key."""
    return PrivateKey(secrets.randbelow(SM2_P256.n - 2) + 1)


def encode_signature(r: int, s: int) -> bytes:
    """Both numbers in DER."""
    encoded: bytes = SignatureValue({"r": r, "s": s}).dump()
    return encoded


def distinguished(key: PublicKey, identifier: bytes) -> bytes:
    """ZA: the digest of signer's identifier, curve and public key (GB/T 32918.2, 5.5)."""
    curve = key.curve
    numbers = (curve.a, curve.b, *curve.base, *key.point)
    return sm3((8 * len(identifier)).to_bytes(2, "big"), identifier, *map(_octets, numbers))


def digest_to_sign(key: PublicKey, message: bytes, identifier: bytes) -> int:
    """The number e that is signed."""
    start = key.za if identifier == IDENTIFIER else distinguished(key, identifier)
    return int.from_bytes(sm3(start, message), "big")


def _octets(number: int) -> bytes:
    return number.to_bytes(WIDTH, "big")
