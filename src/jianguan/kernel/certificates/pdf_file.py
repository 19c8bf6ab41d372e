"""PDF files with a classic cross-reference table (ISO 32000-1, 7.5.4), the only kind that is sealed here."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from jianguan.kernel.messages import Message, message

from .errors import CertificateError

TAIL = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*\Z")
PART = re.compile(rb"(\d{1,8}) (\d{1,8})[ \r]?\n")
TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\b", re.DOTALL)
ENTRY = re.compile(rb"(\d{10}) 00000 n[ \r]\n")
HEAD = re.compile(rb"\s{0,8}(\d{1,8}) 0 obj")
LARGEST = 16 * 2**20
MOST_REVISIONS = 16


@dataclass(frozen=True, slots=True)
class Part:
    """A run of entries of a cross-reference table: where they begin, and which objects they tell of."""

    start: int
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A file opened from its end: table parts, newest revision first, and the newest trailer."""

    data: bytes
    table_start: int
    parts: tuple[Part, ...]
    revisions: int
    trailer: bytes

    @classmethod
    def open(cls, data: bytes) -> PdfFile:
        """Follow the tables from the end of the file.

        Raises:
            CertificateError: it is not a PDF file, or one with compressed tables or encryption.
        """
        tail = TAIL.search(data, max(0, len(data) - 64))
        if not data.startswith(b"%PDF-1.") or not tail:
            raise CertificateError(message("The file is not a complete PDF file."))
        newest = at = int(tail[1])
        parts: list[Part] = []
        trailers: list[bytes] = []
        while len(trailers) < MOST_REVISIONS:
            found, trailer = _table(data, at)
            parts += found
            trailers.append(trailer)
            earlier = re.search(rb"/Prev\s+(\d{1,10})\b", trailer)
            if not earlier:
                break
            at = int(earlier[1])
        if b"/Encrypt" in trailers[0]:
            raise CertificateError(message("The PDF file is encrypted; expected is an open one."))
        return cls(data, newest, tuple(parts), len(trailers), trailers[0])

    def number(self, dictionary: bytes, key: bytes) -> int:
        """The object number (or plain number) an entry of a dictionary names; of an array, the first."""
        found = re.search(re.escape(key) + rb"(?![0-9A-Za-z])\s{0,4}\[?\s{0,4}(\d{1,8})\b", dictionary)
        if not found:
            raise _unexpected(message("%(key)s is missing", key=key.decode()))
        return int(found[1])

    def dictionary(self, number: int) -> bytes:
        """The text of an object up to `endobj` or its stream."""
        start, end = self.span(number)
        return self.data[start:end].strip()

    def stream(self, number: int) -> bytes:
        """The bytes of a stream object, inflated where it is compressed, at most 16 MB."""
        start, end = self.span(number)
        dictionary = self.data[start:end]
        begin = end + (8 if self.data.startswith(b"stream\r\n", end) else 7)
        raw = self.data[begin : begin + self.number(dictionary, b"/Length")]
        if b"/FlateDecode" not in dictionary:
            return raw
        try:
            return zlib.decompressobj().decompress(raw, LARGEST)
        except zlib.error as error:
            raise _unexpected(message("stream %(number)d is damaged", number=number)) from error

    def catalog(self) -> tuple[int, bytes]:
        """The number and the text of the document catalog (7.7.2)."""
        number = self.number(self.trailer, b"/Root")
        return number, self.dictionary(number)

    def attachment(self, name: bytes) -> bytes | None:
        """An embedded file listed under `name` in the catalog's name tree (7.11.4)."""
        _, catalog = self.catalog()
        listed = re.match(
            rb"\s{0,4}(\d{1,8}) 0 R", catalog.partition(b"/EmbeddedFiles")[2].partition(b"(%b)" % name)[2]
        )
        if not listed:
            return None
        specification = self.dictionary(int(listed[1]))
        return self.stream(self.number(specification.partition(b"/EF")[2], b"/F"))

    def span(self, number: int) -> tuple[int, int]:
        """Where the text of an object begins and where its stream or its end comes."""
        head = HEAD.match(self.data, self._offset(number))
        if not head or int(head[1]) != number:
            raise _unexpected(message("object %(number)d is not where the table says", number=number))
        end = self.data.find(b"endobj", head.end())
        stream = self.data.find(b"stream", head.end(), max(end, 0))
        if end < 0:
            raise _unexpected(message("object %(number)d does not end", number=number))
        return head.end(), end if stream < 0 else stream

    def _offset(self, number: int) -> int:
        for part in self.parts:
            if part.first <= number < part.first + part.count:
                entry = ENTRY.match(self.data, part.start + 20 * (number - part.first))
                if entry:
                    return int(entry[1])
                break
        raise _unexpected(message("object %(number)d is missing", number=number))


def _table(data: bytes, at: int) -> tuple[list[Part], bytes]:
    if not data.startswith(b"xref", at):
        raise CertificateError(
            message(
                "The PDF file has a compressed cross-reference table; expected is the classic one our pages are made with."
            )
        )
    parts, at = [], at + 5
    while found := PART.match(data, at):
        parts.append(Part(found.end(), int(found[1]), int(found[2])))
        at = found.end() + 20 * int(found[2])
    trailer = TRAILER.match(data, at)
    if not trailer:
        raise _unexpected(message("its trailer is missing"))
    return parts, trailer[1]


def _unexpected(detail: Message) -> CertificateError:
    return CertificateError(message("The PDF file is not built as expected: %(detail)s.", detail=detail))
