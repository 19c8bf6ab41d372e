"""Sealing OFD documents (GB/T 33190, 18) with electronic seals of GB/T 38540: one signature over every file.

Unlike a PDF certificate it carries no time stamp of a third party: the moment is the signer's, the journal has its own.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from jianguan.kernel.certificates.errors import CertificateError
from jianguan.kernel.certificates.rendering import SealPlace
from jianguan.kernel.messages import message
from jianguan.kernel.national.authority import SM2_WITH_SM3, SM3_DIGEST, NationalIdentity
from jianguan.kernel.national.seal import ElectronicSeal, sign_with_seal
from jianguan.kernel.national.sm2 import sm3

from .document import FIRST_PAGE, SIGNATURES, from_pdf, moment, xml
from .package import pack

FOLDER = "Doc_0/Signs/Sign_0"
SEAL, SIGNATURE, VALUE = f"{FOLDER}/Seal.esl", f"{FOLDER}/Signature.xml", f"{FOLDER}/SignedValue.dat"
SIGNATURE_ID = "s001"
LIST = xml(
    "Signatures",
    f"<ofd:MaxSignId>{SIGNATURE_ID}</ofd:MaxSignId>"
    f'<ofd:Signature ID="{SIGNATURE_ID}" Type="Seal" BaseLoc="/{SIGNATURE}"/>',
)


@dataclass(frozen=True)
class LocalOfdSeal:
    """A seal whose SM2 key is behind `signer`; makes OFD files of the pages other seals make PDF files of."""

    signer: NationalIdentity
    electronic_seal: bytes
    clock: Callable[[], datetime]

    def seal(self, pdf: bytes, place: SealPlace) -> bytes:
        """The page as a sealed OFD file.

        Raises:
            CertificateError: the page cannot be made as OFD, or the seal is not in force.
        """
        at = self.clock().astimezone(UTC).replace(microsecond=0)
        start, end = self._in_force
        if not start <= at <= end:
            raise CertificateError(
                message("The seal certificate is valid from %(start)s to %(end)s only.", start=start, end=end)
            )
        files = {**from_pdf(pdf), SIGNATURES: LIST, SEAL: self.electronic_seal}
        signed = signature_xml(files, at, boundary(place))
        value = sign_with_seal(self.signer, self.electronic_seal, at=at, digest=sm3(signed), location=f"/{SIGNATURE}")
        return pack({**files, SIGNATURE: signed, VALUE: value})

    @cached_property
    def _in_force(self) -> tuple[datetime, datetime]:
        """From when until when both the seal and the signer's certificate hold."""
        seal, certificate = ElectronicSeal.load(self.electronic_seal), self.signer.certificate
        return max(seal.valid[0], certificate.not_valid_before), min(seal.valid[1], certificate.not_valid_after)


def boundary(place: SealPlace) -> str:
    """Where a seal is shown, in mm."""
    reach = place.diameter / 2
    return f"{place.x - reach:.2f} {place.y - reach:.2f} {place.diameter:g} {place.diameter:g}"


def signature_xml(files: Mapping[str, bytes], at: datetime, shown: str) -> bytes:
    """Signature.xml: what is signed (18.2), with a digest of every other file of the package."""
    references = "".join(
        f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>{base64.b64encode(sm3(content)).decode()}</ofd:CheckValue></ofd:Reference>'
        for name, content in files.items()
    )
    info = (
        '<ofd:Provider ProviderName="Jianguan" Version="1.0" Company="Jianguan"/>'
        f"<ofd:SignatureMethod>{SM2_WITH_SM3}</ofd:SignatureMethod>"
        f"<ofd:SignatureDateTime>{moment(at)}</ofd:SignatureDateTime>"
        f'<ofd:References CheckMethod="{SM3_DIGEST}">{references}</ofd:References>'
        f'<ofd:StampAnnot ID="{SIGNATURE_ID}" PageRef="{FIRST_PAGE}" Boundary="{shown}"/>'
        f"<ofd:Seal><ofd:BaseLoc>/{SEAL}</ofd:BaseLoc></ofd:Seal>"
    )
    return xml("Signature", f"<ofd:SignedInfo>{info}</ofd:SignedInfo><ofd:SignedValue>/{VALUE}</ofd:SignedValue>")
