"""The typefaces of certificates: the package's own, never the system's, complete for GB 18030-2022 level 3.

Noto Serif SC and Noto Sans SC come from their wheel, the Kai face (楷体) lies beside this module. Ideographs Noto
lacks (60,104 of 87,875) are in a typeface that is stored packed and unpacked when a text first needs it.
"""

from __future__ import annotations

import atexit
import hashlib
import lzma
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import serif_path

from .errors import MissingGlyph

FOLDER = Path(__file__).parent / "fonts"
KAI = FOLDER / "JianguanKai.ttf"
PACKED_RARE = FOLDER / "JianguanRare.ttf.xz"


def folders(*, rare: bool) -> list[str]:
    """Where Typst finds the typefaces; with `rare`, also the large one of rare ideographs."""
    common = [str(FOLDER), str(serif_path().parent)]
    return [*common, str(rare_typeface().parent)] if rare else common


def needs_rare(text: str) -> bool:
    """Whether `text` needs the typeface of rare ideographs.

    Raises:
        MissingGlyph: no typeface has some of its characters; control and invisible characters count as missing.
    """
    uncommon = set(map(ord, text)) - common_coverage() - {0x0A}
    if not uncommon:
        return False
    if missing := uncommon - rare_coverage():
        raise MissingGlyph(map(chr, missing))
    return True


def strings(data: object) -> Iterator[str]:
    """Every text inside a JSON value, keys not included."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from strings(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from strings(value)


@cache
def common_coverage() -> frozenset[int]:
    """The characters of Noto Serif SC and the Kai face together."""
    return coverage(serif_path()) | coverage(KAI)


@cache
def rare_coverage() -> frozenset[int]:
    """The ideographs only the packed typeface has."""
    return coverage(rare_typeface())


def coverage(typeface: Path) -> frozenset[int]:
    """The code points a typeface has a glyph for (its cmap table)."""
    with TTFont(typeface, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def rare_typeface() -> Path:
    """The typeface of rare ideographs, unpacked once for all processes of this user (30 MB, about a second)."""
    packed = PACKED_RARE.read_bytes()
    name = f"jianguan/typefaces-{hashlib.sha256(packed).hexdigest()[:16]}"
    try:
        return _unpack(packed, Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / name)
    except (OSError, RuntimeError):  # no home or a read-only one: a private folder for this process
        private = tempfile.mkdtemp(prefix="jianguan-")
        atexit.register(shutil.rmtree, private, ignore_errors=True)
        return _unpack(packed, Path(private))


def _unpack(packed: bytes, folder: Path) -> Path:
    """Write under a name of its own and rename: another process sees the whole file or none."""
    typeface = folder / "JianguanRare.ttf"
    if not typeface.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
            part.write(lzma.decompress(packed))
        Path(part.name).replace(typeface)
    return typeface
