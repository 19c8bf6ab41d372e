"""Acts on certificates: requesting, producing, changing their status, ending them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext

from jianguan.kernel.certificates import (
    CertificateError,
    Link,
    Template,
    content_digest,
    issue_proof,
    render,
    write_qr,
)
from jianguan.kernel.identifiers import e_certificate
from jianguan.kernel.messages import message
from jianguan.licensing.certificates import facts, keys, national_keys, queries
from jianguan.licensing.certificates.models import Batch, Certificate, Status
from jianguan.licensing.certificates.rules import serial, ways
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.jobs.service import enqueue
from jianguan.platform.journal.service import SYSTEM, Subject, System, record

log = logging.getLogger(__name__)
PRODUCE = "certificates.produce"
PRODUCED = ("sha256", "ofd_sha256", "sealed_at", "error", "status", "status_reason", "status_since", "entry_id")
ENDS = (Status.REVOKED, Status.CANCELLED, Status.LAPSED, Status.WITHDRAWN)
KIND_IN_PROOF = 1  # construction permits and all kinds that follow share one; the number tells them apart


@dataclass(frozen=True, slots=True)
class Request:
    """What a case asks to be certified.

    Attributes:
        data: what the page says, by the names its template uses; numbers, authority and days are added to it.
        token_id: the step of the process that waits for the certificate.
        template: the built-in design it is printed by.
        valid_until: the last day on which it holds; None where it holds without limit.
        replaces: the certificate of which this is the next edition, under the same number or a new one.
        batch: the batch with which it waits for the keeper of the seal; None where it is sealed at once.
        also_held_by: credit codes of those in whose wallet it stands besides the holder's.
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
    template: str = "construction_permit"
    valid_until: date | None = None
    replaces: UUID | None = None
    batch: UUID | None = None
    also_held_by: Sequence[str] = ()


def request(command: Request) -> Certificate:
    """Register a certificate and have it produced in the background, as part of the caller's transaction.

    Raises:
        Conflict: the certificate to be replaced has ended, or is being replaced or produced; the batch is closed, or
            of another authority.
    """
    assert connection.in_atomic_block
    old = _replaceable(command.replaces) if command.replaces else None
    if command.batch:
        _check_open(command.batch, command.issuer_id)
    edition = old.edition + 1 if old else 1
    identifier = e_certificate.make(command.type_code, command.issuer_uscc, serial(command.number), edition)
    data = _said(command, identifier)
    digest = content_digest(data)
    proof = issue_proof(
        keys.proof_key(),
        number=command.number,
        kind=KIND_IN_PROOF,
        edition=edition,
        issued_on=command.issued_on,
        content_digest=digest,
    )
    certificate = Certificate.objects.create(
        kind=command.kind, template=command.template, number=command.number, national_number=command.national_number,
        edition=edition, identifier=identifier, name=command.name, name_en=command.name_en,
        holder_name=command.holder_name, holder_uscc=command.holder_uscc, also_held_by=list(command.also_held_by), subject_name=command.subject_name,
        project_id=command.project_id, case_id=command.case_id, token_id=command.token_id, region=command.region,
        issuer_id=command.issuer_id, issuer_name=command.issuer_name, data=data, content_digest=digest.hex(),
        proof=proof, issued_on=command.issued_on, valid_until=command.valid_until, replaces=old,
        batch_id=command.batch, requested_at=clock.now(),
    )  # fmt: skip
    if not command.batch:
        enqueue(PRODUCE, certificate_id=str(certificate.id))
    return certificate


def _said(command: Request, identifier: str) -> dict[str, Any]:
    said = {
        **command.data, "number": command.number, "identifier": identifier, "authority": command.issuer_name,
        "issued_on": command.issued_on.isoformat(), "demonstration": settings.ENVIRONMENT.mode != "production",
    }  # fmt: skip
    return said | ({"valid_until": command.valid_until.isoformat()} if command.valid_until else {})


def _replaceable(certificate_id: UUID) -> Certificate:
    """The certificate a next edition is made of, locked, so that there is but one such edition."""
    old = Certificate.objects.select_for_update().get(pk=certificate_id)
    if not old.sha256:
        raise Conflict(message("Certificate %(number)s is still being produced.", number=old.number))
    if Certificate.objects.filter(replaces=old).exists():
        raise Conflict(message("There is a newer edition of certificate %(number)s already.", number=old.number))
    if not ways(old.status):
        raise Conflict(message("Certificate %(number)s has ended; it cannot be changed any more.", number=old.number))
    return old


def _check_open(batch_id: UUID, issuer_id: UUID) -> None:
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    if batch.confirmed_at:
        raise Conflict(message("Batch %(number)s is closed: the use of the seal was confirmed.", number=batch.number))
    if batch.issuer_id != issuer_id:
        raise Conflict(message("Batch %(number)s is of another authority.", number=batch.number))


def produce(certificate_id: UUID) -> bool:
    """Render, seal, store and journal a certificate; returns whether this call did it.

    It may run twice or be cut off at any point: the row is locked, and until the transaction ends nothing counts.
    What waits in a batch is left alone until the keeper of the seal has confirmed the batch.

    Raises:
        CertificateError: it cannot be rendered or sealed; the reason stays on the row and the job is tried again.
    """
    try:
        with transaction.atomic():
            certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
            if certificate.sha256 or _waits(certificate):
                return False
            _seal_and_store(certificate)
            _take_the_place_of(certificate)
            data = {
                "number": certificate.number, "national_number": certificate.national_number, "kind": certificate.kind,
                "edition": certificate.edition, "identifier": certificate.identifier, "case": certificate.case_id,
                "project": certificate.project_id, "content": certificate.content_digest, "file": certificate.sha256,
                "ofd": certificate.ofd_sha256,
                "issuer": certificate.issuer_id, "token": certificate.token_id, "status": certificate.status,
            }  # fmt: skip
            files = [sha256 for sha256 in (certificate.sha256, certificate.ofd_sha256) if sha256]
            certificate.entry_id = record(facts.ISSUED, subject(certificate), SYSTEM, data, documents=files)
            certificate.save(update_fields=PRODUCED)
    except (CertificateError, FileNotFoundError) as error:
        log.warning("Certificate %s cannot be produced: %s", certificate_id, error)
        failed = Certificate.objects.filter(pk=certificate_id, sha256="")
        says = error.says.render(gettext) if isinstance(error, CertificateError) else str(error)
        failed.update(error=says[:2000], attempts=F("attempts") + 1)
        raise
    return True


def _waits(certificate: Certificate) -> bool:
    return (
        certificate.batch_id is not None and Batch.objects.filter(pk=certificate.batch_id, confirmed_at=None).exists()
    )


def _seal_and_store(certificate: Certificate) -> None:
    template = Template.built_in(certificate.template)
    link = Link(urlsplit(settings.ENVIRONMENT.base_url).netloc, certificate.number, certificate.proof)
    page = render(template, certificate.data, qr=write_qr(str(link)), issued_at=certificate.requested_at)
    sealed = keys.seal_of(certificate.issuer_id).seal(page, template.seal)
    certificate.sha256 = documents.store(sealed, "application/pdf").sha256
    if national_keys.is_made_as_ofd(certificate.kind):
        second = national_keys.seal_of(certificate.issuer_id).seal(page, template.seal)
        certificate.ofd_sha256 = documents.store(second, "application/ofd").sha256
    certificate.sealed_at, certificate.error = clock.now(), ""


def _take_the_place_of(certificate: Certificate) -> None:
    """Let the edition before be replaced; where a decision ended or suspended it meanwhile, that holds for this one."""
    if certificate.replaces_id is None:
        return
    old = Certificate.objects.select_for_update().get(pk=certificate.replaces_id)
    if old.status != Status.VALID and certificate.status == Status.VALID:
        certificate.status, certificate.status_reason = old.status, old.status_reason
        certificate.status_since = old.status_since
    if ways(old.status):
        _set_status(old, Status.REPLACED, "", clock.now(), SYSTEM)


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
    _set_status(certificate, Status(command.status), command.reason.strip(), clock.now(), actor)
    return Changed(str(certificate.id), certificate.status)


def end(certificate_id: UUID, status: Status, reason: str, at: datetime) -> bool:
    """End a certificate by the effect of a process, in the caller's transaction; returns whether this call did it.

    Where a newer edition has been issued meanwhile, that one is ended; what has ended already stays as it is.
    """
    assert connection.in_atomic_block
    assert status in ENDS
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    if newer := queries.newest_after(certificate):
        certificate = Certificate.objects.select_for_update().get(pk=newer.pk)
    if not ways(certificate.status):
        return False
    _set_status(certificate, status, reason, at, SYSTEM)
    return True


def _set_status(certificate: Certificate, status: Status, reason: str, at: datetime, actor: Actor | System) -> None:
    certificate.status, certificate.status_reason, certificate.status_since = status, reason, at
    certificate.save(update_fields=["status", "status_reason", "status_since"])
    data = {"number": certificate.number, "edition": certificate.edition, "status": status, "reason": reason}
    record(facts.STATUS_CHANGED, subject(certificate), actor, data)


def subject(certificate: Certificate) -> Subject:
    """The certificate as a journal subject."""
    return Subject("certificate", certificate.id, certificate.region)
