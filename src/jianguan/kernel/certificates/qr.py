"""QR codes (ISO/IEC 18004): written for the page, read from uploaded pictures."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

import zxingcpp
from PIL import Image

from jianguan.kernel.messages import message

from .errors import CertificateError

LINK = re.compile(r"HTTPS?://(?P<host>[^/?#]+)/V/(?P<number>[^/?#]+)(?:#(?P<token>.*))?", re.IGNORECASE | re.DOTALL)
PIXELS = 60_000_000
QR_ONLY = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code for the page: its text, its picture as SVG without the white margin, its width in modules."""

    content: str
    svg: str
    modules: int


@dataclass(frozen=True, slots=True)
class Link:
    """What a certificate's QR code says: where to ask, for which certificate, and the offline proof."""

    host: str
    number: str
    token: str

    def __str__(self) -> str:
        """`HTTPS://HOST/V/<number>#<token>`: upper case, because the code holds that in 5.5 bits a character."""
        return f"HTTPS://{self.host.upper()}/V/{quote(self.number, safe='')}#{self.token}"


def parse_link(text: str) -> Link:
    """Read a certificate's link.

    Raises:
        CertificateError: the text is something else.
    """
    found = LINK.fullmatch(text.strip())
    if not found:
        raise CertificateError(message("This QR code is not that of a certificate."))
    return Link(found["host"].lower(), unquote(found["number"]), found["token"] or "")


def write_qr(content: str) -> QrCode:
    """The code with medium error correction (15 %), the smallest that holds `content`.

    Raises:
        CertificateError: the text is too long for a QR code.
    """
    try:
        code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    except (RuntimeError, ValueError) as error:
        raise CertificateError(message("This text is too long for a QR code.")) from error
    svg = code.to_svg(add_quiet_zones=False)
    return QrCode(content, svg, modules=int(svg.partition('width="')[2].partition('"')[0]))


def read_qr(picture: bytes) -> tuple[str, ...]:
    """The texts of all QR codes in a PNG or JPEG picture.

    Raises:
        CertificateError: the bytes are not such a picture, or it is too large.
    """
    try:
        with Image.open(io.BytesIO(picture), formats=["PNG", "JPEG"]) as image:
            small = image.width * image.height <= PIXELS
            grey = image.convert("L") if small else None
    except Exception as error:
        raise CertificateError(message("The file is not a readable PNG or JPEG picture.")) from error
    if grey is None:
        raise CertificateError(
            message("The picture is too large: at most %(limit)d million pixels.", limit=PIXELS // 10**6)
        )
    codes = zxingcpp.read_barcodes(grey, formats=QR_ONLY)
    return tuple(code.text for code in codes if code.valid)
