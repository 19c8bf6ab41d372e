"""CMS signed data (RFC 5652) as CAdES baseline (ETSI EN 319 122-1) wants it, in exactly one form.

Building and verifying share `signed_data`: a verifier takes the few free parts out of a signature, builds the whole
again from them and compares byte for byte, so that nothing in it is left unprotected.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from .der import NULL, DerError, encode, integer, octets, oid, read, sequence, set_of
from .keys import PrivateKey

DATA = oid("1.2.840.113549.1.7.1")
SIGNED_DATA = oid("1.2.840.113549.1.7.2")
TIME_STAMP_INFO = oid("1.2.840.113549.1.9.16.1.4")
CONTENT_TYPE = oid("1.2.840.113549.1.9.3")
MESSAGE_DIGEST = oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE = oid("1.2.840.113549.1.9.16.2.47")
SIGNATURE_TIME_STAMP = oid("1.2.840.113549.1.9.16.2.14")
SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"))
ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"))
RSA_SHA256 = sequence(oid("1.2.840.113549.1.1.11"), NULL)
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: the certificate, its issuers up to the root, and what of them stands in every signature."""

    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...]
    identifier: bytes
    certificates: bytes
    algorithm: bytes
    signing_certificate: bytes

    @classmethod
    def of(cls, certificate: x509.Certificate, issuers: tuple[x509.Certificate, ...]) -> Signatory:
        """Prepare the parts once; `issuers` begins with the direct issuer and ends with the root."""
        issuer, serial = certificate.issuer.public_bytes(), integer(certificate.serial_number)
        carried = [each.public_bytes(Encoding.DER) for each in (certificate, *issuers[:-1])]
        named = sequence(sequence(encode(0xA4, issuer)), serial)
        return cls(
            certificate=certificate,
            issuers=issuers,
            identifier=sequence(issuer, serial),
            certificates=encode(0xA0, *sorted(carried)),
            algorithm=RSA_SHA256 if isinstance(certificate.public_key(), rsa.RSAPublicKey) else ECDSA_SHA256,
            # ESSCertIDv2 with the default SHA-256 (RFC 5035, 4)
            signing_certificate=_attribute(
                SIGNING_CERTIFICATE, sequence(sequence(sequence(octets(hashlib.sha256(carried[0]).digest()), named)))
            ),
        )

    def attributes(self, content_type: bytes, digest: bytes) -> bytes:
        """The signed attributes: content type, message digest, signing certificate (EN 319 122-1, 5.2)."""
        found = (
            _attribute(CONTENT_TYPE, content_type),
            _attribute(MESSAGE_DIGEST, octets(digest)),
            self.signing_certificate,
        )
        return b"".join(sorted(found))


def signed_data(
    signatory: Signatory,
    content_type: bytes,
    attributes: bytes,
    signature: bytes,
    *,
    content: bytes | None = None,
    token: bytes | None = None,
) -> bytes:
    """The ContentInfo; `content` is carried inside, `token` is the time stamp over `signature`."""
    unsigned = encode(0xA1, _attribute(SIGNATURE_TIME_STAMP, token)) if token else b""
    info = sequence(
        integer(1),
        signatory.identifier,
        SHA256,
        encode(0xA0, attributes),
        signatory.algorithm,
        octets(signature),
        unsigned,
    )
    carried = b"" if content is None else encode(0xA0, octets(content))
    version = integer(1 if content_type == DATA else 3)
    body = sequence(version, set_of(SHA256), sequence(content_type, carried), signatory.certificates, set_of(info))
    return sequence(SIGNED_DATA, encode(0xA0, body))


@dataclass(frozen=True, slots=True)
class SignedParts:
    """The free parts of a signature: all the rest follows from them."""

    identifier: bytes
    content: bytes | None
    attributes: bytes
    signature: bytes
    token: bytes | None


def parse(raw: bytes) -> SignedParts:
    """Take a signature built by `signed_data` apart; anything else in it is seen when it is built again.

    Raises:
        DerError: the bytes are not signed data.
    """
    try:
        _, wrapped = read(raw).children()
        _, _, content_info, *_, signer_infos = wrapped.children()[0].children()
        _, *carried = content_info.children()
        _, identifier, _, attributes, _, signature, *unsigned = signer_infos.children()[0].children()
        token = unsigned[0].children()[0].children()[1].children()[0].raw if unsigned else None
        content = carried[0].children()[0].content if carried else None
    except (ValueError, IndexError) as error:
        raise DerError from error
    return SignedParts(identifier.raw, content, attributes.content, signature.content, token)


def sign(key: PrivateKey, attributes: bytes) -> bytes:
    """Sign the attributes as the SET OF they are (RFC 5652, 5.4)."""
    covered = encode(0x31, attributes)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(covered, padding.PKCS1v15(), hashes.SHA256())
    r, s = decode_dss_signature(key.sign(covered, ec.ECDSA(hashes.SHA256())))
    return encode_dss_signature(r, min(s, P256_ORDER - s))


def signature_holds(certificate: x509.Certificate, attributes: bytes, signature: bytes) -> bool:
    """Whether the signature is right; of the two ECDSA values that are, only the lower, so that none can be swapped."""
    key, covered = certificate.public_key(), encode(0x31, attributes)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, covered, padding.PKCS1v15(), hashes.SHA256())
            return True
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, covered, ec.ECDSA(hashes.SHA256()))
            return decode_dss_signature(signature)[1] <= P256_ORDER // 2
    except (InvalidSignature, ValueError):
        return False
    return False


def _attribute(kind: bytes, value: bytes) -> bytes:
    return sequence(kind, set_of(value))
