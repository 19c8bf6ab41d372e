"""Keys of the national algorithms on this machine: root, maker of seals, and the seals that OFD files carry.

Each authority's seal is two files: its signer's key and certificate, and the electronic seal (GB/T 38540) its maker made.
A province with certified equipment puts its adapter of the `SealProvider` port in the place of `seal_of`.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from asn1crypto import pem
from django.conf import settings
from django.db import transaction

from jianguan.kernel.certificates import seal_picture, seal_png
from jianguan.kernel.national import (
    NationalAuthority,
    NationalIdentity,
    NationalTrust,
    create_national_authority,
    make_seal,
)
from jianguan.kernel.national.authority import to_pem
from jianguan.kernel.national.seal import SealImage
from jianguan.kernel.ofd import LocalOfdSeal
from jianguan.licensing.certificates import facts
from jianguan.licensing.certificates.key_files import create, password, path
from jianguan.licensing.certificates.models import TrustedCertificate
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Organisation
from jianguan.platform.journal.service import SYSTEM, Subject, record

NAME = "建管演示国密签发机构 Jianguan"
PURPOSE = "电子证照专用章"
AUTHORITY, MAKER, SEAL = "national_authority", "national_maker", "national_seal"
DIAMETER = 42  # mm
VALID_FOR = timedelta(days=3 * 365)
EVERY_KIND = "all"


def is_made_as_ofd(kind: str) -> bool:
    """Whether certificates of a kind are made as OFD files, too: by the setting JIANGUAN_OFD_KINDS."""
    kinds = settings.ENVIRONMENT.ofd_kinds
    return kind in kinds or EVERY_KIND in kinds


def prepare_authority() -> None:
    """Make the root, the maker of seals, and seals of authorities that have but one for PDF files; trust them."""
    if not path("national-authority").exists():
        create("national-authority", create_national_authority(NAME, at=clock.now()).root.dump(password()))
    authority = NationalAuthority(_identity("national-authority"))
    if not path("national-maker").exists():
        create("national-maker", authority.new_maker(NAME, at=clock.now()).dump(password()))
    _trust(authority.root, AUTHORITY, None)
    _trust(_identity("national-maker"), MAKER, None)
    for row in TrustedCertificate.objects.filter(purpose="seal"):
        if row.organisation_id:
            prepare_seal(accounts.organisation(row.organisation_id))


def prepare_seal(organisation: Organisation) -> None:
    """Make the seal of an issuing authority, where it has none."""
    name, at = f"national-seal-{organisation.id}", clock.now()
    if path(name, "esl").exists():
        return
    signer = NationalAuthority(_identity("national-authority")).new_signer(
        organisation.name, PURPOSE, at=at, valid_for=VALID_FOR
    )
    number = (organisation.uscc or "")[2:15]
    drawn = seal_png(seal_picture(organisation.name, PURPOSE, number), DIAMETER)
    image = SealImage("png", drawn, DIAMETER, DIAMETER)
    seal = make_seal(
        _identity("national-maker"), [signer], number=number or organisation.id.hex, name=organisation.name,
        image=image, valid=(at, at + VALID_FOR),
    )  # fmt: skip
    path(name).unlink(missing_ok=True)  # of an attempt that was cut off: no seal names its certificate
    create(name, signer.dump(password()))
    create(name, seal, "esl")
    with transaction.atomic():
        _trust(signer, SEAL, organisation.id)
        subject = Subject("organisation", organisation.id, organisation.region)
        record(facts.SEAL_REGISTERED, subject, SYSTEM, {"fingerprint": _fingerprint(signer)})


@functools.lru_cache(maxsize=256)
def seal_of(organisation_id: UUID) -> LocalOfdSeal:
    """The seal of an issuing authority for OFD files, ready to use.

    Raises:
        FileNotFoundError: the organisation has none; `jianguan init` makes it.
    """
    name = f"national-seal-{organisation_id}"
    signer = NationalIdentity.load(path(name).read_bytes(), password())
    return LocalOfdSeal(signer, path(name, "esl").read_bytes(), clock.now)


def trust() -> NationalTrust:
    """All makers and signers known, and which of them were revoked when."""
    rows = TrustedCertificate.objects.filter(purpose__startswith="national_").order_by("added_at")
    return _trusted(tuple(rows.values_list("purpose", "pem", "revoked_at")))


@functools.lru_cache(maxsize=4)
def _trusted(rows: tuple[tuple[str, str, datetime | None], ...]) -> NationalTrust:
    def of(purpose: str) -> Iterator[bytes]:
        return (pem.unarmor(text.encode())[2] for about, text, _ in rows if about == purpose)

    revoked = {pem.unarmor(text.encode())[2]: moment for _, text, moment in rows if moment}
    return NationalTrust.of(of(AUTHORITY), of(MAKER), of(SEAL), revoked)


@functools.lru_cache(maxsize=4)
def _identity(name: str) -> NationalIdentity:
    return NationalIdentity.load(path(name).read_bytes(), password())


def _trust(identity: NationalIdentity, purpose: str, organisation_id: UUID | None) -> None:
    about = {"purpose": purpose, "organisation_id": organisation_id, "added_at": clock.now()}
    TrustedCertificate.objects.get_or_create(
        fingerprint=_fingerprint(identity), defaults={"pem": to_pem(identity.certificate).decode(), **about}
    )


def _fingerprint(identity: NationalIdentity) -> str:
    return hashlib.sha256(identity.certificate.dump()).hexdigest()
