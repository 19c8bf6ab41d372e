"""A certificate as OFD (GB/T 33190-2016) from the PDF page it was rendered as: the same glyphs, lines and places.

Text is text, with the typefaces embedded; the machine-readable data is attached as it is to the PDF file. The same page
gives the same bytes.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from jianguan.kernel.certificates.errors import CertificateError
from jianguan.kernel.certificates.pdf_file import PdfFile
from jianguan.kernel.certificates.rendering import ATTACHMENT
from jianguan.kernel.messages import message
from jianguan.kernel.national.sm2 import sm3

from .drawing import Drawing
from .geometry import MM
from .pdf_pages import Page, pages, typeface
from .typeface import Typeface

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
DOCUMENT = "Doc_0/Document.xml"
RESOURCES = "Doc_0/PublicRes.xml"
ATTACHMENTS = "Doc_0/Attachs/Attachments.xml"
ATTACHED = f"Doc_0/Attachs/{ATTACHMENT}"
SIGNATURES = "Doc_0/Signs/Signatures.xml"
ENTRY = "OFD.xml"
INFO = {"Title": b"/Title<FEFF", "Author": b"/Author<FEFF"}
CREATED = re.compile(rb"/CreationDate\(D:(\d{14})Z")
CHINA = timedelta(hours=8)  # ahead of UTC
FIRST_PAGE = 1  # the ID of the first page


def from_pdf(pdf: bytes) -> dict[str, bytes]:
    """The files of the OFD document of a page of ours that is not sealed yet, by their names in the package.

    Raises:
        CertificateError: the page uses something that has no counterpart here, or is not a page of ours.
    """
    try:
        return _files(PdfFile.open(pdf), pdf)
    except (AssertionError, LookupError, ValueError, struct.error) as error:
        if isinstance(error, CertificateError):
            raise
        raise CertificateError(message("The page cannot be made as OFD: it is not one of ours.")) from error


def _files(file: PdfFile, pdf: bytes) -> dict[str, bytes]:
    found = pages(file)
    attached = file.attachment(ATTACHMENT.encode())
    if attached is None:
        raise CertificateError(message("The page carries no machine-readable data."))
    ids = count(FIRST_PAGE + len(found))
    numbers = dict.fromkeys(number for page in found for number in page.fonts.values())
    typefaces = {number: (next(ids), typeface(file, number)) for number in numbers}
    contents = [_content(page, typefaces, ids) for page in found]
    files = {
        ENTRY: _entry(file, pdf),
        DOCUMENT: _document(found, next(ids)),
        RESOURCES: _resources(list(typefaces.values())),
    }
    files |= {f"Doc_0/Res/{_font_file(*each)}": each[1].file for each in typefaces.values()}
    files |= {f"Doc_0/Pages/Page_{number}/Content.xml": content for number, content in enumerate(contents)}
    return {**files, ATTACHMENTS: _attachments(attached, _date(file)), ATTACHED: attached}


def xml(root: str, content: str, attributes: str = "") -> bytes:
    """A whole XML file."""
    return f"{HEAD}<ofd:{root} {NAMESPACE}{attributes}>{content}</ofd:{root}>".encode()


def moment(at: datetime) -> str:
    """A moment as signatures carry it."""
    return at.strftime("%Y%m%d%H%M%SZ")


def _entry(file: PdfFile, pdf: bytes) -> bytes:
    """OFD.xml (7.4); the document's identifier follows from the page it is made of."""
    info = file.dictionary(file.number(file.trailer, b"/Info"))
    date = _date(file)
    texts = "".join(f"<ofd:{name}>{escape(_text(info, key))}</ofd:{name}>" for name, key in INFO.items())
    about = (
        f"<ofd:DocInfo><ofd:DocID>{sm3(pdf).hex()[:32]}</ofd:DocID>{texts}<ofd:CreationDate>{date}</ofd:CreationDate>"
        f"<ofd:ModDate>{date}</ofd:ModDate><ofd:DocUsage>EDocument</ofd:DocUsage>"
        "<ofd:Creator>Jianguan</ofd:Creator></ofd:DocInfo>"
    )
    body = f"{about}<ofd:DocRoot>/{DOCUMENT}</ofd:DocRoot><ofd:Signatures>/{SIGNATURES}</ofd:Signatures>"
    return xml("OFD", f"<ofd:DocBody>{body}</ofd:DocBody>", ' Version="1.0" DocType="OFD"')


def _document(found: list[Page], last: int) -> bytes:
    """Document.xml (7.5)."""
    listed = "".join(
        f'<ofd:Page ID="{FIRST_PAGE + number}" BaseLoc="/Doc_0/Pages/Page_{number}/Content.xml"/>'
        for number in range(len(found))
    )
    return xml(
        "Document",
        f"<ofd:CommonData><ofd:MaxUnitID>{last}</ofd:MaxUnitID>{_area('PageArea', found[0])}"
        f"<ofd:PublicRes>/{RESOURCES}</ofd:PublicRes></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>"
        f"<ofd:Attachments>/{ATTACHMENTS}</ofd:Attachments>",
    )


def _area(name: str, page: Page) -> str:
    box = f"0 0 {round(page.width * MM, 2):g} {round(page.height * MM, 2):g}"
    return f"<ofd:{name}><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:{name}>"


def _resources(typefaces: list[tuple[int, Typeface]]) -> bytes:
    """PublicRes.xml (7.9)."""
    fonts = "".join(
        f'<ofd:Font ID="{number}" FontName={quoteattr(face.name)} FamilyName={quoteattr(face.name)}>'
        f"<ofd:FontFile>{_font_file(number, face)}</ofd:FontFile></ofd:Font>"
        for number, face in typefaces
    )
    return xml("Res", f"<ofd:Fonts>{fonts}</ofd:Fonts>", ' BaseLoc="Res"')


def _font_file(number: int, face: Typeface) -> str:
    return f"font_{number}.{face.extension}"


def _attachments(attached: bytes, date: str) -> bytes:
    """Attachments.xml (20); sizes in kilobytes."""
    about = (
        f'ID="data" Name="{ATTACHMENT}" Format="json" CreationDate="{date}T00:00:00" Size="{len(attached) / 1024:.3f}"'
    )
    return xml("Attachments", f"<ofd:Attachment {about}><ofd:FileLoc>/{ATTACHED}</ofd:FileLoc></ofd:Attachment>")


def _content(page: Page, typefaces: Mapping[int, tuple[int, Typeface]], ids: count[int]) -> bytes:
    """Content.xml of a page (7.7)."""
    layer = next(ids)
    named = {name: typefaces[number] for name, number in page.fonts.items()}
    objects = "".join(Drawing(page, named, lambda: next(ids)).run())
    drawn = f'<ofd:Content><ofd:Layer ID="{layer}" Type="Body">{objects}</ofd:Layer></ofd:Content>'
    return xml("Page", _area("Area", page) + drawn)


def _text(info: bytes, key: bytes) -> str:
    return bytes.fromhex(info.partition(key)[2].partition(b">")[0].decode("ascii")).decode("utf-16-be")


def _date(file: PdfFile) -> str:
    """The day the page was made, in China."""
    found = CREATED.search(file.dictionary(file.number(file.trailer, b"/Info")))
    assert found
    return f"{datetime.strptime(found[1].decode('ascii') + '+0000', '%Y%m%d%H%M%S%z') + CHINA:%Y-%m-%d}"
