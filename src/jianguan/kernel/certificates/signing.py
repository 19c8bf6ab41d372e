"""Sealing: one incremental revision with a PAdES baseline B-LT signature (ETSI EN 319 142-1) and a visible seal.

The revision holds the signature (ISO 32000-1, 12.8), its DocMDP transform that forbids every later change (12.8.2.2),
the seal as its appearance, a time stamp over it (RFC 3161), and the certificates and revocation lists to check it with
(DSS, EN 319 142-1, 5.4.2). Why not pyHanko: docs/adr/0006-signing-pdf.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from jianguan.kernel.messages import message

from .authority import Identity
from .cms import DATA, Signatory, sign, signed_data
from .errors import CertificateError
from .keys import longest_signature
from .pdf_file import PdfFile
from .rendering import SealPlace
from .seal_picture import SIZE, SealPicture
from .timestamps import TimeStamper, now

POINTS_PER_MM = 72 / 25.4
BLANK = b"@" * 10
OURS = (b"/AcroForm", b"/Perms", b"/Extensions", b"/DSS")
MEDIA_BOX = re.compile(rb"/MediaBox\[0 0 [0-9.]{1,12} ([0-9.]{1,12})\].*>>\Z", re.DOTALL)


class SealProvider(Protocol):
    """Whoever stamps the seal: keys here, or a province's seal platform."""

    def seal(self, pdf: bytes, place: SealPlace) -> bytes:
        """The sealed file in the provider's format (`LocalSeal` makes PDF), with the seal's picture stamped at `place`.

        Raises:
            CertificateError: the file cannot be sealed, or the seal may not be used now.
        """
        ...


class NullSeal:
    """No seal is configured: every attempt is refused, so that nothing unsealed is taken for a certificate."""

    def seal(self, pdf: bytes, place: SealPlace) -> bytes:  # noqa: ARG002 - the port's signature
        """Refuse."""
        raise CertificateError(
            message("No seal is configured, therefore no certificate can be issued. Please set one up first.")
        )


@dataclass(frozen=True)
class LocalSeal:
    """A seal whose key is on this machine. What is the same in every file is prepared once."""

    identity: Identity
    picture: SealPicture
    stamper: TimeStamper
    revocation_lists: tuple[bytes, ...]
    reason: str = "电子证照签发"
    clock: Callable[[], datetime] = now

    def seal(self, pdf: bytes, place: SealPlace) -> bytes:
        """Seal the file; refused while the certificate or a revocation list is not in force."""
        moment = self.clock()
        self._check_in_force(moment)
        return _Revision(PdfFile.open(pdf), self, moment).write(place)

    @cached_property
    def signatory(self) -> Signatory:
        """What of the seal's certificate stands in every signature."""
        return self.identity.signatory()

    @cached_property
    def room(self) -> int:
        """The bytes the longest signature takes."""
        attributes, token = self.signatory.attributes(DATA, bytes(32)), bytes(self.stamper.size)
        return len(
            signed_data(self.signatory, DATA, attributes, bytes(longest_signature(self.identity.key)), token=token)
        )

    @cached_property
    def evidence(self) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        """The certificates and the revocation lists a verifier needs, each as a stream object's text."""
        all_of_them = (self.identity.certificate, *self.identity.issuers, *self.stamper.certificates)
        certificates = dict.fromkeys(each.public_bytes(Encoding.DER) for each in all_of_them)
        return tuple(map(_stream, certificates)), tuple(map(_stream, self.revocation_lists))

    @cached_property
    def _in_force(self) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
        lists = [x509.load_der_x509_crl(each) for each in self.revocation_lists]
        if not lists:
            raise CertificateError(
                message("The seal cannot be used: there is no revocation list to put into the file.")
            )
        certificate = self.identity.certificate
        ends = [each.next_update_utc or each.last_update_utc for each in lists]
        return (
            (certificate.not_valid_before_utc, certificate.not_valid_after_utc),
            (max(each.last_update_utc for each in lists), min(ends)),
        )

    def _check_in_force(self, moment: datetime) -> None:
        certificate, lists = self._in_force
        if not certificate[0] <= moment <= certificate[1]:
            raise CertificateError(
                message(
                    "The seal certificate is valid from %(start)s to %(end)s only.",
                    start=certificate[0],
                    end=certificate[1],
                )
            )
        if not lists[0] <= moment <= lists[1]:
            raise CertificateError(
                message("The revocation lists are valid from %(start)s to %(end)s only.", start=lists[0], end=lists[1])
            )


class _Revision:
    """One incremental update (ISO 32000-1, 7.5.6) being written; it has state because offsets are known only then."""

    def __init__(self, base: PdfFile, seal: LocalSeal, moment: datetime) -> None:
        self.base, self.setting, self.moment = base, seal, moment
        self.size = base.number(base.trailer, b"/Size")
        self.objects: dict[int, bytes] = {}

    def write(self, place: SealPlace) -> bytes:
        signature = self._add_signature()
        self._add_field(signature, place)
        out = bytearray(self.base.data)
        if not out.endswith(b"\n"):
            out += b"\n"
        offsets = {}
        for number, text in sorted(self.objects.items()):
            offsets[number] = len(out)
            out += b"%d 0 obj\n%b\nendobj\n" % (number, text)
        self._write_table(out, offsets)
        self._sign(out, offsets[signature])
        return bytes(out)

    def _new(self, text: bytes) -> int:
        number = self.size
        self.objects[number], self.size = text, number + 1
        return number

    def _add_signature(self) -> int:
        """The signature dictionary (table 252) with room for the digest ranges and the signature."""
        seal = self.setting
        return self._new(
            b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:%b)/Name%b/Reason%b"
            b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]"
            b"/ByteRange[0 %b %b %b]/Contents <%b>>>"
            % (
                self.moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode(),
                _text(seal.picture.organisation),
                _text(seal.reason),
                *(BLANK, BLANK, BLANK),
                b"0" * (2 * seal.room),
            )
        )

    def _add_field(self, signature: int, place: SealPlace) -> None:
        """The signature field with the seal as its appearance, and the changed page and catalog."""
        appearance = self._new(
            b"<</Type/XObject/Subtype/Form/BBox[0 0 %d %d]/Resources<</ExtGState<</G<</Type/ExtGState/ca .92/CA .92"
            b"/BM/Multiply>>>>>>/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream"
            % (SIZE, SIZE, len(self.setting.picture.pdf), self.setting.picture.pdf)
        )
        root, catalog = self.base.catalog()
        page_number = self.base.number(self.base.dictionary(self.base.number(catalog, b"/Pages")), b"/Kids")
        page = self.base.dictionary(page_number)
        media = MEDIA_BOX.search(page)
        if not media or b"/Annots" in page or not catalog.endswith(b">>") or any(key in catalog for key in OURS):
            raise CertificateError(
                message("The PDF file is not a fresh page of ours: it has forms, notes or an earlier signature.")
            )
        # 132: printed and locked (12.5.3)
        field = self._new(
            b"<</Type/Annot/Subtype/Widget/FT/Sig/F 132/T(Seal1)/V %d 0 R/P %d 0 R/Rect[%b]/AP<</N %d 0 R>>>>"
            % (signature, page_number, _rectangle(place, float(media[1])), appearance)
        )
        certificates, lists = ([self._new(text) for text in texts] for texts in self.setting.evidence)
        self.objects[page_number] = page[:-2] + b"/Annots[%d 0 R]>>" % field
        self.objects[root] = catalog[:-2] + (
            b"/AcroForm<</Fields[%d 0 R]/SigFlags 3>>/Perms<</DocMDP %d 0 R>>"
            b"/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>/DSS<</Type/DSS/Certs[%b]/CRLs[%b]>>>>"
            % (field, signature, _references(certificates), _references(lists))
        )

    def _write_table(self, out: bytearray, offsets: dict[int, int]) -> None:
        """Cross-reference entries in runs (7.5.4) and the trailer that leads to the base."""
        start = len(out)
        out += b"xref\n"
        numbers = sorted(offsets)
        for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
            members = [number for _, number in run]
            out += b"%d %d\n" % (members[0], len(members))
            out += b"".join(b"%010d 00000 n \n" % offsets[number] for number in members)
        size = b"/Size %d" % self.base.number(self.base.trailer, b"/Size")
        if size not in self.base.trailer:
            raise CertificateError(message("The PDF file is not built as expected: its trailer is missing."))
        trailer = self.base.trailer.replace(size, b"/Size %d" % self.size)
        out += b"trailer\n<<%b/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, self.base.table_start, start)

    def _sign(self, out: bytearray, at: int) -> None:
        """Fill in the ranges, digest all but the hole between them, and put the signature into the hole (12.8.1)."""
        seal = self.setting
        ranges = out.index(BLANK, at)
        hole = out.index(b"/Contents <", ranges) + len(b"/Contents ")
        end = hole + 2 + 2 * seal.room
        out[ranges : ranges + 32] = b"%-10d %-10d %-10d" % (hole, end, len(out) - end)
        with memoryview(out) as view:
            digest = hashlib.sha256(view[:hole])
            digest.update(view[end:])
        attributes = seal.signatory.attributes(DATA, digest.digest())
        signature = sign(seal.identity.key, attributes)
        token = seal.stamper.stamp(hashlib.sha256(signature).digest())
        filled = signed_data(seal.signatory, DATA, attributes, signature, token=token).hex().encode()
        if len(filled) > 2 * seal.room:
            raise CertificateError(message("The time stamp is larger than announced; the certificate was not sealed."))
        out[hole + 1 : hole + 1 + len(filled)] = filled


def _text(value: str) -> bytes:
    """A text string as UTF-16BE with its mark, in hexadecimal (7.9.2.2)."""
    return b"<FEFF%b>" % value.encode("utf-16-be").hex().upper().encode()


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>\nstream\n%b\nendstream" % (len(content), content)


def _references(numbers: list[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _rectangle(place: SealPlace, page_height: float) -> bytes:
    """The place in default user space, from the lower left corner; `page_height` in points, as all of it."""
    x, y = place.x * POINTS_PER_MM, page_height - place.y * POINTS_PER_MM
    reach = place.diameter * POINTS_PER_MM / 2
    return b"%.2f %.2f %.2f %.2f" % (x - reach, y - reach, x + reach, y + reach)
