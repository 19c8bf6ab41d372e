"""Verification of certificates for anyone 证照核验: by number, by the text or a picture of the QR code, by the file."""

from __future__ import annotations

from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jianguan.kernel.certificates import CertificateError
from jianguan.kernel.messages import Message, message
from jianguan.kernel.transparency.checkpoint import CheckpointError
from jianguan.kernel.transparency.checkpoint import verify as verify_checkpoint
from jianguan.kernel.transparency.merkle import verify_inclusion
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.service import Certificate, Verification
from jianguan.platform.errors import Refusal
from jianguan.platform.journal import service as journal
from jianguan.platform.journal.service import InclusionProof
from jianguan.platform.web.service import Check, moment_in_full, say
from jianguan.portal import face
from jianguan.portal.visitors import one_at_a_time, question, typed

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
CODE_LENGTH = 1000  # characters of a pasted QR code that are read
BEGINNINGS = (b"%PDF-", b"PK\3\4", b"\x89PNG\r\n", b"\xff\xd8\xff")
HEADLINES = MappingProxyType(
    {
        "valid": (gettext_lazy("Valid certificate"), "check"),
        "ended": (gettext_lazy("No longer valid"), "alert-triangle"),
        "unknown": (gettext_lazy("Not issued here"), "x"),
        "tampered": (gettext_lazy("Not genuine"), "x"),
    }
)
FOREIGN = message("The QR code was signed here, but for no registered edition of this certificate.")


class TooLarge(Refusal):
    """The upload is larger than any certificate."""

    status = 413


@question
@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Three ways to ask on one page; what was asked is answered on the same address, so that it stands in no log."""
    if request.method == "GET":
        return render(request, "portal/verify.html", {"limit": LARGEST // MEGABYTE})
    try:
        found = _asked(request)
    except Refusal as refusal:
        context = {"limit": LARGEST // MEGABYTE, "refusal": refusal}
        return render(request, "portal/verify.html", context, status=refusal.status)
    return _answer(request, found)


@question
@never_cache
@require_http_methods(["GET", "POST"])
def verified(request: HttpRequest, number: str) -> HttpResponse:
    """What stands behind a QR code: the certificate by its number, and by the code's proof if that is sent along."""
    text = typed(request.POST.get("code", ""), CODE_LENGTH)
    return _answer(request, certificates.by_number(number, text.rpartition("#")[2]), number)


def _asked(request: HttpRequest) -> Verification:
    upload = request.FILES.get("file")
    text = typed(request.POST.get("text", ""), CODE_LENGTH)
    if upload is None and not text:
        raise Refusal(message("Type a number, paste the text of a QR code, or choose a file."))
    if upload is None:
        return certificates.by_text(text)
    if (upload.size or 0) > LARGEST:
        raise TooLarge(message("The file is too large: at most %(limit)s MB are examined.", limit=LARGEST // MEGABYTE))
    data = upload.read()
    if not data.startswith(BEGINNINGS):
        raise Refusal(
            message("This is neither a PDF or OFD file nor a PNG or JPG picture, or its beginning is destroyed.")
        )
    try:
        with one_at_a_time():
            return certificates.by_file(data)
    except CertificateError as error:
        raise Refusal(error.says) from error


def _answer(request: HttpRequest, found: Verification, number: str = "") -> HttpResponse:
    fault = _fault(found)
    verdict, says = ("tampered", fault) if fault and not found.proof_fault else (found.verdict, found.says)
    headline, sign = HEADLINES[verdict]
    certificate = found.certificate
    context = {
        "verdict": verdict,
        "headline": headline,
        "sign": sign,
        "says": says,
        "found": found,
        "number": number or (certificate.number if certificate else ""),
        "certificate": certificate,
        "standing": face.standing(certificate, replaced=found.newer is not None) if certificate else None,
        "terms": face.terms(certificate) if certificate else [],
        "lights": _lights(found, fault),
        "findings": _findings(found),
    }
    return render(request, "portal/verified.html", context)


def _fault(found: Verification) -> Message | None:
    """Why the QR code does not stand for the certificate."""
    if found.proof and found.certificate and not found.proof.matches(_digest(found.certificate)):
        return FOREIGN
    return found.proof_fault


def _digest(certificate: Certificate) -> bytes:
    return bytes.fromhex(certificate.content_digest)


def _findings(found: Verification) -> list[Check]:
    """Everything that was examined of the seal."""
    findings = found.report.findings if found.report else ()
    return [Check("passed" if one.passed else "failed", say(one.message)) for one in findings]


def _lights(found: Verification, fault: Message | None) -> list[Check]:
    """Told apart: is it the one registered, is the seal good, is it valid now."""
    return [_register(found, fault), _seal(found), _status(found)]


def _register(found: Verification, fault: Message | None) -> Check:
    certificate, report = found.certificate, found.report
    if fault:
        return Check("failed", _("The QR code is not that of the registered certificate."), say(fault))
    if report:
        digest = f"SHA-256 {report.file_digest}"
        if certificate:
            return Check("passed", _("It is the registered file, byte for byte."), digest)
        return Check("failed", _("The register does not have this file."), digest)
    if certificate is None:
        return Check("failed", _("The register does not have this number."))
    edition = _("edition %(edition)s, issued by %(issuer)s") % {
        "edition": f"{certificate.edition:03d}", "issuer": certificate.issuer_name,
    }  # fmt: skip
    if found.proof:
        return Check("passed", _("The QR code is that of the registered certificate."), edition)
    return Check("passed", _("The number stands in the register."), edition)


def _seal(found: Verification) -> Check:
    report = found.report
    if report is None:
        return Check("waiting", _("The seal was not examined."), _("It can be examined in the file: upload it."))
    if not report.intact:
        wrong = next(finding for finding in report.findings if not finding.passed)
        return Check("failed", _("Seal, time stamp or content are not good."), say(wrong.message))
    made = f"{report.sealed_by} · {moment_in_full(report.sealed_at)}"
    if not report.time_stamped:
        return Check("passed", _("Seal and every byte of the file are good."), made)
    return Check("passed", _("Seal, time stamp and every byte of the file are good."), made)


def _status(found: Verification) -> Check:
    certificate = found.certificate
    if certificate is None:
        return Check("waiting", _("Nothing is known of a status."))
    status, tone = face.standing(certificate, replaced=found.newer is not None)
    rule = _("State now: %(status)s") % {"status": status}
    inclusion = found.inclusion
    if inclusion is None:
        return Check("remark", rule, _("The issue waits for its place in the transparency log."))
    if not holds(inclusion):
        return Check("failed", rule, _("The proof that the issue stands in the transparency log is wrong."))
    logged = _(
        "The issue is entry %(position)s of %(size)s in the transparency log; proof and signed head were checked."
    )
    evidence = logged % {"position": inclusion.position, "size": inclusion.head.size}
    return Check("passed" if tone == "green" else "failed", rule, evidence)


def holds(inclusion: InclusionProof) -> bool:
    """Whether the proof leads to the root of its head, and that head is signed with the key of the log."""
    head, hashes = inclusion.head, inclusion.hashes
    try:
        signed = verify_checkpoint(head.checkpoint, journal.verifier_key())
    except CheckpointError:
        return False
    return verify_inclusion(inclusion.leaf, inclusion.position, signed.size, hashes, signed.root)
