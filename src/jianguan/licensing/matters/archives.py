"""Packs as people send them: a ZIP, judged by its content before anything in it is read.

Nothing is ever unpacked onto a disk. Names that no pack has are refused, and so is what would unpack to more than a pack
can be.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping

from jianguan.kernel.messages import message
from jianguan.licensing.matters.reading import FIXED_TIME
from jianguan.platform.errors import Refusal

MEGABYTE = 1024 * 1024
LIMIT = 4 * MEGABYTE  # of the archive
UNPACKED = 16 * MEGABYTE
MOST_FILES = 200
NAMES = re.compile(
    r"matter\.yaml|form\.schema\.json|process\.bpmn|certificate\.typ"
    r"|rules/[A-Za-z0-9_-]{1,80}\.table\.json|tests/[A-Za-z0-9_-]{1,80}\.yaml"
)
PASSED_OVER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$)")  # what file managers add by themselves
_PLAIN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def open_archive(data: bytes) -> dict[str, bytes]:
    """The files of a pack in a ZIP; a folder around all of them is taken off.

    Raises:
        Refusal: no ZIP, damaged, too large, or with a file that no pack has.
    """
    if len(data) > LIMIT:
        raise Refusal(message("The archive has more than %(limit)s MB.", limit=LIMIT // MEGABYTE))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = [info for info in archive.infolist() if not info.is_dir() and not PASSED_OVER.search(info.filename)]
            _refuse_unfit(found)
            files = {info.filename: archive.read(info) for info in found}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise Refusal(message("This is no ZIP archive, or it is damaged.")) from error
    return _named(files)


def _refuse_unfit(found: list[zipfile.ZipInfo]) -> None:
    """Everything that can be told from the list of contents; what unpacks to more than it says fails its checksum."""
    if len(found) > MOST_FILES:
        raise Refusal(message("The archive has more than %(count)s files.", count=MOST_FILES))
    if sum(info.file_size for info in found) > UNPACKED:
        raise Refusal(message("The archive unpacks to more than %(limit)s MB.", limit=UNPACKED // MEGABYTE))
    if len({info.filename for info in found}) < len(found):
        raise Refusal(message("The archive has two files of the same name."))
    for info in found:
        if info.flag_bits & 1 or info.compress_type not in _PLAIN or stat.S_ISLNK(info.external_attr >> 16):
            says = message("The file %(name)s is encrypted, a link, or packed in an unusual way.", name=info.filename)
            raise Refusal(says)


def _named(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files by the names they have in a pack."""
    base = next((name[: -len("matter.yaml")] for name in sorted(files, key=len) if _is_matter(name)), None)
    if base is None:
        raise Refusal(message("There is no matter.yaml in the archive: it is no pack."))
    named = {name.removeprefix(base): content for name, content in files.items()}
    for name in named:
        if not NAMES.fullmatch(name):
            raise Refusal(message("A pack has no file called %(name)s.", name=name[:200]))
    return named


def _is_matter(name: str) -> bool:
    return name == "matter.yaml" or name.endswith("/matter.yaml")


def make_archive(files: Mapping[str, bytes]) -> bytes:
    """Files as one archive, byte for byte the same for the same files; they need not make a pack."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
