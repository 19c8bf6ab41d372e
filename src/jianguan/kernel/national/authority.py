"""Certificates (X.509, GB/T 20518) with SM2 and SM3: an own root, the maker of seals under it, and signers.

Legal effect needs certificates of a licensed authority, a licensed seal maker and certified equipment
(电子签名法 第十六条, 商用密码管理条例); these say on their face that they have none.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import pem
from asn1crypto.keys import PublicKeyInfo
from asn1crypto.x509 import Certificate, Name, TbsCertificate

from jianguan.kernel.certificates.errors import CertificateError
from jianguan.kernel.messages import message

from .keys import SM2_KEY, lock, public_key_info, unlock
from .sm2 import PrivateKey, PublicKey, Signer, new_key, sm3

SM2_WITH_SM3 = "1.2.156.10197.1.501"  # GB/T 33560
SM3_DIGEST = "1.2.156.10197.1.401"
YEAR = timedelta(days=365)
SIGNING = {"digital_signature", "non_repudiation"}
CERTIFYING = {"key_cert_sign", "crl_sign"}


@dataclass(frozen=True)
class NationalIdentity:
    """A signer, its certificate, and the root's."""

    key: Signer
    certificate: Certificate
    root: Certificate

    def dump(self, password: str) -> bytes:
        """Encrypted key and certificates as PEM; only of a key in this process."""
        assert isinstance(self.key, PrivateKey)
        certificates = b"".join(map(to_pem, (self.certificate, self.root)))
        return lock(self.key, password) + certificates

    @classmethod
    def load(cls, stored: bytes, password: str) -> NationalIdentity:
        """What `dump` wrote.

        Raises:
            CertificateError: the password is wrong, or the file is something else.
        """
        key = unlock(stored, password)
        found = [raw for label, _, raw in pem.unarmor(stored, multiple=True) if label == "CERTIFICATE"]
        certificate, root = map(Certificate.load, found)
        if public_key_of(certificate) != key.public:
            raise CertificateError(message("The key does not belong to its certificate."))
        return cls(key, certificate, root)


@dataclass(frozen=True)
class NationalAuthority:
    """A root of one's own for demonstration and tests."""

    root: NationalIdentity

    def new_maker(self, organisation: str, *, at: datetime, valid_for: timedelta = 10 * YEAR) -> NationalIdentity:
        """Whoever makes electronic seals (制章者)."""
        return self._issue(organisation, "电子印章制章 Seal maker", at, valid_for)

    def new_signer(
        self, organisation: str, name: str, *, at: datetime, valid_for: timedelta = 3 * YEAR
    ) -> NationalIdentity:
        """Whoever stamps a seal."""
        return self._issue(organisation, name, at, valid_for)

    def _issue(self, organisation: str, name: str, at: datetime, valid_for: timedelta) -> NationalIdentity:
        root, key = self.root, new_key()
        subject = _name(organisation, name, root.certificate.subject.native["organizational_unit_name"])
        return NationalIdentity(
            key, _certificate(root.key, root.certificate, subject, key.public, (at, at + valid_for)), root.certificate
        )


def create_national_authority(
    organisation: str, *, at: datetime, unit: str = "演示 Demonstration"
) -> NationalAuthority:
    """A new root for twenty years; `unit` marks every name under it."""
    key = new_key()
    subject = _name(organisation, "国密根 SM2 Root", unit)
    certificate = _certificate(key, None, subject, key.public, (at, at + 20 * YEAR))
    return NationalAuthority(NationalIdentity(key, certificate, certificate))


@dataclass(frozen=True)
class NationalTrust:
    """Known makers and signers by their certificate's bytes, all of them issued by a known root.

    `revoked` is a certificate's bytes to the moment.
    """

    makers: Mapping[bytes, Certificate]
    signers: Mapping[bytes, Certificate]
    revoked: Mapping[bytes, datetime] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        roots: Iterable[bytes],
        makers: Iterable[bytes],
        signers: Iterable[bytes],
        revoked: Mapping[bytes, datetime] | None = None,
    ) -> NationalTrust:
        """Sort DER certificates; those no root has issued are left out."""
        known = [root for root in map(Certificate.load, roots) if _issued(root, root) and root.ca]
        return cls(_under(known, makers), _under(known, signers), dict(revoked or {}))

    def in_force(self, certificate: Certificate, moment: datetime) -> bool:
        """Whether a certificate is within its dates and not revoked at a moment."""
        end = self.revoked.get(certificate.dump())
        dates = certificate.not_valid_before <= moment <= certificate.not_valid_after
        return bool(dates and (end is None or moment < end))


def public_key_of(certificate: Certificate) -> PublicKey:
    """The SM2 key of a certificate; raises ValueError where it has another."""
    info: PublicKeyInfo = certificate.public_key
    if info["algorithm"].dump() != SM2_KEY:
        raise ValueError("not an SM2 key")
    return PublicKey.from_bytes(bytes(info["public_key"].native))


def to_pem(certificate: Certificate) -> bytes:
    """A certificate in PEM."""
    armoured: bytes = pem.armor("CERTIFICATE", certificate.dump())
    return armoured


def _under(roots: list[Certificate], certificates: Iterable[bytes]) -> dict[bytes, Certificate]:
    found = {}
    for raw in certificates:
        certificate = Certificate.load(raw)
        if not certificate.ca and any(_issued(certificate, root) for root in roots):
            found[raw] = certificate
    return found


def _issued(certificate: Certificate, issuer: Certificate) -> bool:
    usage = issuer.key_usage_value
    return (
        certificate.issuer == issuer.subject
        and usage is not None
        and "key_cert_sign" in usage.native
        and certificate["signature_algorithm"]["algorithm"].dotted == SM2_WITH_SM3
        and public_key_of(issuer).verify(certificate.signature, certificate["tbs_certificate"].dump())
    )


def _name(organisation: str, name: str, unit: str) -> Name:
    parts = {"country_name": "CN", "organization_name": organisation[:64]}  # the upper bounds of X.520
    return Name.build(parts | {"organizational_unit_name": unit, "common_name": name[:64]})


def _certificate(
    key: Signer, issuer: Certificate | None, subject: Name, public: PublicKey, valid: tuple[datetime, datetime]
) -> Certificate:
    """A certificate by `issuer`, or a root signed by itself; serial numbers are random (RFC 5280, 4.1.2.2)."""
    root = issuer is None
    extensions = [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": root, **({"path_len_constraint": 0} if root else {})}},
        {"extn_id": "key_usage", "critical": True, "extn_value": CERTIFYING if root else SIGNING},
        {"extn_id": "key_identifier", "extn_value": identifier(public)},
        {"extn_id": "authority_key_identifier", "extn_value": {"key_identifier": identifier(key.public)}},
    ]  # fmt: skip
    start, end = (moment.replace(microsecond=0) for moment in valid)
    contents = TbsCertificate(
        {
            "version": "v3",
            "serial_number": secrets.randbits(127) | 1 << 127,
            "signature": {"algorithm": SM2_WITH_SM3},
            "issuer": subject if issuer is None else issuer.subject,
            "validity": {"not_before": _time(start), "not_after": _time(end)},
            "subject": subject,
            "subject_public_key_info": public_key_info(public),
            "extensions": extensions,
        }
    )
    return Certificate(
        {
            "tbs_certificate": contents,
            "signature_algorithm": {"algorithm": SM2_WITH_SM3},
            "signature_value": key.sign(contents.dump()),
        }
    )


def _time(moment: datetime) -> dict[str, datetime]:
    """Years from 2050 on have four digits (RFC 5280, 4.1.2.5)."""
    return {"utc_time" if moment.year < 2050 else "general_time": moment}


def identifier(key: PublicKey) -> bytes:
    """The name of a key in certificates: 20 bytes of its digest (RFC 7093, 2)."""
    return sm3(key.to_bytes())[:20]
