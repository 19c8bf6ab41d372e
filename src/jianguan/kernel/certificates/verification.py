"""Strict verification of a sealed certificate: every byte of the file is signed or can be built again from what is.

A validator's overall verdict accepts trailing bytes and most changes inside `/Contents`. Here a signature is good only
if it is the one signature, covers the whole file but its own hexadecimal text (ISO 32000-1, 12.8.1), consists of the
only bytes it can consist of, and its certificates were in force at the time-stamped moment (ETSI EN 319 102-1). The
cheap checks come first; the first failure ends the examination, because what follows would say nothing more.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from asn1crypto import tsp
from cryptography.x509.oid import NameOID

from jianguan.kernel.messages import Message, message

from .cms import DATA, TIME_STAMP_INFO, Signatory, SignedParts, parse, signature_holds, signed_data
from .pdf_file import PdfFile
from .rendering import ATTACHMENT
from .second_opinion import accepted_elsewhere
from .trust import Role, Standing, Trust, in_force, standing

RANGES = re.compile(rb"/ByteRange\[0 (\d{1,10}) {1,10}(\d{1,10}) {1,10}(\d{1,10}) {0,10}\]/Contents ")
NO_CHANGES = b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]"
LARGEST = 64 * 2**20


class Check(StrEnum):
    """What is examined, in this order."""

    ONE_SIGNATURE = "one_signature"
    COVERAGE = "coverage"
    HOLE = "hole"
    DIGEST = "digest"
    KNOWN_SEAL = "known_seal"
    CANONICAL = "canonical"
    SIGNATURE = "signature"
    TIME_STAMP = "time_stamp"
    CERTIFICATES = "certificates"
    REVOCATION = "revocation"
    NO_CHANGES = "no_changes"
    LAST_REVISION = "last_revision"
    SECOND_OPINION = "second_opinion"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check as a sentence."""

    check: StrEnum
    passed: bool
    message: Message


@dataclass(frozen=True, slots=True)
class SealReport:
    """What was found about a file. Without `intact`, `data` and `number` are only what the file claims.

    `file_digest` (SHA-256, hexadecimal) is what the register of issued files is asked for. Where it is not
    `time_stamped`, `sealed_at` is the signer's word.
    """

    findings: tuple[Finding, ...]
    intact: bool
    file_digest: str
    sealed_at: datetime | None
    sealed_by: str | None
    data: bytes | None
    number: str | None
    time_stamped: bool = True


def verify_pdf(data: bytes, trust: Trust, *, second_opinion: bool = True) -> SealReport:
    """Examine a file; never raises, whatever the bytes are. `second_opinion` asks pyHanko's validator as well."""
    case = _Case(data, trust)
    checks = CHECKS if second_opinion else CHECKS[:-1]
    findings: list[Finding] = []
    for check, examine, passed in checks:
        try:
            failure = examine(case)
        except Exception:  # noqa: BLE001 - hostile bytes fail in ways nobody lists; all of them mean the same
            failure = message("The file is damaged: this part of it cannot be read.")
        findings.append(Finding(check, failure is None, failure or passed))
        if failure is not None:
            break
    attachment, number = _claims(data)
    return SealReport(
        findings=tuple(findings),
        intact=len(findings) == len(checks) and findings[-1].passed,
        file_digest=case.file_digest or hashlib.sha256(data).hexdigest(),
        sealed_at=case.moment,
        sealed_by=_holder(case.seal) if case.seal else None,
        data=attachment,
        number=number,
    )


@dataclass(frozen=True, slots=True)
class _Signed:
    """A signature taken apart and the known signatory it names."""

    parts: SignedParts
    by: Signatory


class _Case:
    """A file under examination; it has state because each check leaves to the next what it found."""

    def __init__(self, data: bytes, trust: Trust) -> None:
        self.data, self.trust = data, trust
        self.start = 0
        self.hole = (0, 0)
        self.raw = self.digest = b""
        self.file_digest = ""
        self.seal: _Signed | None = None
        self.stamp: _Signed | None = None
        self.moment: datetime | None = None

    def signed(self) -> tuple[_Signed, _Signed]:
        """The seal's and the time stamp's signature."""
        assert self.seal
        assert self.stamp
        return self.seal, self.stamp

    def time(self) -> datetime:
        """The time-stamped moment."""
        assert self.moment
        return self.moment


def _one_signature(case: _Case) -> Message | None:
    if len(case.data) > LARGEST:
        return message("The file is larger than any certificate: at most %(limit)d MB.", limit=LARGEST // 2**20)
    case.start = case.data.find(b"/ByteRange")
    if case.start < 0:
        return message("The file carries no seal.")
    if case.data.find(b"/ByteRange", case.start + 1) >= 0:
        return message("The file carries more than one signature; a certificate carries exactly one.")
    return None


def _coverage(case: _Case) -> Message | None:
    found = RANGES.match(case.data, case.start)
    if not found:
        return message("The signature does not say which part of the file it covers.")
    begin, end, rest = map(int, found.groups())
    if found.end() != begin or not begin < end < len(case.data) or end + rest != len(case.data):
        return message("The signature does not cover the whole file: something was added or removed.")
    case.hole = (begin, end)
    return None


def _hole(case: _Case) -> Message | None:
    begin, end = case.hole
    text = case.data[begin:end]
    case.raw = bytes.fromhex(text[1:-1].decode("ascii"))
    if b"<%b>" % case.raw.hex().encode() != text:
        return message("The part of the file that is not signed holds more than the signature.")
    return None


def _digest(case: _Case) -> Message | None:
    """The digest must stand in the signature; where exactly is seen when that is built again."""
    (begin, end), view = case.hole, memoryview(case.data)
    covered = hashlib.sha256(view[:begin])
    whole = covered.copy()
    whole.update(view[begin:])
    covered.update(view[end:])
    case.digest, case.file_digest = covered.digest(), whole.hexdigest()
    return None if case.digest in case.raw else message("The content was changed after the file was sealed.")


def _known_seal(case: _Case) -> Message | None:
    parts = parse(case.raw)
    stamp = parse(parts.token or b"")
    seal = case.trust.find(Role.SEAL, parts.identifier)
    stamper = case.trust.find(Role.TIME_STAMP, stamp.identifier)
    if seal is None:
        return message("The seal was made with a certificate that is not known here.")
    if stamper is None:
        return message("The time stamp was made with a certificate that is not known here.")
    case.seal, case.stamp = _Signed(parts, seal), _Signed(stamp, stamper)
    return None


def _canonical(case: _Case) -> Message | None:
    """Build both signatures again from the file's digest and the parts they protect (RFC 5652) and compare."""
    seal, stamp = case.signed()
    content = stamp.parts.content or b""
    attributes = stamp.by.attributes(TIME_STAMP_INFO, hashlib.sha256(content).digest())
    token = signed_data(stamp.by, TIME_STAMP_INFO, attributes, stamp.parts.signature, content=content)
    attributes = seal.by.attributes(DATA, case.digest)
    whole = signed_data(seal.by, DATA, attributes, seal.parts.signature, token=token)
    if case.raw != whole.ljust(len(case.raw), b"\0"):
        return message("The signature was changed: it is not made of the only bytes it can be made of.")
    return None


def _signature(case: _Case) -> Message | None:
    seal, _ = case.signed()
    right = signature_holds(seal.by.certificate, seal.parts.attributes, seal.parts.signature)
    return None if right else message("The signature is wrong.")


def _time_stamp(case: _Case) -> Message | None:
    """The time stamp's own signature, and that it was given to this signature (RFC 3161, 2.4.2)."""
    seal, stamp = case.signed()
    if not signature_holds(stamp.by.certificate, stamp.parts.attributes, stamp.parts.signature):
        return message("The time stamp is wrong.")
    info = tsp.TSTInfo.load(stamp.parts.content, strict=True)
    if info["message_imprint"]["hashed_message"].native != hashlib.sha256(seal.parts.signature).digest():
        return message("The time stamp belongs to another signature.")
    case.moment = info["gen_time"].native
    return None


def _certificates(case: _Case) -> Message | None:
    seal, stamp = case.signed()
    if not in_force(seal.by, case.time()):
        return message("The seal's certificate was not in force when the file was sealed.")
    if not in_force(stamp.by, case.time()):
        return message("The time stamp's certificate was not in force when the file was sealed.")
    return None


def _revocation(case: _Case) -> Message | None:
    """By the lists the file carries in its DSS (EN 319 142-1, 5.4.2) and the newer ones known here."""
    pdf = PdfFile.open(case.data)
    _, catalog = pdf.catalog()
    listed = catalog.partition(b"/CRLs[")[2].partition(b"]")[0]
    carried = [pdf.stream(int(number)) for number in re.findall(rb"(\d{1,8}) 0 R", listed)]
    states = {standing(each.by, carried, case.trust.revocation_lists, case.time()) for each in case.signed()}
    if Standing.REVOKED in states:
        return message("The seal's certificate had been revoked when the file was sealed.")
    if Standing.UNKNOWN in states:
        return message("The file does not carry the revocation lists that were in force when it was sealed.")
    return None


def _no_changes(case: _Case) -> Message | None:
    """DocMDP with access permission 1 (ISO 32000-1, table 254), named in the catalog's permissions (12.8.4)."""
    pdf = PdfFile.open(case.data)
    _, catalog = pdf.catalog()
    start, end = pdf.span(pdf.number(catalog, b"/Perms<</DocMDP"))
    if not start < case.start < end or NO_CHANGES not in case.data[start:end]:
        return message("The seal does not forbid later changes.")
    return None


def _last_revision(case: _Case) -> Message | None:
    pdf = PdfFile.open(case.data)
    if pdf.revisions != 2 or pdf.table_start < case.hole[1]:
        return message("The seal is not the last change of the file.")
    return None


def _second_opinion(case: _Case) -> Message | None:
    accepted = accepted_elsewhere(case.data, case.trust, case.time())
    return None if accepted else message("The independent validator does not accept the signature.")


def _claims(data: bytes) -> tuple[bytes | None, str | None]:
    """The attached data and the certificate number in it, as far as the file can be read."""
    try:
        attachment = PdfFile.open(data).attachment(ATTACHMENT.encode())
        number = json.loads(attachment or b"{}").get("number")
    except Exception:  # noqa: BLE001 - as above: whatever is wrong, there is nothing to be claimed
        return None, None
    return attachment, number if isinstance(number, str) else None


def _holder(signed: _Signed) -> str:
    subject = signed.by.certificate.subject
    names = (subject.get_attributes_for_oid(kind) for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME))
    return " ".join(str(each.value) for found in names for each in found)


CHECKS: tuple[tuple[Check, Callable[[_Case], Message | None], Message], ...] = (
    (Check.ONE_SIGNATURE, _one_signature, message("The file carries exactly one signature.")),
    (Check.COVERAGE, _coverage, message("The signature covers the whole file.")),
    (Check.HOLE, _hole, message("Nothing but the signature itself is left out of it.")),
    (Check.DIGEST, _digest, message("The content is as it was sealed.")),
    (Check.KNOWN_SEAL, _known_seal, message("The seal and the time stamp were made with certificates known here.")),
    (Check.CANONICAL, _canonical, message("The signature and the time stamp are unchanged to the last byte.")),
    (Check.SIGNATURE, _signature, message("The signature is right.")),
    (Check.TIME_STAMP, _time_stamp, message("The time stamp is right and belongs to the signature.")),
    (Check.CERTIFICATES, _certificates, message("The certificates were in force when the file was sealed.")),
    (Check.REVOCATION, _revocation, message("No certificate had been revoked when the file was sealed.")),
    (Check.NO_CHANGES, _no_changes, message("The seal forbids every later change.")),
    (Check.LAST_REVISION, _last_revision, message("Nothing was added after the seal.")),
    (Check.SECOND_OPINION, _second_opinion, message("An independent validator accepts the signature as well.")),
)
