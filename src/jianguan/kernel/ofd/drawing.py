"""What is drawn on a PDF page (ISO 32000-1, 8 and 9) as OFD page objects (GB/T 33190, 8 to 11).

Only what our renderer writes is understood: paths, rectangular clips, plain colours, glyphs. Anything else is refused,
so that nothing can be missing on the OFD page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from xml.sax.saxutils import escape

from jianguan.kernel.certificates.errors import CertificateError
from jianguan.kernel.messages import message

from .content_stream import PATH, Operand, operations, steps
from .geometry import (
    IDENTITY,
    MM,
    Box,
    Matrix,
    Point,
    around,
    array,
    boundary,
    decimal,
    intersection,
    place,
    product,
    scale_of,
)
from .pdf_pages import Page
from .typeface import Typeface

CAPS, JOINS = ("Butt", "Round", "Square"), ("Miter", "Round", "Bevel")
ABOVE, BELOW, BESIDE = 1.1, 0.4, 0.3  # how far ink may reach around a line of glyphs, in em
NOTHING: Box = (0, 0, 0, 0)
Glyph = tuple[int, float]  # its number, and where it begins on its line
Shape = tuple[str, str]  # Boundary, AbbreviatedData


@dataclass(frozen=True)
class State:
    """The graphics state (8.4.1), as far as it is used; `numbers` are those set by an operator with one operand."""

    matrix: Matrix
    clip: Box
    fill: str = "0 0 0"
    stroke: str = "0 0 0"
    dashes: tuple[float, ...] = ()
    font: bytes = b""
    size: float = 0.0
    text: Matrix = IDENTITY
    numbers: Mapping[bytes, float] = field(default_factory=lambda: {b"w": 1.0, b"J": 0, b"j": 0, b"M": 10.0, b"Tr": 0})

    @property
    def line_width(self) -> float:
        """In mm."""
        return self.numbers[b"w"] * scale_of(self.matrix)


@dataclass
class Drawing:
    """A page being translated; it has state because a content stream is a program with a stack.

    Attributes:
        page: the page.
        typefaces: by the names in the content stream, with the IDs they have as OFD resources.
        new_id: gives the IDs of page objects.
        objects: the page objects so far, as XML.
    """

    page: Page
    typefaces: Mapping[bytes, tuple[int, Typeface]]
    new_id: Callable[[], int]
    objects: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        width, height = self.page.width * MM, self.page.height * MM
        self.state = State((MM, 0, 0, -MM, 0, height), (0, 0, round(width, 3), round(height, 3)))
        self.saved: list[State] = []
        self.path = b""
        self.clipping = False

    def run(self) -> list[str]:
        """The page's objects as XML, in the order they are painted.

        Raises:
            CertificateError: the page uses something that is not understood.
        """
        for name, operands in operations(self.page.content):
            if name in self.state.numbers:
                self.state = replace(self.state, numbers={**self.state.numbers, name: _number(operands[0])})
            elif name in PAINTING:
                self.paint(*PAINTING[name])
            elif name in OPERATORS:
                OPERATORS[name](self, operands)
            else:
                raise CertificateError(
                    message("The page cannot be made as OFD: it uses %(what)s.", what=name.decode("latin-1"))
                )
        return self.objects

    # --- state
    def ignore(self, _: list[Operand]) -> None:
        """What does not change what is seen: marked content, colour spaces (told by how many numbers follow)."""

    def save(self, _: list[Operand]) -> None:
        """Keep the state (q)."""
        self.saved.append(self.state)

    def restore(self, _: list[Operand]) -> None:
        """Go back to the state kept last (Q)."""
        self.state = self.saved.pop()

    def transform(self, operands: list[Operand]) -> None:
        """Place what follows (cm)."""
        self.state = replace(self.state, matrix=product(_matrix(operands), self.state.matrix))

    def fill_colour(self, operands: list[Operand]) -> None:
        """Choose the colour of areas (scn)."""
        self.state = replace(self.state, fill=_colour(operands))

    def stroke_colour(self, operands: list[Operand]) -> None:
        """Choose the colour of lines (SCN)."""
        self.state = replace(self.state, stroke=_colour(operands))

    def dash(self, operands: list[Operand]) -> None:
        """d; only patterns that begin at their beginning."""
        lengths, start = operands
        if not isinstance(lengths, list) or start:
            raise CertificateError(message("The page cannot be made as OFD: it uses %(what)s.", what="d"))
        self.state = replace(self.state, dashes=tuple(map(_number, lengths)))

    def set_font(self, operands: list[Operand]) -> None:
        """Choose typeface and size (Tf)."""
        name, size = operands
        assert isinstance(name, bytes)
        self.state = replace(self.state, font=name[1:], size=_number(size))

    def text_matrix(self, operands: list[Operand]) -> None:
        """Place the next line of text (Tm)."""
        self.state = replace(self.state, text=_matrix(operands))

    # --- paths
    def take_path(self, operands: list[Operand]) -> None:
        """Construct a path (m, l, c, h, re)."""
        [run] = operands
        assert isinstance(run, bytes)
        self.path += run

    def clip(self, _: list[Operand]) -> None:
        """Clip what follows the next painting operator (W, 8.5.4)."""
        self.clipping = True

    def paint(self, fill: bool, stroke: bool, rule: str) -> None:
        """Paint the path or only end it (f, S, B, n and their relatives)."""
        state = self.state
        if fill or stroke:
            # a pointed corner reaches further than half the line
            reach = state.line_width / 2 * (state.numbers[b"M"] if state.numbers[b"j"] == 0 else 1) if stroke else 0
            shape = outline(self.path, state.matrix, min(reach, 5.0), state.clip)
            if shape:
                self._add_path(shape, fill, stroke, rule)
        if self.clipping:
            self.state = replace(state, clip=intersection(state.clip, rectangle(self.path, state.matrix)) or NOTHING)
        self.path, self.clipping = b"", False

    def _add_path(self, shape: Shape, fill: bool, stroke: bool, rule: str) -> None:
        shown, data = shape
        about = f' Stroke="{_yes(stroke)}" Fill="{_yes(fill)}"' + (f' Rule="{rule}"' if rule else "")
        colours = (self._stroke() if stroke else "") + (self._fill() if fill else "")
        self.objects.append(
            f'<ofd:PathObject ID="{self.new_id()}" Boundary="{shown}"{self._pen() if stroke else ""}{about}>{colours}'
            f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def _pen(self) -> str:
        state = self.state
        cap, join = CAPS[int(state.numbers[b"J"])], JOINS[int(state.numbers[b"j"])]
        found = f' LineWidth="{decimal(state.line_width)}" Cap="{cap}" Join="{join}"'
        found += f' MiterLimit="{decimal(state.numbers[b"M"])}"'
        dashes = array(length * scale_of(state.matrix) for length in state.dashes)
        return found + (f' DashPattern="{dashes}"' if dashes else "")

    # --- text
    def show(self, operands: list[Operand]) -> None:
        """Show glyphs, with adjustments in thousandths of an em between them (Tj, TJ, 9.4.3)."""
        parts = operands[0] if isinstance(operands[0], list) else operands
        size, at, glyphs = self.state.size, 0.0, list[Glyph]()
        _, typeface = self.typefaces[self.state.font]
        for part in parts:
            if not isinstance(part, bytes):
                at -= _number(part) / 1000 * size
                continue
            for glyph in _codes(part):
                glyphs.append((glyph, at))
                at += typeface.widths.get(glyph, 0) / 1000 * size
        for run in runs(glyphs, typeface.texts):
            self._add_text(run, typeface)

    def _add_text(self, run: list[Glyph], typeface: Typeface) -> None:
        """One line of glyphs; what is turned gets a matrix, all else is placed in millimetres."""
        state, start = self.state, run[0][1]
        a, b, c, d, e, f = product((1, 0, 0, 1, start, 0), product(state.text, state.matrix))
        scale = scale_of((a, b, c, d, e, f))
        size, turn = state.size * scale, (a / scale, b / scale, -c / scale, -d / scale)
        places = [round((at - start) * scale, 3) for _, at in run]
        sides, levels = (-BESIDE * size, places[-1] + (1 + BESIDE) * size), (-ABOVE * size, BELOW * size)
        box = intersection(around(place(x, y, (*turn, e, f)) for x in sides for y in levels), state.clip)
        if not box:
            return
        origin: Point = (e - box[0], f - box[1])
        upright = all(abs(one - other) < 1e-6 for one, other in zip(turn, IDENTITY[:4], strict=True))
        matrix = "" if upright else f' CTM="{array((*turn, *origin), 6)}"'
        text = "".join(typeface.texts[glyph] for glyph, _ in run)
        deltas = array(after - before for before, after in pairwise(places))
        x, y = origin if upright else (0.0, 0.0)
        font, _ = self.typefaces[state.font]
        spread = f' DeltaX="{deltas}"' if deltas else ""
        self.objects.append(
            f'<ofd:TextObject ID="{self.new_id()}" Boundary="{boundary(box)}"{matrix} Font="{font}" Size="{decimal(size)}"'
            f'{self._ink()}<ofd:CGTransform CodePosition="0" CodeCount="{len(text)}" GlyphCount="{len(run)}">'
            f"<ofd:Glyphs>{' '.join(str(glyph) for glyph, _ in run)}</ofd:Glyphs></ofd:CGTransform>"
            f'<ofd:TextCode X="{decimal(x)}" Y="{decimal(y)}"{spread}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
        )

    def _ink(self) -> str:
        """The rest of the opening tag of a text object, and its colours; the rendering modes of 9.3.6 up to 2."""
        mode = self.state.numbers[b"Tr"]
        if mode == 0:
            return f">{self._fill()}"
        width = decimal(self.state.line_width)
        return f' LineWidth="{width}" Fill="{_yes(mode == 2)}" Stroke="true">{self._fill()}{self._stroke()}'

    def _fill(self) -> str:
        return f'<ofd:FillColor Value="{self.state.fill}"/>'

    def _stroke(self) -> str:
        return f'<ofd:StrokeColor Value="{self.state.stroke}"/>'


OPERATORS: Mapping[bytes, Callable[[Drawing, list[Operand]], None]] = {
    b"q": Drawing.save, b"Q": Drawing.restore, b"cm": Drawing.transform, b"scn": Drawing.fill_colour,
    b"SCN": Drawing.stroke_colour, b"d": Drawing.dash, b"Tf": Drawing.set_font, b"Tm": Drawing.text_matrix,
    PATH: Drawing.take_path, b"W": Drawing.clip, b"Tj": Drawing.show, b"TJ": Drawing.show,
    **dict.fromkeys((b"BDC", b"BMC", b"EMC", b"cs", b"CS", b"BT", b"ET"), Drawing.ignore),
}  # fmt: skip
PAINTING: Mapping[bytes, tuple[bool, bool, str]] = {
    b"f": (True, False, ""), b"f*": (True, False, "Even-Odd"), b"S": (False, True, ""),
    b"B": (True, True, ""), b"B*": (True, True, "Even-Odd"), b"n": (False, False, ""),
}  # fmt: skip


@lru_cache(maxsize=512)
def outline(path: bytes, matrix: Matrix, margin: float, clip: Box) -> Shape | None:
    """A path as OFD writes it (9.3); kept, because borders and rosettes repeat on every certificate."""
    found = list(_placed(path, matrix))
    box = intersection(around((point for _, points in found for point in points), margin), clip)
    if not box:
        return None
    left, top = box[:2]
    data = []
    for letter, points in found:
        data.append(letter)
        data += [decimal(value) for x, y in points for value in (x - left, y - top)]
    return boundary(box), " ".join(data)


def rectangle(path: bytes, matrix: Matrix) -> Box:
    """The rectangle a clip path is.

    Raises:
        CertificateError: it is another shape.
    """
    points = [point for _, found in _placed(path, matrix) for point in found]
    xs, ys = ({round(point[axis], 4) for point in points} for axis in (0, 1))
    if len(xs) != 2 or len(ys) != 2 or len(points) > 5:
        raise CertificateError(message("The page cannot be made as OFD: it is clipped to a shape."))
    return min(xs), min(ys), max(xs), max(ys)


def runs(glyphs: list[Glyph], texts: Mapping[int, str]) -> Iterator[list[Glyph]]:
    """Glyphs that stand for one character of the basic plane each, together; any other by itself.

    Readers count a character beyond it as one or as two, and lose white space at the ends of an element.
    """
    run: list[Glyph] = []
    for glyph in glyphs:
        text = texts.get(glyph[0], "")
        if len(text) == 1 and text <= "\uffff":
            run.append(glyph)
            continue
        yield from _trimmed(run, texts)
        run = []
        if text:
            yield [glyph]
    yield from _trimmed(run, texts)


def _trimmed(run: list[Glyph], texts: Mapping[int, str]) -> Iterator[list[Glyph]]:
    inked = [number for number, (glyph, _) in enumerate(run) if not texts[glyph].isspace()]
    if inked:
        yield run[inked[0] : inked[-1] + 1]


def _placed(path: bytes, matrix: Matrix) -> Iterator[tuple[str, list[Point]]]:
    for operator, values in steps(path):
        if operator == b"h":
            yield "C", []
        elif operator == b"re":
            x, y, width, height = values
            corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
            yield from (("L" if number else "M", [place(*corner, matrix)]) for number, corner in enumerate(corners))
            yield "C", []
        else:
            points = [place(x, y, matrix) for x, y in zip(values[::2], values[1::2], strict=True)]
            yield {b"m": "M", b"l": "L", b"c": "B"}[operator], points


def _codes(encoded: bytes) -> Iterator[int]:
    """Two bytes a glyph (9.7.5.2, Identity-H)."""
    return (high << 8 | low for high, low in zip(encoded[::2], encoded[1::2], strict=True))


def _matrix(operands: list[Operand]) -> Matrix:
    a, b, c, d, e, f = map(_number, operands)
    return a, b, c, d, e, f


def _number(operand: Operand) -> float:
    assert isinstance(operand, float)
    return operand


def _colour(operands: list[Operand]) -> str:
    parts = [round(_number(each) * 255) for each in operands]
    if len(parts) not in (1, 3):
        raise CertificateError(
            message("The page cannot be made as OFD: it uses a colour that is neither grey nor RGB.")
        )
    return " ".join(map(str, parts * 3 if len(parts) == 1 else parts))


def _yes(value: bool) -> str:
    return "true" if value else "false"
