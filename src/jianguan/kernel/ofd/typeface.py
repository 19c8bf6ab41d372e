"""Typefaces out of a PDF page (ISO 32000-1, 9.9) as whole OpenType files, as OFD embeds them.

A PDF file may leave out what it knows elsewhere: widths, names, and which character a glyph stands for. Here those tables
are added around the untouched outlines.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

UNITS = 1000
ASCENT, DESCENT = 880, 120
WINDOWS_LATIN = 3, 1
MADE = 3_534_537_600  # 1 January 2016, in seconds since 1904: always the same


@dataclass(frozen=True)
class Typeface:
    """A subset: its `file`, whether that is .ttf or .otf, and of each glyph the width (1000 to an em) and the text."""

    name: str
    extension: str
    file: bytes
    widths: Mapping[int, float]
    texts: Mapping[int, str]


def build(name: str, outlines: bytes, widths: Mapping[int, float], texts: Mapping[int, str]) -> Typeface:
    """A typeface from the program a PDF file embeds: TrueType tables, or a bare CFF table."""
    characters = {ord(text): glyph for glyph, text in reversed(list(texts.items())) if len(text) == 1}
    if outlines[:4] in (b"\0\1\0\0", b"true"):
        tables, extension, version = _tables(outlines), "ttf", b"\0\1\0\0"
    else:
        tables, extension, version = _around_cff(outlines, widths, max((0, *widths, *texts)) + 1), "otf", b"OTTO"
    tables[b"cmap"] = _cmap(characters)
    tables[b"name"] = _names(name)
    tables[b"OS/2"] = _os2(characters)
    tables[b"post"] = struct.pack(">LLhhLLLLL", 0x00030000, 0, -100, 50, 0, 0, 0, 0, 0)
    return Typeface(name, extension, _file(version, tables), widths, texts)


def _tables(outlines: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">H", outlines, 4)
    entries = (struct.unpack_from(">4sLLL", outlines, 12 + 16 * number) for number in range(count))
    return {tag: outlines[start : start + size] for tag, _, start, size in entries}


def _around_cff(outlines: bytes, widths: Mapping[int, float], glyphs: int) -> dict[bytes, bytes]:
    advances = [round(widths.get(glyph, 0)) for glyph in range(glyphs)]
    box = (0, -DESCENT, UNITS, ASCENT)
    head = struct.pack(
        ">LLLLHHqqhhhhHHhhh", 0x00010000, 0x00010000, 0, 0x5F0F3CF5, 3, UNITS, MADE, MADE, *box, 0, 8, 2, 0, 0
    )
    hhea = struct.pack(
        ">LhhhHhhhhhhhhhhhH", 0x00010000, ASCENT, -DESCENT, 0, max(advances), 0, 0, UNITS, 1, 0, 0, 0, 0, 0, 0, 0, glyphs
    )  # fmt: skip
    return {
        b"CFF ": outlines, b"head": head, b"hhea": hhea, b"maxp": struct.pack(">LH", 0x00005000, glyphs),
        b"hmtx": b"".join(struct.pack(">Hh", advance, 0) for advance in advances),
    }  # fmt: skip


def _cmap(characters: Mapping[int, int]) -> bytes:
    """Format 12: one group a character; a subset is small."""
    groups = b"".join(struct.pack(">LLL", code, code, glyph) for code, glyph in sorted(characters.items()))
    table = struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(characters)) + groups
    return struct.pack(">HHHHL", 0, 1, 3, 10, 12) + table


def _names(name: str) -> bytes:
    """The names a reader may ask for: family, style, identifier, full name, version, PostScript name."""
    texts = {1: name, 2: "Regular", 3: name, 4: name, 5: "Version 1.0", 6: name}
    encoded = {number: text.encode("utf-16-be") for number, text in texts.items()}
    records, storage = b"", b""
    for number, text in encoded.items():
        records += struct.pack(">HHHHHH", *WINDOWS_LATIN, 0x0409, number, len(text), len(storage))
        storage += text
    return struct.pack(">HHH", 0, len(encoded), 6 + len(records)) + records + storage


def _os2(characters: Mapping[int, int]) -> bytes:
    codes = [min(code, 0xFFFF) for code in characters] or [0]
    return struct.pack(
        ">HhHHHhhhhhhhhhhh10s4L4sHHHhhhHH2Lhhhhh", 4, UNITS, 400, 5, 0,
        650, 700, 0, 140, 650, 700, 0, 480, 50, 258, 0, b"", 0, 0, 0, 0, b"NONE", 64, min(codes), max(codes),
        ASCENT, -DESCENT, 0, ASCENT, DESCENT, 0, 0, 500, 700, 0, 32, 1,
    )  # fmt: skip


def _file(version: bytes, tables: Mapping[bytes, bytes]) -> bytes:
    """The tables in alphabetical order, with their checksums and that of the whole (OpenType, "Font file")."""
    count = len(tables)
    power = count.bit_length() - 1
    reach = 16 << power
    head = struct.pack(">4sHHHH", version, count, reach, power, 16 * count - reach)
    directory, body = b"", b""
    for tag, content in sorted(tables.items()):
        if tag == b"head":
            content = content[:8] + bytes(4) + content[12:]  # noqa: PLW2901 - the sum of the whole comes last
            adjusted = 12 + 16 * count + len(body) + 8
        directory += struct.pack(">4sLLL", tag, _sum(content), 12 + 16 * count + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    whole = head + directory + body
    return whole[:adjusted] + struct.pack(">L", (0xB1B0AFBA - _sum(whole)) % 2**32) + whole[adjusted + 4 :]


def _sum(content: bytes) -> int:
    padded = content + bytes(-len(content) % 4)
    return sum(struct.unpack(f">{len(padded) // 4}L", padded)) % 2**32
