"""Which certificates seals are known by, and whether they were in force at a moment (RFC 5280, 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID

from .cms import Signatory


class Role(StrEnum):
    """What a certificate may be used for."""

    SEAL = "seal"
    TIME_STAMP = "time_stamp"


class Standing(StrEnum):
    """What the revocation lists say about a certificate at a moment."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trust:
    """The known seal and time-stamp certificates by their issuer and serial number, chained to known roots.

    `revocation_lists` (DER) are newer ones than a file can carry: a seal revoked before a file was sealed is found by
    them, one revoked later leaves the file good.
    """

    signatories: dict[tuple[Role, bytes], Signatory]
    revocation_lists: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, certificates: Iterable[x509.Certificate], revocation_lists: Iterable[bytes] = ()) -> Trust:
        """Sort certificates by what they are for; those without a path to a root among them are left out."""
        known = list(certificates)
        authorities = [each for each in known if _is_authority(each)]
        found = {}
        for certificate in known:
            role, issuers = _role(certificate), _issuers(certificate, authorities)
            if role and issuers:
                signatory = Signatory.of(certificate, issuers)
                found[role, signatory.identifier] = signatory
        return cls(found, tuple(revocation_lists))

    def roots(self) -> list[x509.Certificate]:
        """The roots the known certificates lead to."""
        return list(dict.fromkeys(each.issuers[-1] for each in self.signatories.values()))

    def find(self, role: Role, identifier: bytes) -> Signatory | None:
        """The known signatory with this issuer and serial number."""
        return self.signatories.get((role, identifier))


def in_force(signatory: Signatory, moment: datetime) -> bool:
    """Whether every certificate up to the root is within its dates at `moment`."""
    path = (signatory.certificate, *signatory.issuers)
    return all(each.not_valid_before_utc <= moment <= each.not_valid_after_utc for each in path)


def standing(signatory: Signatory, lists: Iterable[bytes], newer: Iterable[bytes], moment: datetime) -> Standing:
    """What the lists say about every certificate up to the root at `moment`.

    Only `lists` that were in force at that moment can say that it was good; `newer` ones can say that it was revoked.
    """
    path = (signatory.certificate, *signatory.issuers)
    states = set()
    for certificate, issuer in pairwise(path):
        then = [each for each in _of(issuer, lists) if _in_force(each, moment)]
        later = _of(issuer, newer)
        if any(_is_revoked(certificate, each, moment) for each in (*then, *later)):
            states.add(Standing.REVOKED)
        elif not then:
            states.add(Standing.UNKNOWN)
    return Standing.REVOKED if Standing.REVOKED in states else next(iter(states), Standing.GOOD)


def _in_force(revocations: x509.CertificateRevocationList, moment: datetime) -> bool:
    until = revocations.next_update_utc
    return until is not None and revocations.last_update_utc <= moment <= until


def _is_revoked(certificate: x509.Certificate, revocations: x509.CertificateRevocationList, moment: datetime) -> bool:
    entry = revocations.get_revoked_certificate_by_serial_number(certificate.serial_number)
    return entry is not None and entry.revocation_date_utc <= moment


def _of(issuer: x509.Certificate, lists: Iterable[bytes]) -> list[x509.CertificateRevocationList]:
    # compared with None: a list that revokes nothing counts as false
    return [found for each in lists if (found := _open_list(each, issuer)) is not None]


@lru_cache(maxsize=256)
def _open_list(listed: bytes, issuer: x509.Certificate) -> x509.CertificateRevocationList | None:
    """The list, if `issuer` has signed it; thousands of files carry the same one."""
    try:
        found = x509.load_der_x509_crl(listed)
    except ValueError:
        return None
    signed = found.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    return found if signed and found.issuer == issuer.subject else None


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    except x509.ExtensionNotFound:
        return False
    return constraints.value.ca and usage.value.key_cert_sign


def _role(certificate: x509.Certificate) -> Role | None:
    if _is_authority(certificate):
        return None
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return None
    if ExtendedKeyUsageOID.TIME_STAMPING in purposes.value:
        return Role.TIME_STAMP if purposes.critical and usage.digital_signature else None
    return Role.SEAL if usage.content_commitment else None


def _issuers(certificate: x509.Certificate, authorities: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The path from the direct issuer to a root, every signature on it verified; empty where there is none."""
    path: list[x509.Certificate] = []
    current = certificate
    while len(path) < 8:
        issuer = next((each for each in authorities if _issued(current, each)), None)
        if issuer is None:
            return ()
        if issuer == current:
            return tuple(path)
        path.append(issuer)
        current = issuer
    return ()


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
