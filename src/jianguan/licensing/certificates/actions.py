"""Acts on certificates: requesting, producing, changing their status."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from jianguan.kernel.certificates import (
    CertificateError,
    Link,
    Paper,
    Template,
    content_digest,
    issue_proof,
    render,
    write_qr,
)
from jianguan.kernel.identifiers import e_certificate
from jianguan.kernel.messages import message
from jianguan.licensing.certificates import facts, keys
from jianguan.licensing.certificates.models import Certificate, Status
from jianguan.licensing.certificates.rules import ways
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.jobs.service import enqueue
from jianguan.platform.journal.service import SYSTEM, Subject, record

log = logging.getLogger(__name__)
PRODUCE = "certificates.produce"
KIND_IN_PROOF = 1  # construction permits and all kinds that follow share one; the number tells them apart


@dataclass(frozen=True, slots=True)
class Request:
    """What a case asks to be certified.

    Attributes:
        data: what the page says, by the names its template uses.
        token_id: the step of the process that waits for the certificate.
    """

    kind: str
    type_code: str
    name: str
    name_en: str
    number: str
    national_number: str
    holder_name: str
    holder_uscc: str
    subject_name: str
    project_id: UUID | None
    case_id: UUID
    token_id: UUID
    region: str
    issuer_id: UUID
    issuer_name: str
    issuer_uscc: str
    issued_on: date
    data: Mapping[str, Any]


def request(command: Request) -> Certificate:
    """Register a certificate and have it produced in the background, as part of the caller's transaction."""
    assert connection.in_atomic_block
    identifier = e_certificate.make(command.type_code, command.issuer_uscc, command.number, 1)
    data = {
        **command.data, "number": command.number, "identifier": identifier, "authority": command.issuer_name,
        "issued_on": command.issued_on.isoformat(), "demonstration": settings.ENVIRONMENT.mode != "production",
    }  # fmt: skip
    digest = content_digest(data)
    proof = issue_proof(
        keys.proof_key(),
        number=command.number,
        kind=KIND_IN_PROOF,
        edition=1,
        issued_on=command.issued_on,
        content_digest=digest,
    )
    certificate = Certificate.objects.create(
        kind=command.kind, number=command.number, national_number=command.national_number, identifier=identifier,
        name=command.name, name_en=command.name_en, holder_name=command.holder_name, holder_uscc=command.holder_uscc,
        subject_name=command.subject_name, project_id=command.project_id, case_id=command.case_id,
        token_id=command.token_id, region=command.region, issuer_id=command.issuer_id, issuer_name=command.issuer_name,
        data=data, content_digest=digest.hex(), proof=proof, issued_on=command.issued_on, requested_at=clock.now(),
    )  # fmt: skip
    enqueue(PRODUCE, certificate_id=str(certificate.id))
    return certificate


def produce(certificate_id: UUID) -> bool:
    """Render, seal, store and journal a certificate; returns whether this call did it.

    It may run twice or be cut off at any point: the row is locked, and until the transaction ends nothing counts.

    Raises:
        CertificateError: it cannot be rendered or sealed; the reason stays on the row and the job is tried again.
    """
    try:
        with transaction.atomic():
            certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
            if certificate.sha256:
                return False
            _seal_and_store(certificate)
            data = {
                "number": certificate.number, "national_number": certificate.national_number, "kind": certificate.kind,
                "identifier": certificate.identifier, "case": certificate.case_id, "project": certificate.project_id,
                "content": certificate.content_digest, "file": certificate.sha256, "issuer": certificate.issuer_id,
                "token": certificate.token_id,
            }  # fmt: skip
            certificate.entry_id = record(
                facts.ISSUED, subject(certificate), SYSTEM, data, documents=[certificate.sha256]
            )
            certificate.save()
    except (CertificateError, FileNotFoundError) as error:
        log.warning("Certificate %s cannot be produced: %s", certificate_id, error)
        Certificate.objects.filter(pk=certificate_id).update(error=str(error)[:2000])
        raise
    return True


def _seal_and_store(certificate: Certificate) -> None:
    template = Template.built_in(certificate.kind, Paper.A4)
    link = Link(urlsplit(settings.ENVIRONMENT.base_url).netloc, certificate.number, certificate.proof)
    page = render(template, certificate.data, qr=write_qr(str(link)), issued_at=certificate.requested_at)
    sealed = keys.seal_of(certificate.issuer_id).seal(page, template.seal)
    certificate.sha256 = documents.store(sealed, "application/pdf").sha256
    certificate.sealed_at, certificate.error = clock.now(), ""


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """Revoke, cancel, suspend a certificate, or end its suspension."""

    command_id: UUID
    certificate_id: UUID
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The certificate and its new status."""

    id: str
    status: str


@action
def change_status(actor: Actor, command: ChangeStatus) -> Changed:
    """Change the status of a certificate; the file stays as it is, verification tells the new status at once.

    Raises:
        Forbidden: the actor may not decide on certificates there.
        Refusal: no reason was given, or no status chosen.
        Conflict: it is not issued yet, or has ended, or was replaced: then it does not come back.
    """
    certificate = Certificate.objects.select_for_update().filter(pk=command.certificate_id).first()
    if certificate is None:
        raise NotFound
    if not actor.may("certificate.decide", certificate.region):
        raise Forbidden(message("You may not decide on certificates of this place."))
    if not command.reason.strip():
        says = message("Give the reason and the decision it rests on.")
        raise Refusal(says, {"reason": says})
    if command.status not in Status.values:
        says = message("Choose what becomes of the certificate.")
        raise Refusal(says, {"status": says})
    if not certificate.sha256 or command.status not in ways(certificate.status):
        raise Conflict(message("The status of this certificate cannot be changed that way any more."))
    certificate.status, certificate.status_reason = Status(command.status), command.reason.strip()
    certificate.save(update_fields=["status", "status_reason"])
    data = {"number": certificate.number, "status": certificate.status, "reason": certificate.status_reason}
    record(facts.STATUS_CHANGED, subject(certificate), actor, data)
    return Changed(str(certificate.id), certificate.status)


def subject(certificate: Certificate) -> Subject:
    """The certificate as a journal subject."""
    return Subject("certificate", certificate.id, certificate.region)
