"""Strict verification of a sealed OFD file: every byte of it is signed or can be built again from what is.

A reader that verifies checks the files a signature lists; here the signature must list every file, the package must be
the only one these files make, and the signature the only one its parts make. The first failure ends the examination.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from jianguan.kernel.certificates.errors import CertificateError
from jianguan.kernel.certificates.verification import Finding, SealReport
from jianguan.kernel.messages import Message, message
from jianguan.kernel.national.authority import NationalTrust, public_key_of
from jianguan.kernel.national.seal import ElectronicSeal, SealSignature
from jianguan.kernel.national.sm2 import sm3

from .document import ATTACHED, SIGNATURES
from .package import unpack
from .sealing import LIST, SEAL, SIGNATURE, VALUE, signature_xml

REFERENCE = re.compile(
    rb'<ofd:Reference FileRef="/([!-~]{1,200}?)"><ofd:CheckValue>([A-Za-z0-9+/=]{44})</ofd:CheckValue></ofd:Reference>'
)
SHOWN = re.compile(rb'<ofd:StampAnnot ID="s001" PageRef="1" Boundary="([-0-9. ]{1,60})"/>')
UNSIGNED = {SIGNATURE, VALUE}


class OfdCheck(StrEnum):
    """What is examined, in this order."""

    PACKAGE = "package"
    ONE_SIGNATURE = "one_signature"
    COVERAGE = "coverage"
    DIGEST = "digest"
    CANONICAL = "canonical"
    KNOWN_SEAL = "known_seal"
    SIGNATURE = "signature"
    SEAL = "seal"
    CERTIFICATES = "certificates"


def verify_ofd(data: bytes, trust: NationalTrust) -> SealReport:
    """Examine a file; never raises, whatever the bytes are."""
    case = _Case(data, trust)
    findings: list[Finding] = []
    for check, examine, passed in CHECKS:
        try:
            failure = examine(case)
        except CertificateError as error:
            failure = error.says
        except Exception:  # noqa: BLE001 - hostile bytes fail in ways nobody lists; all of them mean the same
            failure = message("The file is damaged: this part of it cannot be read.")
        findings.append(Finding(check, failure is None, failure or passed))
        if failure is not None:
            break
    signed = case.signed
    return SealReport(
        findings=tuple(findings),
        intact=len(findings) == len(CHECKS) and findings[-1].passed,
        file_digest=hashlib.sha256(data).hexdigest(),
        sealed_at=signed.sealed_at if signed else None,
        sealed_by=_holder(case) if signed else None,
        data=case.files.get(ATTACHED),
        number=_number(case.files.get(ATTACHED)),
        time_stamped=False,
    )


@dataclass
class _Case:
    """A file under examination; it has state because each check leaves to the next what it found."""

    data: bytes
    trust: NationalTrust
    files: dict[str, bytes] = field(default_factory=dict)
    signed: SealSignature | None = None

    def signature(self) -> SealSignature:
        assert self.signed
        return self.signed


def _package(case: _Case) -> None:
    case.files = unpack(case.data)


def _one_signature(case: _Case) -> Message | None:
    if SIGNATURES not in case.files:
        return message("The file carries no seal.")
    if case.files[SIGNATURES] != LIST or not {SEAL, SIGNATURE, VALUE} <= case.files.keys():
        return message("The file does not carry exactly one seal, as a certificate does.")
    return None


def _coverage(case: _Case) -> Message | None:
    listed = [name.decode("ascii") for name, _ in REFERENCE.findall(case.files[SIGNATURE])]
    there = [name for name in case.files if name not in UNSIGNED]
    if added := [name for name in there if name not in listed]:
        return message("The package holds a file the seal does not cover: %(name)s.", name=added[0])
    if missing := [name for name in listed if name not in there]:
        return message("A file the seal covers is missing: %(name)s.", name=missing[0])
    return None


def _digest(case: _Case) -> Message | None:
    for name, digest in REFERENCE.findall(case.files[SIGNATURE]):
        if base64.b64decode(digest) != sm3(case.files[name.decode("ascii")]):
            return message("The content was changed after the file was sealed: %(name)s.", name=name.decode("ascii"))
    return None


def _canonical(case: _Case) -> Message | None:
    """Both parts of the signature, built again from what they say."""
    wrong = message("The signature was changed: it is not made of the only bytes it can be made of.")
    try:
        case.signed = SealSignature.load(case.files[VALUE])
    except (ValueError, TypeError, KeyError):
        return wrong
    shown = SHOWN.search(case.files[SIGNATURE])
    covered = {name: content for name, content in case.files.items() if name not in UNSIGNED}
    if not shown or signature_xml(covered, case.signed.sealed_at, shown[1].decode("ascii")) != case.files[SIGNATURE]:
        return wrong
    return None


def _known_seal(case: _Case) -> Message | None:
    signed = case.signature()
    if signed.signer not in case.trust.signers:
        return message("The seal was made with a certificate that is not known here.")
    if signed.seal.maker not in case.trust.makers:
        return message("The electronic seal was made by someone who is not known here.")
    return None


def _signature(case: _Case) -> Message | None:
    signed = case.signature()
    if signed.digest != sm3(case.files[SIGNATURE]) or signed.location != f"/{SIGNATURE}":
        return message("The signature belongs to another document.")
    key = public_key_of(case.trust.signers[signed.signer])
    return None if key.verify(signed.signature, signed.covered) else message("The signature is wrong.")


def _seal(case: _Case) -> Message | None:
    signed = case.signature()
    seal = signed.seal
    if case.files[SEAL] != seal.raw:
        return message("The seal shown is not the one that was stamped.")
    if not public_key_of(case.trust.makers[seal.maker]).verify(seal.signature, seal.covered):
        return message("The electronic seal was changed after it was made.")
    if signed.signer not in seal.signers:
        return message("Whoever signed may not use this seal.")
    if not seal.valid[0] <= signed.sealed_at <= seal.valid[1]:
        return message("The electronic seal was not in force when the file was sealed.")
    return None


def _certificates(case: _Case) -> Message | None:
    signed, trust = case.signature(), case.trust
    if not trust.in_force(trust.signers[signed.signer], signed.sealed_at):
        return message("The seal's certificate was not in force when the file was sealed, or had been revoked.")
    if not trust.in_force(trust.makers[signed.seal.maker], signed.seal.valid[0]):
        return message("The certificate of the maker of the seal was not in force when the seal was made.")
    return None


def _number(data: bytes | None) -> str | None:
    """The number in the attached data, as far as it can be read."""
    try:
        number = json.loads(data or b"{}").get("number")
    except (ValueError, AttributeError):
        return None
    return number if isinstance(number, str) else None


def _holder(case: _Case) -> str | None:
    certificate = case.trust.signers.get(case.signature().signer)
    if certificate is None:
        return None
    subject = certificate.subject.native
    return f"{subject['organization_name']} {subject['common_name']}"


def shown_seal(data: bytes) -> tuple[str, ElectronicSeal]:
    """Where a sealed file shows its seal (mm), and the seal; raises CertificateError or ValueError for other bytes."""
    files = unpack(data)
    found = SHOWN.search(files.get(SIGNATURE, b""))
    if not found:
        raise CertificateError(message("The file carries no seal."))
    return found[1].decode("ascii"), ElectronicSeal.load(files[SEAL])


CHECKS: tuple[tuple[OfdCheck, Callable[[_Case], Message | None], Message], ...] = (
    (OfdCheck.PACKAGE, _package, message("The package is complete and unchanged to the last byte.")),
    (OfdCheck.ONE_SIGNATURE, _one_signature, message("The file carries exactly one seal.")),
    (OfdCheck.COVERAGE, _coverage, message("The seal covers every file of the package.")),
    (OfdCheck.DIGEST, _digest, message("The content is as it was sealed.")),
    (OfdCheck.CANONICAL, _canonical, message("The signature is unchanged to the last byte.")),
    (OfdCheck.KNOWN_SEAL, _known_seal, message("The seal and its maker are known here.")),
    (OfdCheck.SIGNATURE, _signature, message("The SM2 signature is right.")),
    (OfdCheck.SEAL, _seal, message("The electronic seal is genuine, and its signer may use it.")),
    (OfdCheck.CERTIFICATES, _certificates, message("The certificates were in force when the file was sealed.")),
)
