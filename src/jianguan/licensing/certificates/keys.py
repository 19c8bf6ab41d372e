"""Keys of seals, time stamps and offline proofs on this machine (`LocalSeal`).

Everything lies encrypted under `var/keys`; the certificates are in the database as well, where verification reads them.
A province with a seal platform of its own replaces this module by an adapter of the `SealProvider` port.
"""

from __future__ import annotations

import functools
from datetime import datetime, timedelta
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from django.db import transaction
from django.db.models import QuerySet

from jianguan.kernel.certificates import (
    Authority,
    Identity,
    LocalSeal,
    LocalTimeStamper,
    Trust,
    create_authority,
    key_id,
    seal_picture,
)
from jianguan.licensing.certificates import facts, national_keys
from jianguan.licensing.certificates.key_files import create, password, path
from jianguan.licensing.certificates.models import TrustedCertificate
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Organisation
from jianguan.platform.journal.service import SYSTEM, Subject, record

SEAL_LINE = "电子证照专用章"
LISTS_VALID = timedelta(days=7)
AUTHORITY_NAME = "建管演示签发机构 Jianguan"


def prepare_authority() -> None:
    """Make the local root, issuing authority, time stamper and proof key, where they are missing, and trust them.

    The same for the national algorithms.
    """
    national_keys.prepare_authority()
    if not path("authority").exists():
        create("authority", create_authority(AUTHORITY_NAME, at=clock.now()).dump(password()))
    authority = _authority()
    if not path("time-stamp").exists():
        create("time-stamp", authority.new_time_stamper(AUTHORITY_NAME, at=clock.now()).dump(password()))
    _trust(authority.root, "authority", None)
    _trust(authority.issuing, "authority", None)
    _trust(Identity.load(path("time-stamp").read_bytes(), password()), "time_stamp", None)
    if not path("proof").exists():
        key = Ed25519PrivateKey.generate()
        create(
            "proof", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password().encode()))
        )


def prepare_seal(organisation: Organisation) -> None:
    """Make the seals of an issuing authority, where it has none: for PDF files and, with SM2, for OFD files."""
    national_keys.prepare_seal(organisation)
    name = f"seal-{organisation.id}"
    if path(name).exists():
        return
    identity = _authority().new_seal(organisation.name, SEAL_LINE, at=clock.now())
    create(name, identity.dump(password()))
    with transaction.atomic():
        _trust(identity, "seal", organisation.id)
        subject = Subject("organisation", organisation.id, organisation.region)
        record(facts.SEAL_REGISTERED, subject, SYSTEM, {"fingerprint": _fingerprint(identity.certificate)})


def seal_of(organisation_id: UUID) -> LocalSeal:
    """The seal of an issuing authority, ready to use; prepared once a day in each process (its revocation lists expire).

    Raises:
        FileNotFoundError: the organisation has no seal.
    """
    return _seal(organisation_id, clock.now().replace(hour=0, minute=0, second=0, microsecond=0))


@functools.lru_cache(maxsize=256)
def _seal(organisation_id: UUID, day: datetime) -> LocalSeal:
    organisation = accounts.organisation(organisation_id)
    identity = Identity.load(path(f"seal-{organisation_id}").read_bytes(), password())
    stamper = LocalTimeStamper(Identity.load(path("time-stamp").read_bytes(), password()), clock=clock.now)
    picture = seal_picture(organisation.name, SEAL_LINE, (organisation.uscc or "")[2:15])
    lists = _authority().revocation_lists(at=day, revoked=_revoked(), valid_for=LISTS_VALID)
    return LocalSeal(identity, picture, stamper, lists, clock=clock.now)


def _international() -> QuerySet[TrustedCertificate]:
    return TrustedCertificate.objects.exclude(purpose__startswith="national_")


def _revoked() -> dict[int, datetime]:
    rows = _international().exclude(revoked_at=None)
    return {
        x509.load_pem_x509_certificate(row.pem.encode()).serial_number: row.revoked_at for row in rows if row.revoked_at
    }


@functools.lru_cache(maxsize=1)
def proof_key() -> Ed25519PrivateKey:
    """The key that signs the offline proofs in QR codes."""
    key = load_pem_private_key(path("proof").read_bytes(), password().encode())
    assert isinstance(key, Ed25519PrivateKey)
    return key


def proof_keys() -> dict[bytes, Ed25519PublicKey]:
    """Published keys by the name tokens use."""
    public = proof_key().public_key()
    return {key_id(public): public}


def trusted_pem() -> str:
    """Every X.509 certificate seals and time stamps are known by, for whoever checks files without asking us."""
    return "".join(TrustedCertificate.objects.order_by("added_at").values_list("pem", flat=True))


def trust() -> Trust:
    """All certificates seals are known by, with today's revocation lists."""
    rows = _international().order_by("added_at").values_list("fingerprint", "pem")
    lists = _authority().revocation_lists(at=clock.now(), revoked=_revoked()) if path("authority").exists() else ()
    certificates = [x509.load_pem_x509_certificate(pem.encode()) for _, pem in rows]
    return Trust.of(certificates, lists)


@functools.lru_cache(maxsize=1)
def _authority() -> Authority:
    return Authority.load(path("authority").read_bytes(), password())


def _trust(identity: Identity, purpose: str, organisation_id: UUID | None) -> None:
    TrustedCertificate.objects.get_or_create(
        fingerprint=_fingerprint(identity.certificate),
        defaults={
            "pem": identity.certificate.public_bytes(Encoding.PEM).decode(),
            "purpose": purpose,
            "organisation_id": organisation_id,
            "added_at": clock.now(),
        },
    )


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(SHA256()).hex()
