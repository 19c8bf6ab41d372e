"""The picture of a round official seal from glyph outlines: sharp at any size, no font in the file.

Form after 国务院关于国家行政机关和企业事业单位社会团体印章管理的规定（国发〔1999〕25号）: a ring, a five-pointed star,
the organisation's name from left over the top to the right.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from math import cos, pi, radians, sin
from threading import Lock
from typing import Any

from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import serif_path

from .errors import MissingGlyph

SIZE = 1000  # units across, in both pictures; the y axis points up
CENTRE = SIZE / 2
RED = (0.843, 0.0, 0.059)
RING, RING_WIDTH = 484, 24
STAR = 152
CURVE = 0.5522847  # control points of a quarter circle
PDF_OPERATORS = {"moveTo": "m", "lineTo": "l", "curveTo": "c", "closePath": "h"}
SVG_OPERATORS = {"moveTo": "M", "lineTo": "L", "curveTo": "C", "closePath": "Z"}
Point = tuple[float, float]
Step = tuple[str, tuple[Point, ...]]


@dataclass(frozen=True, slots=True)
class SealPicture:
    """A seal to look at: `svg` for previews, `pdf` as the compressed content of a form of 1000 by 1000 units."""

    organisation: str
    svg: str
    pdf: bytes


@lru_cache(maxsize=512)
def seal_picture(organisation: str, purpose: str = "电子证照专用章", number: str = "") -> SealPicture:
    """Draw the seal; `purpose` stands under the star, `number` (13 digits as a rule) on the lower edge.

    Raises:
        MissingGlyph: a character cannot be drawn.
    """
    if missing := set(organisation + purpose + number) - _typeface().characters:
        raise MissingGlyph(missing)
    filled = [*_star(), *_over_the_top(organisation), *_in_a_row(purpose), *_along_the_bottom(number)]
    return SealPicture(organisation, _svg(filled), _pdf(filled))


def _over_the_top(text: str) -> Iterator[Step]:
    span = radians(min(238, 23.5 * len(text)))
    share = 380 * span / max(1, len(text))
    height = min(142, share * 1.35)
    for i, character in enumerate(text):
        angle = span * ((i + 0.5) / len(text) - 0.5)
        radius = RING - RING_WIDTH - 16 - height / 2
        centre = (CENTRE + radius * sin(angle), CENTRE + radius * cos(angle))
        yield from _glyph(character, centre, (min(height * 0.84, share * 0.94), height), -angle)


def _in_a_row(text: str) -> Iterator[Step]:
    width = min(76, 500 / max(1, len(text)))
    for i, character in enumerate(text):
        yield from _glyph(character, (CENTRE + (i - (len(text) - 1) / 2) * width, 262), (width * 0.96, 84), 0)


def _along_the_bottom(text: str) -> Iterator[Step]:
    span = radians(5.0 * len(text))
    for i, character in enumerate(text):
        angle = span * ((i + 0.5) / len(text) - 0.5)
        yield from _glyph(character, (CENTRE + 420 * sin(angle), CENTRE - 420 * cos(angle)), (48, 48), angle)


def _star() -> Iterator[Step]:
    corners = []
    for i in range(10):
        radius = STAR if i % 2 == 0 else STAR * 0.381966
        corners.append((CENTRE + radius * sin(pi * i / 5), CENTRE + 12 + radius * cos(pi * i / 5)))
    yield "moveTo", (corners[0],)
    yield from (("lineTo", (corner,)) for corner in corners[1:])
    yield "closePath", ()


@dataclass(frozen=True, slots=True)
class _Typeface:
    outline: Callable[[str], list[Step]]
    characters: frozenset[str]


@cache
def _typeface() -> _Typeface:
    font = TTFont(serif_path(), lazy=True)
    glyphs, names = font.getGlyphSet(), font.getBestCmap()

    lock = Lock()  # the font reads its file as glyphs are asked for

    def outline(character: str) -> list[Step]:
        pen: Any = RecordingPen()
        with lock:
            glyphs[names[ord(character)]].draw(pen)
        return list(pen.value)

    return _Typeface(outline, frozenset(map(chr, names)))


def _glyph(character: str, centre: Point, size: Point, angle: float) -> Iterator[Step]:
    """The outline of a character in a box of `size` around `centre`, turned left by `angle`."""
    # Ideographs fill an em square of 1000 units that begins 120 below the base line; digits stand on it.
    width, middle = (1000, 380) if ord(character) > 0x2E80 else (560, 366)
    across, up = size[0] / width * (0.62 if width == 560 else 1), size[1] / 1000

    def place(point: Point) -> Point:
        x, y = (point[0] - width / 2) * across, (point[1] - middle) * up
        return centre[0] + x * cos(angle) - y * sin(angle), centre[1] + x * sin(angle) + y * cos(angle)

    for operator, points in _typeface().outline(character):
        yield operator, tuple(place(point) for point in points)


def _path(steps: list[Step], operators: dict[str, str], *, operator_first: bool) -> str:
    parts = []
    for operator, points in steps:
        numbers = [f"{value:.1f}".removesuffix(".0") for point in points for value in point]
        sign = operators[operator]
        parts.append(" ".join([sign, *numbers] if operator_first else [*numbers, sign]))
    return " ".join(parts)


def _svg(filled: list[Step]) -> str:
    colour = "#" + "".join(f"{round(part * 255):02x}" for part in RED)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">'
        f'<g transform="matrix(1 0 0 -1 0 {SIZE})" fill="{colour}" stroke="{colour}" opacity=".92">'
        f'<circle cx="{CENTRE:g}" cy="{CENTRE:g}" r="{RING}" fill="none" stroke-width="{RING_WIDTH}"/>'
        f'<path stroke-width="4" d="{_path(filled, SVG_OPERATORS, operator_first=True)}"/></g></svg>'
    )


def _pdf(filled: list[Step]) -> bytes:
    """Content of a form XObject (ISO 32000-1, 8.10) that uses one graphics state, /G, for the see-through ink."""
    colour = " ".join(f"{part:g}" for part in RED)
    k = RING * CURVE
    ends = [(CENTRE + RING, CENTRE), (CENTRE, CENTRE + RING), (CENTRE - RING, CENTRE), (CENTRE, CENTRE - RING)]
    ring: list[Step] = [("moveTo", (ends[0],))]
    for i, (x, y) in enumerate(ends):
        right, up = round(cos(i * pi / 2)), round(sin(i * pi / 2))
        end = ends[(i + 1) % 4]
        ring.append(("curveTo", ((x - up * k, y + right * k), (end[0] + right * k, end[1] + up * k), end)))
    content = (
        f"q /G gs {colour} rg {colour} RG {RING_WIDTH} w {_path(ring, PDF_OPERATORS, operator_first=False)} s "
        f"4 w {_path(filled, PDF_OPERATORS, operator_first=False)} B Q"
    )
    return zlib.compress(content.encode(), 9)
