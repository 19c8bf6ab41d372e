"""Certificates as PDF/A-3b (ISO 19005-3) from Typst templates, the same bytes for the same data.

The JSON the page was made from is attached to it as `certificate.json` (ISO 32000-2, 14.13, relationship Data), so
that a machine reads what a person reads.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

import rfc8785
import typst
from PIL import Image

from jianguan.kernel.messages import message

from .errors import CertificateError, MissingGlyph
from .qr import QrCode
from .seal_picture import RED, SealPicture
from .typefaces import folders, needs_rare, strings

ROOT = Path(__file__).parent
ATTACHMENT = "certificate.json"
UNSHOWN = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)


class Paper(StrEnum):
    """The sheet; a design is laid out on A4 and enlarged to A3."""

    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where the seal is stamped on the first page: its centre from the top left corner and its diameter, in mm."""

    x: float
    y: float
    diameter: float = 42


@dataclass(frozen=True, slots=True)
class Design:
    """How the page of a built-in template lies, and where on A4 its date waits for the seal."""

    landscape: bool
    seal: SealPlace


OVER_THE_DATE = SealPlace(112, 168)
BUILT_IN: Mapping[str, Design] = MappingProxyType(
    {
        "construction_permit": Design(landscape=True, seal=OVER_THE_DATE),
        "licence": Design(landscape=True, seal=OVER_THE_DATE),
        "decision": Design(landscape=False, seal=SealPlace(137, 243)),
    }
)
"""The designs that come with the package, by the names of their sources."""


@dataclass(frozen=True, slots=True)
class Template:
    """A certificate's design: Typst source that imports `/templates/certificate.typ`.

    `pictures` are further SVG texts, such as an emblem; the source finds them in `sys.inputs` as `picture-<name>`.
    """

    name: str
    source: str
    paper: Paper = Paper.A4
    landscape: bool = True
    seal: SealPlace = OVER_THE_DATE
    pictures: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def built_in(cls, name: str, paper: Paper = Paper.A4) -> Template:
        """A design that comes with the package.

        Raises:
            CertificateError: there is none of this name.
        """
        design = BUILT_IN.get(name)
        if design is None:
            raise CertificateError(message("There is no certificate template called %(name)s.", name=name))
        source = (ROOT / "templates" / f"{name}.typ").read_text("utf-8")
        place, scale = design.seal, 2**0.5 if paper is Paper.A3 else 1
        seal = SealPlace(place.x * scale, place.y * scale, place.diameter)
        return cls(name, source, paper, design.landscape, seal)


def canonical(data: Mapping[str, Any]) -> bytes:
    """The certificate's data in the one form that is attached, hashed and signed (RFC 8785).

    Raises:
        CertificateError: the data holds something JSON has no canonical form for.
    """
    try:
        return rfc8785.dumps(dict(data))
    except rfc8785.CanonicalizationError as error:
        raise CertificateError(
            message("The certificate data is not plain JSON: %(reason)s.", reason=str(error))
        ) from error


def content_digest(data: Mapping[str, Any]) -> bytes:
    """SHA-256 of the canonical data: printed on the page, signed in the QR code, kept in the register."""
    return hashlib.sha256(canonical(data)).digest()


def render(
    template: Template,
    data: Mapping[str, Any],
    *,
    qr: QrCode,
    issued_at: datetime,
    pictures: Mapping[str, str] | None = None,
) -> bytes:
    """The certificate as PDF/A-3b, not yet sealed; `pictures` as in the template, such as the holder's photograph.

    Raises:
        MissingGlyph: a character in the data cannot be printed.
        CertificateError: the template and the data do not fit together.
    """
    inputs = _inputs(template, qr, "", pictures)
    result = _compile(
        template, data, inputs, format="pdf", pdf_standards="a-3b", timestamp=issued_at.replace(microsecond=0)
    )
    assert isinstance(result, bytes)
    return result


def render_picture(
    template: Template,
    data: Mapping[str, Any],
    *,
    qr: QrCode,
    seal: SealPicture | None = None,
    pictures: Mapping[str, str] | None = None,
    page: int = 1,
    resolution: float = 96,
) -> bytes:
    """One page as PNG for a preview, with `seal` drawn where it will be stamped; `resolution` in dots per inch."""
    inputs = _inputs(template, qr, seal.svg if seal else "", pictures)
    result = _compile(template, data, inputs, format="png", ppi=resolution)
    pages = result if isinstance(result, list) else [result]
    if not 1 <= page <= len(pages):
        raise CertificateError(
            message("The certificate has %(count)d pages, not %(page)d.", count=len(pages), page=page)
        )
    return pages[page - 1]


SEAL_PAGE = """#set page(width: 1mm * int(sys.inputs.size), height: 1mm * int(sys.inputs.size), margin: 0pt, fill: none)
#image(bytes(sys.inputs.seal), format: "svg", width: 100%)"""


def seal_png(seal: SealPicture, diameter: int, *, resolution: float = 600) -> bytes:
    """A seal by itself on no ground, as PNG: one colour, only how much of it shows differs from dot to dot.

    Args:
        seal: the drawn seal.
        diameter: its size in mm.
        resolution: dots per inch.
    """
    drawn = _press(rare=False).compile(
        SEAL_PAGE, {"seal": seal.svg, "size": str(diameter)}, format="png", ppi=resolution
    )
    assert isinstance(drawn, bytes)
    with Image.open(io.BytesIO(drawn)) as image:
        ink = Image.frombytes("P", image.size, image.getchannel("A").tobytes())
    ink.putpalette([round(part * 255) for part in RED] * 256)
    out = io.BytesIO()
    ink.save(out, "PNG", transparency=bytes(range(256)), optimize=True)
    return out.getvalue()


def photograph(picture: bytes) -> str:
    """A PNG or JPEG picture as the SVG text `pictures` wants; the template sizes it.

    Raises:
        CertificateError: the bytes are not such a picture.
    """
    try:
        with Image.open(io.BytesIO(picture), formats=["PNG", "JPEG"]) as image:
            (width, height), kind = image.size, str(image.format).lower()
    except Exception as error:
        raise CertificateError(message("The file is not a readable PNG or JPEG picture.")) from error
    encoded = base64.b64encode(picture).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{encoded}"/></svg>'
    )


class _Press:
    """A hot Typst compiler; it has state because it keeps parsed templates, pictures and fonts between documents.

    One document at a time: the compiler refuses to be used by two threads at once. A process must not be forked after
    it has rendered, because the compiler's own threads stay behind.
    """

    def __init__(self, *, rare: bool) -> None:
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders(rare=rare))
        )
        self.compiler = typst.Compiler(b"", root=str(ROOT), font_paths=fonts, ignore_system_fonts=True)
        self.lock = Lock()

    def compile(self, source: str, inputs: dict[str, str], **options: Any) -> bytes | list[bytes]:
        with self.lock:
            result = self.compiler.compile(input=source.encode(), sys_inputs=inputs, **options)
        assert result is not None
        return result


@cache
def _press(*, rare: bool) -> _Press:
    return _Press(rare=rare)


def _inputs(template: Template, qr: QrCode, seal: str, pictures: Mapping[str, str] | None) -> dict[str, str]:
    return {
        "qr": qr.svg,
        "paper": template.paper,
        "flipped": "true" if template.landscape else "false",
        "seal": seal,
        "seal-x": str(template.seal.x),
        "seal-y": str(template.seal.y),
        "seal-size": str(template.seal.diameter),
        **{f"picture-{name}": svg for name, svg in {**template.pictures, **(pictures or {})}.items()},
    }


def _compile(
    template: Template, data: Mapping[str, Any], inputs: dict[str, str], **options: Any
) -> bytes | list[bytes]:
    text = canonical(data)
    inputs |= {"data": text.decode(), "digest": hashlib.sha256(text).hexdigest()}
    press = _press(rare=needs_rare("".join(strings(data))))
    try:
        return press.compile(template.source, inputs, **options)
    except typst.TypstError as error:
        if unshown := UNSHOWN.search(error.message):
            raise MissingGlyph(unshown.group(1)) from error
        raise CertificateError(
            message(
                "The template %(name)s does not fit the data: %(reason)s.", name=template.name, reason=error.message
            )
        ) from error
