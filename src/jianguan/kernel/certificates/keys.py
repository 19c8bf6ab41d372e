"""Private keys: made, and kept only under a password."""

from __future__ import annotations

from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from jianguan.kernel.messages import message

from .errors import CertificateError

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Algorithm(StrEnum):
    """What a key signs with."""

    ECDSA_P256 = "ecdsa-p256"
    RSA_2048 = "rsa-2048"


def new_key(algorithm: Algorithm = Algorithm.ECDSA_P256) -> PrivateKey:
    """A fresh key for a certificate."""
    if algorithm is Algorithm.RSA_2048:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def longest_signature(key: PrivateKey) -> int:
    """The most bytes a signature takes; of ECDSA on P-256, two integers of 33 bytes in DER."""
    return key.key_size // 8 if isinstance(key, rsa.RSAPrivateKey) else 72


def lock_key(key: PrivateKey | Ed25519PrivateKey, password: str) -> bytes:
    """The key as encrypted PKCS #8 in PEM (RFC 5958)."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode()))


def unlock_key(locked: bytes, password: str) -> PrivateKey | Ed25519PrivateKey:
    """The key again.

    Raises:
        CertificateError: the password is wrong, or it is not such a key.
    """
    try:
        key = load_pem_private_key(locked, password.encode())
    except (ValueError, TypeError) as error:
        raise CertificateError(
            message("The key could not be opened: the password is wrong or the file is damaged.")
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | Ed25519PrivateKey):
        raise CertificateError(message("The key is of a kind that is not used here: expected ECDSA, RSA or Ed25519."))
    return key
