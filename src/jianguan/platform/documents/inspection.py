"""What an upload really is, judged by its content and never by its name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

import puremagic
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError

from jianguan.kernel.messages import Message, message
from jianguan.platform.errors import Refusal

MAX_PIXELS = 80_000_000
MAX_UNPACKED = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class MediaType:
    """A kind of file the product accepts."""

    name: str
    label: str
    extensions: tuple[str, ...]
    opens: Callable[[bytes], None]


def _open_pdf(data: bytes) -> None:
    if len(PdfReader(io.BytesIO(data)).pages) == 0:
        raise ValueError("no pages")


def _open_picture(data: bytes) -> None:
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        if isinstance(picture, JpegImageFile):
            picture.draft("L", (1, 1))  # an eighth of the size shows as well whether it is all there
            picture.load()
        else:
            picture.verify()


def _open_ofd(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "OFD.xml" not in archive.namelist():
            raise ValueError("not an OFD package")
        if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
            raise ValueError("unpacks to too much")


PDF = MediaType("application/pdf", "PDF", (".pdf",), _open_pdf)
JPEG = MediaType("image/jpeg", "JPG", (".jpg", ".jpeg", ".jfif"), _open_picture)
PNG = MediaType("image/png", "PNG", (".png",), _open_picture)
OFD = MediaType("application/ofd", "OFD", (".ofd",), _open_ofd)
ACCEPTED = (PDF, JPEG, PNG, OFD)


def inspect(data: bytes, filename: str, limit: int) -> MediaType:
    """The type of an uploaded file.

    Raises:
        Refusal: empty, too large, of a type that is not accepted, not what its name says, or damaged.
    """
    if not data:
        raise Refusal(message("The file %(name)s is empty.", name=filename))
    if len(data) > limit:
        raise Refusal(
            message(
                "The file %(name)s has %(size)s MB; at most %(limit)s MB are accepted.",
                name=filename, size=f"{len(data) / 1024**2:.1f}", limit=limit // 1024**2,
            )
        )  # fmt: skip
    found = _recognise(data)
    if found is None:
        raise Refusal(message("The file %(name)s is not a PDF, JPG, PNG or OFD file.", name=filename))
    extension = PurePath(filename).suffix.lower()
    if extension not in found.extensions:
        raise Refusal(
            message(
                "The file %(name)s is really a %(type)s file. Rename it or choose the right one.",
                name=filename,
                type=found.label,
            )
        )
    try:
        found.opens(data)
    except FileNotDecryptedError as error:
        raise Refusal(
            message("The file %(name)s asks for a password. Upload it without one.", name=filename)
        ) from error
    except Exception as error:  # whatever the library stumbles over, the file cannot be opened
        raise Refusal(damaged(filename)) from error
    return found


def damaged(filename: str) -> Message:
    """The sentence for a file that cannot be opened."""
    return message("The file %(name)s is damaged and cannot be opened.", name=filename)


def _recognise(data: bytes) -> MediaType | None:
    try:
        candidates = {match.mime_type for match in puremagic.magic_string(data)}
    except (puremagic.PureError, ValueError):
        candidates = set()
    if data.startswith(b"PK\x03\x04"):
        return OFD if _is_ofd(data) else None
    return next((accepted for accepted in (PDF, JPEG, PNG) if accepted.name in candidates), None)


def _is_ofd(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "OFD.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False
