"""The pages of a PDF file of ours: sizes, what is drawn on them, and the typefaces it is written with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jianguan.kernel.certificates.errors import CertificateError
from jianguan.kernel.certificates.pdf_file import PdfFile
from jianguan.kernel.messages import message

from .typeface import Typeface, build

MEDIA_BOX = re.compile(rb"/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)\s*\]")
REFERENCE = re.compile(rb"(\d{1,8}) 0 R")
FONT = re.compile(rb"/(f\d{1,4}) (\d{1,8}) 0 R")
WIDTHS = re.compile(rb"(\d{1,5})\s+(\d{1,5})\s+([-\d.]+)|(\d{1,5})\s*\[([^\]]*)\]")
MAPPED = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>")
SPAN = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>")


@dataclass(frozen=True)
class Page:
    """A page: width and height in points, its content stream, and its fonts (object numbers) by the names in there."""

    width: float
    height: float
    content: bytes
    fonts: dict[bytes, int]


def pages(pdf: PdfFile) -> list[Page]:
    """All pages in their order.

    Raises:
        CertificateError: the file is not built as the renderer builds it.
    """
    _, catalog = pdf.catalog()
    return [_page(pdf, dictionary) for dictionary in _leaves(pdf, pdf.number(catalog, b"/Pages"))]


def typeface(pdf: PdfFile, number: int) -> Typeface:
    """The typeface of a composite font (ISO 32000-1, 9.7) whose codes are its glyphs (Identity-H).

    Raises:
        CertificateError: the font is of another kind.
    """
    font = pdf.dictionary(number)
    if b"/Identity-H" not in font:
        raise CertificateError(message("The page cannot be made as OFD: it has a font of an unknown kind."))
    descendant = pdf.dictionary(pdf.number(font, b"/DescendantFonts"))
    descriptor = pdf.dictionary(pdf.number(descendant, b"/FontDescriptor"))
    key = b"/FontFile2" if b"/FontFile2" in descriptor else b"/FontFile3"
    name = re.search(rb"/FontName/(?:[A-Z]{6}\+)?([!-.0-~]+)", descriptor)
    assert name
    widths = dict(_widths(descendant.partition(b"/W[")[2].rpartition(b"]")[0]))
    texts = _texts(pdf.stream(pdf.number(font, b"/ToUnicode")))
    return build(name[1].decode("ascii"), pdf.stream(pdf.number(descriptor, key)), widths, texts)


def _leaves(pdf: PdfFile, number: int) -> Iterator[bytes]:
    dictionary = pdf.dictionary(number)
    if b"/Type/Pages" not in dictionary:
        yield dictionary
        return
    for child in REFERENCE.findall(dictionary.partition(b"/Kids")[2].partition(b"]")[0]):
        yield from _leaves(pdf, int(child))


def _page(pdf: PdfFile, dictionary: bytes) -> Page:
    box = MEDIA_BOX.search(dictionary)
    if not box:
        raise CertificateError(message("The page cannot be made as OFD: it has no size of its own."))
    resources = pdf.dictionary(pdf.number(dictionary, b"/Resources"))
    fonts = {name: int(number) for name, number in FONT.findall(resources)}
    return Page(float(box[1]), float(box[2]), pdf.stream(pdf.number(dictionary, b"/Contents")), fonts)


def _widths(listed: bytes) -> Iterator[tuple[int, float]]:
    """The W array (9.7.4.3): `first last width`, or `first [width …]`."""
    for first, last, width, start, several in WIDTHS.findall(listed):
        if start:
            yield from ((int(start) + offset, float(each)) for offset, each in enumerate(several.split()))
        else:
            yield from ((glyph, float(width)) for glyph in range(int(first), int(last) + 1))


def _texts(cmap: bytes) -> dict[int, str]:
    """What each glyph stands for (9.10.3)."""
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        found |= {int(code, 16): _text(text) for code, text in MAPPED.findall(block)}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, text in SPAN.findall(block):
            start = _text(text)
            for offset in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + offset] = start[:-1] + chr(ord(start[-1]) + offset)
    return found


def _text(encoded: bytes) -> str:
    return bytes.fromhex(encoded.decode("ascii")).decode("utf-16-be")
