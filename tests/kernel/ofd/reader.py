"""A small reader of OFD pages, written from the standard: drawn as SVG paths, and as the text they say.

It shares no code with the writer. Glyphs are taken from the embedded typefaces by their numbers.
"""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

import typst
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont
from lxml import etree
from PIL import Image

NS = {"ofd": "http://www.ofdspec.org/2016"}
LETTERS = {"M": "M", "L": "L", "B": "C", "Q": "Q", "C": "Z"}


class Reader:
    """A package opened with the standard library's ZIP reader."""

    def __init__(self, data: bytes) -> None:
        self.package = zipfile.ZipFile(io.BytesIO(data))
        root = self.xml("OFD.xml")
        self.document_name = root.findtext("ofd:DocBody/ofd:DocRoot", namespaces=NS).lstrip("/")
        self.document = self.xml(self.document_name)
        resources = self.xml(self.document.findtext("ofd:CommonData/ofd:PublicRes", namespaces=NS).lstrip("/"))
        base = f"Doc_0/{resources.get('BaseLoc')}/"
        self.fonts = {
            font.get("ID"): TTFont(io.BytesIO(self.package.read(base + font.findtext("ofd:FontFile", namespaces=NS))))
            for font in resources.findall("ofd:Fonts/ofd:Font", NS)
        }

    def xml(self, name: str) -> Any:
        return etree.fromstring(self.package.read(name))

    def pages(self) -> list[Any]:
        return [self.xml(page.get("BaseLoc").lstrip("/")) for page in self.document.findall("ofd:Pages/ofd:Page", NS)]

    def text(self) -> str:
        """All text, a line an object."""
        return "\n".join(code.text for page in self.pages() for code in page.iterfind(".//ofd:TextCode", NS))

    def picture(self, number: int = 0, resolution: float = 100, stamp: tuple[str, bytes] | None = None) -> Image.Image:
        """A page as it looks; `stamp` is the boundary and the PNG picture of a seal."""
        page = self.pages()[number]
        width, height = numbers(page.findtext("ofd:Area/ofd:PhysicalBox", namespaces=NS))[2:]
        parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">']
        parts += [self._object(each, n) for n, each in enumerate(page.find("ofd:Content/ofd:Layer", NS))]
        if stamp:
            x, y, w, h = numbers(stamp[0])
            href = "data:image/png;base64," + base64.b64encode(stamp[1]).decode()
            parts.append(f'<image x="{x}" y="{y}" width="{w}" height="{h}" href="{href}"/>')
        svg = "".join([*parts, "</svg>"])
        source = f'#set page(width: {width}mm, height: {height}mm, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 100%)'
        png = typst.compile(source.encode(), format="png", ppi=resolution, sys_inputs={"svg": svg})
        return Image.open(io.BytesIO(png)).convert("RGB")

    def _object(self, element: Any, number: int) -> str:
        x, y, width, height = numbers(element.get("Boundary"))
        clip = f'<clipPath id="c{number}"><rect x="{x}" y="{y}" width="{width}" height="{height}"/></clipPath>'
        matrix = element.get("CTM") or "1 0 0 1 0 0"
        kind = etree.QName(element).localname
        inside = self._path(element) if kind == "PathObject" else self._text(element)
        return (
            f'{clip}<g clip-path="url(#c{number})"><g transform="translate({x} {y}) matrix({matrix})">{inside}</g></g>'
        )

    def _path(self, element: Any) -> str:
        words = element.findtext("ofd:AbbreviatedData", namespaces=NS).split()
        data = " ".join(LETTERS.get(word, word) for word in words)
        rule = "evenodd" if element.get("Rule") == "Even-Odd" else "nonzero"
        return f'<path d="{data}" fill-rule="{rule}" {paint(element, fill=False, stroke=True)}/>'

    def _text(self, element: Any) -> str:
        font, size = self.fonts[element.get("Font")], float(element.get("Size"))
        code = element.find("ofd:TextCode", NS)
        transform = element.find("ofd:CGTransform", NS)
        glyphs = [int(each) for each in transform.findtext("ofd:Glyphs", namespaces=NS).split()]
        assert transform.get("CodePosition") == "0"
        assert int(transform.get("CodeCount")) == len(code.text)
        assert int(transform.get("GlyphCount")) == len(glyphs)
        deltas = numbers(code.get("DeltaX") or "")
        assert len(deltas) == len(glyphs) - 1
        x, y, scale = float(code.get("X")), float(code.get("Y")), size / font["head"].unitsPerEm
        shapes, outlines, names = [], font.getGlyphSet(), font.getGlyphOrder()
        for glyph, delta in zip(glyphs, [*deltas, 0], strict=True):
            pen = SVGPathPen(outlines)
            outlines[names[glyph]].draw(pen)
            width = float(element.get("LineWidth") or 0) / scale
            shapes.append(
                f'<path transform="translate({x} {y}) scale({scale} {-scale})" d="{pen.getCommands()}" '
                f"{paint(element, fill=True, stroke=False, width=width)}/>"
            )
            x += delta
        return "".join(shapes)


def paint(element: Any, *, fill: bool, stroke: bool, width: float | None = None) -> str:
    fills = element.get("Fill", str(fill).lower()) == "true"
    strokes = element.get("Stroke", str(stroke).lower()) == "true"
    width = float(element.get("LineWidth", 0.353)) if width is None else width
    pen = f'stroke-width="{width}" stroke-linecap="{element.get("Cap", "Butt").lower()}" '
    pen += f'stroke-linejoin="{element.get("Join", "Miter").lower()}" stroke-miterlimit="{element.get("MiterLimit", "4.234")}"'
    if dashes := element.get("DashPattern"):
        pen += f' stroke-dasharray="{dashes}"'
    return f'fill="{colour(element, "FillColor") if fills else "none"}" stroke="{colour(element, "StrokeColor") if strokes else "none"}" {pen}'


def colour(element: Any, name: str) -> str:
    return "rgb({})".format(",".join(element.find(f"ofd:{name}", NS).get("Value").split()))


def numbers(text: str) -> list[float]:
    return [float(each) for each in text.split()]
