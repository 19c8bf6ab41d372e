"""Verification for anyone: three lights that are told apart.

1. Register: is the file, or the number, one that was issued here?
2. Seal: are signature and time stamp good, and every byte of the file accounted for?
3. Status: is it still valid now, and does its issue stand in the public log?

The first needs the register, the second needs nothing but the public certificates, the third needs the register again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from jianguan.kernel.certificates import (
    CertificateError,
    Link,
    Proof,
    SealReport,
    content_digest,
    parse_link,
    read_qr,
    verify_pdf,
    verify_proof,
)
from jianguan.kernel.messages import Message, message
from jianguan.kernel.ofd import verify_ofd
from jianguan.kernel.transparency.merkle import leaf_hash
from jianguan.licensing.certificates import facts, keys, national_keys, queries
from jianguan.licensing.certificates.models import EXPIRED, Certificate, Status
from jianguan.licensing.certificates.rules import state
from jianguan.platform import clock
from jianguan.platform.journal import service as journal
from jianguan.platform.journal.service import InclusionProof

VALID, ENDED, UNKNOWN, TAMPERED, PENDING = "valid", "ended", "unknown", "tampered", "pending"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found out.

    Attributes:
        verdict: valid | ended (expired, replaced, cancelled, revoked …) | unknown | tampered.
        says: the verdict as a sentence.
        certificate: the edition asked for, where the register has it.
        newer: the edition that replaced it.
        report: findings on the seal, where a file was given.
        proof: what the QR code's token proves, where one was given and is good.
        proof_fault: why a token is not good.
        inclusion: that the issue stands in the public log.
    """

    verdict: str
    says: Message
    at: datetime
    certificate: Certificate | None = None
    newer: Certificate | None = None
    report: SealReport | None = None
    proof: Proof | None = None
    proof_fault: Message | None = None
    inclusion: InclusionProof | None = None


def by_number(number: str, token: str = "") -> Verification:
    """Verify by number (provincial, national or identifier), and by the token of a QR code if there is one."""
    found = queries.editions(number.strip())
    proof, fault = _prove(token, number)
    if not found:
        says = message("No certificate with this number was issued here.")
        return Verification(UNKNOWN, says, clock.now(), proof=proof, proof_fault=fault)
    certificate = found[0]
    if proof and not proof.matches(bytes.fromhex(certificate.content_digest)):
        certificate = next((c for c in found if proof.matches(bytes.fromhex(c.content_digest))), certificate)
    return _standing(certificate, proof=proof, fault=fault)


def by_certificate(certificate: Certificate) -> Verification:
    """How a certificate of the register stands, as anyone who asks is told."""
    return _standing(certificate)


def by_text(text: str) -> Verification:
    """Verify what was typed or scanned: the link of a QR code, or a number."""
    try:
        link = parse_link(text)
    except CertificateError:
        return by_number(text)
    return by_number(link.number, link.token)


def by_file(data: bytes) -> Verification:
    """Verify an uploaded file: a sealed PDF or OFD file, or a picture of a QR code.

    Raises:
        CertificateError: it is none of them.
    """
    if data.startswith(b"%PDF-"):
        report = verify_pdf(data, keys.trust())
    elif data.startswith(b"PK\3\4"):
        report = verify_ofd(data, national_keys.trust())
    else:
        return by_text(str(_link_in_picture(data)))
    certificate = queries.of_file(hashlib.sha256(data).hexdigest())
    if certificate is not None and report.intact:
        return _standing(certificate, report=report)
    if not report.intact:
        says = message("This file was altered, or was never sealed here: do not rely on it.")
        return Verification(TAMPERED, says, clock.now(), report=report, certificate=certificate)
    says = message("The seal is good, but the register does not have this file.")
    return Verification(UNKNOWN, says, clock.now(), report=report)


def _link_in_picture(data: bytes) -> Link:
    found = read_qr(data)
    for text in found:
        try:
            return parse_link(text)
        except CertificateError:
            continue
    raise CertificateError(message("There is no QR code of a certificate in this picture."))


def _prove(token: str, number: str) -> tuple[Proof | None, Message | None]:
    if not token:
        return None, None
    try:
        return verify_proof(token, number=number, keys=keys.proof_keys()), None
    except CertificateError as error:
        return None, error.says


def _standing(
    certificate: Certificate,
    *,
    report: SealReport | None = None,
    proof: Proof | None = None,
    fault: Message | None = None,
) -> Verification:
    newer = queries.newest_after(certificate)
    inclusion = journal.inclusion(certificate.entry_id) if certificate.entry_id else None
    verdict, says = _verdict(certificate, newer, fault)
    if not agrees_with_journal(certificate):
        verdict, says = (
            TAMPERED,
            message(
                "The register says otherwise about this certificate than the journal: do not rely on it, and tell the "
                "department."
            ),
        )
    return Verification(verdict, says, clock.now(), certificate, newer, report, proof, fault, inclusion)


def _verdict(certificate: Certificate, newer: Certificate | None, fault: Message | None) -> tuple[str, Message]:
    if fault is not None:
        return TAMPERED, message(
            "The QR code does not belong to this certificate: do not rely on the paper it is printed on."
        )
    if newer is not None:
        return ENDED, _replaced(certificate, newer)
    if state(certificate, clock.today()) == EXPIRED:
        return ENDED, message("This certificate expired on %(day)s.", day=certificate.valid_until)
    if certificate.status != Status.VALID:
        return ENDED, message(
            "This certificate is no longer valid: %(status)s.", status=certificate.get_status_display()
        )
    return VALID, message("This certificate is valid.")


def _replaced(certificate: Certificate, newer: Certificate) -> Message:
    edition = f"{newer.edition:03d}"
    if newer.number == certificate.number:
        return message("This edition was replaced by edition %(edition)s.", edition=edition)
    return message(
        "This certificate was replaced by edition %(edition)s with the number %(number)s.",
        edition=edition,
        number=newer.number,
    )


def agrees_with_journal(certificate: Certificate) -> bool:
    """Whether what the register says of a certificate is what was journalled when it was issued and decided on.

    The journal cannot be altered unseen, a row of the register can, by whoever may write to the database.
    """
    entries = [entry for entry in journal.about("certificate", certificate.id) if _whole(entry)]
    issued = next((entry for entry in entries if entry.id == certificate.entry_id), None)
    if issued is None or issued.kind != facts.ISSUED.code:
        return False
    said = journal.data_of(issued)
    content = content_digest(certificate.data).hex()
    told = (said["number"], said["edition"], said["content"], said["file"], said.get("ofd", ""))
    if told != (certificate.number, certificate.edition, content, certificate.sha256, certificate.ofd_sha256):
        return False
    if any(certificate.data.get(name) != shown for name, shown in _columns(certificate).items()):
        return False
    changes = [journal.data_of(entry) for entry in entries if entry.kind == facts.STATUS_CHANGED.code]
    return certificate.content_digest == content and certificate.status == (changes or [said])[-1]["status"]


def _columns(certificate: Certificate) -> dict[str, str | None]:
    """Columns of the register that repeat what the sealed data says."""
    last = certificate.valid_until
    holder = "developer" if "developer" in certificate.data else "holder"  # as the design calls who holds it
    return {
        holder: certificate.holder_name,
        "number": certificate.number, "identifier": certificate.identifier, "authority": certificate.issuer_name,
        "issued_on": certificate.issued_on.isoformat(), "valid_until": last.isoformat() if last else None,
    }  # fmt: skip


def _whole(entry: journal.Entry) -> bool:
    """Whether the text of an entry is still the one that was hashed."""
    return leaf_hash(bytes(entry.body)) == bytes(entry.leaf)
