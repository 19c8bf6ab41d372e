"""A hierarchy of one's own for demonstration and tests: root, issuing authority, seals, time stamps (RFC 5280).

Legal effect needs certificates of a licensed authority (电子签名法 第十六条); these say on their face that they have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from jianguan.kernel.messages import message

from .cms import Signatory
from .errors import CertificateError
from .keys import Algorithm, PrivateKey, lock_key, new_key, unlock_key

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Identity:
    """A private key with its certificate and the certificates above it, direct issuer first, root last."""

    key: PrivateKey
    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...]

    def signatory(self) -> Signatory:
        """What of it stands in signatures."""
        return Signatory.of(self.certificate, self.issuers)

    def dump(self, password: str) -> bytes:
        """Encrypted key and certificates as PEM."""
        certificates = (each.public_bytes(Encoding.PEM) for each in (self.certificate, *self.issuers))
        return lock_key(self.key, password) + b"".join(certificates)

    @classmethod
    def load(cls, pem: bytes, password: str) -> Identity:
        """What `dump` wrote.

        Raises:
            CertificateError: the password is wrong, or the file is something else.
        """
        key = unlock_key(pem, password)
        certificate, *issuers = x509.load_pem_x509_certificates(pem)
        if (
            not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
            or key.public_key() != certificate.public_key()
        ):
            raise CertificateError(message("The key does not belong to its certificate."))
        return cls(key, certificate, tuple(issuers))


@dataclass(frozen=True, slots=True)
class Authority:
    """A root and the issuing authority under it."""

    root: Identity
    issuing: Identity

    @property
    def unit(self) -> str:
        """The mark in every name under this authority."""
        [attribute] = self.root.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        return str(attribute.value)

    def new_seal(
        self,
        organisation: str,
        name: str,
        *,
        at: datetime,
        valid_for: timedelta = 3 * YEAR,
        algorithm: Algorithm = Algorithm.ECDSA_P256,
    ) -> Identity:
        """A seal certificate: digital signature and content commitment, for signing documents."""
        usage = _usage(digital_signature=True, content_commitment=True)
        purpose = x509.ExtendedKeyUsage([DOCUMENT_SIGNING])
        subject = _name(organisation, name, self.unit)
        return _issue(self.issuing, subject, new_key(algorithm), at, valid_for, [(usage, True), (purpose, False)])

    def new_time_stamper(
        self,
        organisation: str,
        *,
        at: datetime,
        valid_for: timedelta = 5 * YEAR,
        algorithm: Algorithm = Algorithm.ECDSA_P256,
    ) -> Identity:
        """A time-stamp certificate: its one purpose stands in a critical extension (RFC 3161, 2.3)."""
        usage = _usage(digital_signature=True)
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        subject = _name(organisation, "时间戳 Time-stamp", self.unit)
        return _issue(self.issuing, subject, new_key(algorithm), at, valid_for, [(usage, True), (purpose, True)])

    def revocation_lists(
        self, *, at: datetime, revoked: Mapping[int, datetime] | None = None, valid_for: timedelta = timedelta(days=7)
    ) -> tuple[bytes, ...]:
        """The lists of the issuing authority and the root as DER; `revoked` is serial number to moment (RFC 5280, 5)."""
        by_root = self.issuing.certificate.serial_number
        entries = revoked or {}
        lists = (
            (self.issuing, {serial: moment for serial, moment in entries.items() if serial != by_root}),
            (self.root, {serial: moment for serial, moment in entries.items() if serial == by_root}),
        )
        return tuple(_revocation_list(issuer, listed, at, valid_for) for issuer, listed in lists)

    def dump(self, password: str) -> bytes:
        """Both identities as encrypted PEM."""
        return self.root.dump(password) + b"\n" + self.issuing.dump(password)

    @classmethod
    def load(cls, pem: bytes, password: str) -> Authority:
        """What `dump` wrote.

        Raises:
            CertificateError: the password is wrong, or the file is something else.
        """
        root, separator, issuing = pem.partition(b"\n\n")
        if not separator:
            raise CertificateError(message("The file does not hold a root and an issuing authority."))
        return cls(Identity.load(root, password), Identity.load(issuing, password))


def create_authority(
    organisation: str,
    *,
    at: datetime,
    algorithm: Algorithm = Algorithm.ECDSA_P256,
    unit: str = "演示 Demonstration",
) -> Authority:
    """A new root for twenty years and an issuing authority for ten; `unit` marks every name under them."""
    signing = _usage(key_cert_sign=True, crl_sign=True)
    root = _issue(None, _name(organisation, "根 Root", unit), new_key(algorithm), at, 20 * YEAR, _authority(signing, 1))
    issuing = _issue(
        root, _name(organisation, "签发 Issuing", unit), new_key(algorithm), at, 10 * YEAR, _authority(signing, 0)
    )
    return Authority(root, issuing)


Extensions = list[tuple[x509.ExtensionType, bool]]


def _authority(usage: x509.KeyUsage, path_length: int) -> Extensions:
    return [(x509.BasicConstraints(ca=True, path_length=path_length), True), (usage, True)]


PURPOSES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


def _usage(**purposes: bool) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: purposes.get(name, False) for name in PURPOSES})


def _name(organisation: str, name: str, unit: str) -> x509.Name:
    parts = [
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, organisation[:64]),  # the upper bounds of X.520
        (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        (NameOID.COMMON_NAME, name[:64]),
    ]
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _issue(
    issuer: Identity | None,
    subject: x509.Name,
    key: PrivateKey,
    at: datetime,
    valid_for: timedelta,
    extensions: Extensions,
) -> Identity:
    """A certificate by `issuer`, or one signed by itself; serial numbers are random (RFC 5280, 4.1.2.2)."""
    signing_key, signing_name = (issuer.key, issuer.certificate.subject) if issuer else (key, subject)
    builder = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=signing_name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + valid_for)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    above = (issuer.certificate, *issuer.issuers) if issuer else ()
    return Identity(key, builder.sign(signing_key, hashes.SHA256()), above)


def _revocation_list(issuer: Identity, revoked: Mapping[int, datetime], at: datetime, valid_for: timedelta) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder(issuer.certificate.subject, at, at + valid_for)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
    )
    for serial, moment in revoked.items():
        entry = x509.RevokedCertificateBuilder(serial, moment).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)
