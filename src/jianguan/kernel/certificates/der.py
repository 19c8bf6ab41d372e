"""As much DER (ITU-T X.690) as signing on a hot path needs; everything else goes through asn1crypto."""

from __future__ import annotations

from dataclasses import dataclass

NULL = b"\x05\x00"
INTEGER, OCTETS, OID, SEQUENCE, SET, TIME = 0x02, 0x04, 0x06, 0x30, 0x31, 0x18


class DerError(ValueError):
    """The bytes are not the DER they should be."""


def encode(tag: int, *parts: bytes) -> bytes:
    """Tag, length and content (X.690, 8.1 and 10.1)."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE."""
    return encode(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """A SET OF, in DER order (X.690, 11.6)."""
    return encode(SET, *sorted(parts))


def octets(value: bytes) -> bytes:
    """An OCTET STRING."""
    return encode(OCTETS, value)


def integer(value: int) -> bytes:
    """An INTEGER that is not negative."""
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    content = bytearray()
    for arc in (first * 40 + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        content += bytes(reversed(groups))
    return encode(OID, bytes(content))


@dataclass(frozen=True, slots=True)
class Element:
    """One element inside `data`: its tag and where it begins, its content begins, and it ends."""

    data: bytes
    tag: int
    start: int
    content_start: int
    end: int

    @property
    def raw(self) -> bytes:
        """The element with its header."""
        return self.data[self.start : self.end]

    @property
    def content(self) -> bytes:
        """The element without its header."""
        return self.data[self.content_start : self.end]

    def children(self) -> list[Element]:
        """The elements it consists of."""
        found, at = [], self.content_start
        while at < self.end:
            found.append(read(self.data, at, self.end))
            at = found[-1].end
        return found


def read(data: bytes, at: int = 0, limit: int | None = None) -> Element:
    """The element that begins at `at`.

    Raises:
        DerError: there is no whole element before `limit`.
    """
    limit = len(data) if limit is None else limit
    if at + 2 > limit:
        raise DerError
    tag, size, start = data[at], data[at + 1], at + 2
    if size >= 0x80:
        width = size & 0x7F
        size, start = int.from_bytes(data[start : start + width], "big"), start + width
    if start + size > limit:
        raise DerError
    return Element(data, tag, at, start, start + size)
