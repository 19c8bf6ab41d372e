"""The container of an OFD file (GB/T 33190, 7.2): a ZIP package in exactly one form.

Files are stored, not deflated: two deflaters give different bytes for the same content, and a package that cannot be
built again byte for byte could be changed unseen.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from jianguan.kernel.certificates.errors import CertificateError
from jianguan.kernel.messages import message

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
VERSION, NO_TIME, FIRST_DAY = 20, 0, 0x21  # ZIP 2.0; 1 January 1980
LARGEST = 32 * 2**20
MOST_FILES = 1000


def pack(files: Mapping[str, bytes]) -> bytes:
    """The package; names are ASCII, the order is that of the mapping."""
    out, directory = bytearray(), bytearray()
    for name, content in files.items():
        encoded = name.encode("ascii")
        about = (0, 0, NO_TIME, FIRST_DAY, zlib.crc32(content), len(content), len(content), len(encoded), 0)
        directory += CENTRAL.pack(b"PK\1\2", VERSION, VERSION, *about, 0, 0, 0, 0, len(out)) + encoded
        out += LOCAL.pack(b"PK\3\4", VERSION, *about) + encoded + content
    end = END.pack(b"PK\5\6", 0, 0, len(files), len(files), len(directory), len(out), 0)
    return bytes(out + directory + end)


def unpack(data: bytes) -> dict[str, bytes]:
    """The files of a package that `pack` made.

    Raises:
        CertificateError: it is damaged, has a file twice, or anything in it is not where `pack` puts it.
    """
    if len(data) > LARGEST:
        raise CertificateError(
            message("The file is larger than any certificate: at most %(limit)d MB.", limit=LARGEST // 2**20)
        )
    files: dict[str, bytes] = {}
    at = 0
    while data.startswith(b"PK\3\4", at) and len(files) < MOST_FILES:
        name, content, at = _file(data, at)
        if name in files:
            raise CertificateError(message("The package holds the file %(name)s twice.", name=name))
        files[name] = content
    if not files or pack(files) != data:
        raise CertificateError(message("The package was changed: it is not made of the only bytes it can be made of."))
    return files


def _file(data: bytes, at: int) -> tuple[str, bytes, int]:
    try:
        *_, size, _, name_size, extra = LOCAL.unpack_from(data, at)
        start = at + LOCAL.size
        name = data[start : start + name_size].decode("ascii")
    except (struct.error, UnicodeDecodeError) as error:
        raise CertificateError(message("The package is damaged: its files cannot be read.")) from error
    start += name_size + extra
    return name, data[start : start + size], start + size
