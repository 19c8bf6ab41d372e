"""SM2 keys in files: PKCS #8 under a password (RFC 5958, PBES2 of RFC 8018), as OpenSSL reads and writes them."""

from __future__ import annotations

import os

from asn1crypto import pem
from asn1crypto.keys import ECDomainParameters, EncryptedPrivateKeyInfo, PublicKeyInfo
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7

from jianguan.kernel.certificates.der import NULL, encode, integer, octets, oid, read, sequence
from jianguan.kernel.certificates.errors import CertificateError
from jianguan.kernel.messages import message

from .sm2 import WIDTH, PrivateKey, PublicKey

EC = oid("1.2.840.10045.2.1")
SM2_CURVE = "1.2.156.10197.1.301"
SM2_KEY = sequence(EC, oid(SM2_CURVE))  # the algorithm of every SM2 key
PBES2, PBKDF2 = oid("1.2.840.113549.1.5.13"), oid("1.2.840.113549.1.5.12")
HMAC_SHA256, AES_256_CBC = oid("1.2.840.113549.2.9"), oid("2.16.840.1.101.3.4.1.42")
ROUNDS = 600_000
LABEL = "ENCRYPTED PRIVATE KEY"


def lock(key: PrivateKey, password: str) -> bytes:
    """The key encrypted under a password, in PEM."""
    number = key.number.to_bytes(WIDTH, "big")
    point = encode(0xA1, encode(0x03, b"\0" + key.public.to_bytes()))
    plain = sequence(integer(0), SM2_KEY, octets(sequence(integer(1), octets(number), point)))
    salt, vector, padding = os.urandom(16), os.urandom(16), PKCS7(128).padder()
    cipher = Cipher(AES(_derive(password, salt, ROUNDS)), CBC(vector)).encryptor()
    encrypted = cipher.update(padding.update(plain) + padding.finalize()) + cipher.finalize()
    derivation = sequence(PBKDF2, sequence(octets(salt), integer(ROUNDS), sequence(HMAC_SHA256, NULL)))
    scheme = sequence(PBES2, sequence(derivation, sequence(AES_256_CBC, octets(vector))))
    armoured: bytes = pem.armor(LABEL, sequence(scheme, octets(encrypted)))
    return armoured


def unlock(locked: bytes, password: str) -> PrivateKey:
    """The key again; what follows it in the file is ignored.

    Raises:
        CertificateError: the password is wrong, or it is not such a key.
    """
    try:
        _, _, raw = next(found for found in pem.unarmor(locked, multiple=True) if found[0] == LABEL)
        info = EncryptedPrivateKeyInfo.load(raw, strict=True)
        scheme = info["encryption_algorithm"]
        key = _derive(password, scheme.kdf_salt, scheme.kdf_iterations)
        cipher, padding = Cipher(AES(key), CBC(scheme.encryption_iv)).decryptor(), PKCS7(128).unpadder()
        padded = cipher.update(info["encrypted_data"].native) + cipher.finalize()
        _, algorithm, carried, *_ = read(padding.update(padded) + padding.finalize()).children()
        assert algorithm.raw == SM2_KEY
        _, number, *_ = read(carried.content).children()
        return PrivateKey(int.from_bytes(number.content, "big"))
    except (ValueError, TypeError, KeyError, StopIteration, AssertionError) as error:
        raise CertificateError(
            message("The key could not be opened: the password is wrong or the file is damaged.")
        ) from error


def public_key_info(key: PublicKey) -> PublicKeyInfo:
    """A public key as it stands in certificates (GM/T 0009, 7.1)."""
    algorithm = {"algorithm": "ec", "parameters": ECDomainParameters("named", SM2_CURVE)}
    return PublicKeyInfo({"algorithm": algorithm, "public_key": key.to_bytes()})


def public_pem(key: PublicKey) -> bytes:
    """A public key in PEM."""
    armoured: bytes = pem.armor("PUBLIC KEY", public_key_info(key).dump())
    return armoured


def _derive(password: str, salt: bytes, rounds: int) -> bytes:
    return PBKDF2HMAC(SHA256(), 32, salt, rounds).derive(password.encode())
