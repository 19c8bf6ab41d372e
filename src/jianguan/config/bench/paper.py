"""Certificates to be made in numbers: requests as a case makes them, and a seal like those of the installation."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from uuid import UUID

from django.db import transaction
from uuid6 import uuid7

from jianguan.config.bench.applications import drive, prepare
from jianguan.config.bench.ground import Ground
from jianguan.kernel.certificates import (
    LocalSeal,
    LocalTimeStamper,
    QrCode,
    Template,
    Trust,
    create_authority,
    render,
    seal_picture,
    seal_png,
    write_qr,
)
from jianguan.kernel.national import NationalTrust, create_national_authority, make_seal
from jianguan.kernel.national.seal import SealImage
from jianguan.kernel.ofd import LocalOfdSeal
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.service import Certificate
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts

NAME = "建管测速 Bench"
DIAMETER = 42  # mm
_serials = itertools.count(1)


def example(ground: Ground) -> UUID:
    """A certificate that a case asked for, not yet made."""
    day = clock.now() - timedelta(days=30)
    (application,) = prepare(ground.world, 1, day)
    drive([application], day)
    found = certificates.of_case(application.case_id)
    assert found is not None
    return found.id


def requested(model_id: UUID, count: int) -> list[UUID]:
    """Further certificates like one that was asked for, each with a number of its own, not yet made."""
    model = certificates.by_id(model_id)
    assert model is not None
    with transaction.atomic():
        return [_request(model, next(_serials)) for _ in range(count)]


def _request(model: Certificate, serial: int) -> UUID:
    issuer = accounts.organisation(model.issuer_id)
    number = f"{model.number[:6]}{serial:010d}01"
    made = certificates.request(
        certificates.Request(
            kind=model.kind, type_code=_type_code(model.identifier), name=model.name, name_en=model.name_en, number=number,
            national_number=f"{number}-SX-001", holder_name=model.holder_name, holder_uscc=model.holder_uscc,
            subject_name=model.subject_name, project_id=model.project_id, case_id=uuid7(), token_id=uuid7(), region=model.region,
            issuer_id=issuer.id, issuer_name=issuer.name, issuer_uscc=issuer.uscc or "", issued_on=model.issued_on, data=model.data,
        )
    )  # fmt: skip
    return made.id


def _type_code(identifier: str) -> str:
    """The type in an identifier: the segment after the root (five numbers), as one."""
    return identifier.split(".")[5]


def produce(certificate_ids: Sequence[UUID]) -> int:
    """Make certificates as the background worker does; returns how many."""
    return sum(certificates.produce(certificate_id) for certificate_id in certificate_ids)


@dataclass(frozen=True, slots=True)
class Press:
    """What it takes to render and seal a certificate by hand, without the product around it."""

    template: Template
    certificate: Certificate
    qr: QrCode
    seal: LocalSeal
    trust: Trust
    ofd_seal: LocalOfdSeal
    ofd_trust: NationalTrust

    def render(self) -> bytes:
        return render(self.template, self.certificate.data, qr=self.qr, issued_at=self.certificate.requested_at)


@cache
def press(model_id: UUID) -> Press:
    """A press for certificates like one, with an authority of its own."""
    model, at = certificates.by_id(model_id), clock.now()
    assert model is not None
    authority = create_authority(NAME, at=at)
    identity, stamper = authority.new_seal(NAME, NAME, at=at), authority.new_time_stamper(NAME, at=at)
    lists = authority.revocation_lists(at=at)
    seal = LocalSeal(
        identity, seal_picture(model.issuer_name), LocalTimeStamper(stamper, clock=clock.now), lists, clock=clock.now
    )
    known = [authority.root.certificate, authority.issuing.certificate, identity.certificate, stamper.certificate]
    qr = write_qr(f"HTTPS://LOCALHOST/V/{model.number}#{model.proof}")
    template = Template.built_in(model.template)
    return Press(template, model, qr, seal, Trust.of(known, lists), *_national(model.issuer_name))


def _national(name: str) -> tuple[LocalOfdSeal, NationalTrust]:
    """The same with the national algorithms."""
    at = clock.now()
    authority = create_national_authority(NAME, at=at)
    maker, signer = authority.new_maker(NAME, at=at), authority.new_signer(NAME, NAME, at=at)
    image = SealImage("png", seal_png(seal_picture(name), DIAMETER), DIAMETER, DIAMETER)
    seal = make_seal(maker, [signer], number="1", name=name, image=image, valid=(at, at + timedelta(days=1)))
    root, made, signed = ([each.certificate.dump()] for each in (authority.root, maker, signer))
    return LocalOfdSeal(signer, seal, clock.now), NationalTrust.of(root, made, signed)
