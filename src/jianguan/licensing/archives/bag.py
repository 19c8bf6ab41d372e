"""The BagIt package of a box (RFC 8493, version 1.0), written as a ZIP while it is read: stored, never deflated.

    <name>/bagit.txt, bag-info.txt, manifest-sha256.txt, tagmanifest-sha256.txt
    <name>/data/…

Contents are named by their SHA-256, so both manifests, and with them all a journal entry says of the package, are known
before the first document is read. The `bagit` library wants the whole package in a folder; hence this.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from jianguan.platform import clock

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
BAGIT, INFO, MANIFEST, TAG_MANIFEST = "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"
TAG_FILES = frozenset({BAGIT, INFO, MANIFEST})
PAYLOAD = "data/"
OXUM = "Payload-Oxum"
_LINE = re.compile(r"(?P<sha256>[0-9a-f]{64})  (?P<path>[!-~]+)")


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """A file of the payload: what is known of it beforehand, and what reads it, piece by piece."""

    path: str
    sha256: str
    size: int
    read: Callable[[], Iterable[bytes]]

    @classmethod
    def of(cls, path: str, content: bytes) -> PayloadFile:
        """A small file that is there already."""
        return cls(path, hashlib.sha256(content).hexdigest(), len(content), lambda: (content,))


@dataclass(frozen=True, slots=True)
class Bag:
    """A package as it will be written; `name` is its folder, `tags` its files beside the payload."""

    name: str
    payload: tuple[PayloadFile, ...]
    tags: Mapping[str, bytes]
    at: datetime

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the manifest of the payload: who has it can tell whether any file was changed."""
        return hashlib.sha256(self.tags[MANIFEST]).hexdigest()

    @property
    def octets(self) -> int:
        """Bytes of the payload."""
        return sum(file.size for file in self.payload)


def pack(name: str, payload: Iterable[PayloadFile], info: Mapping[str, str], at: datetime) -> Bag:
    """Put a package together; nothing of the documents is read."""
    files = tuple(sorted(payload, key=lambda file: file.path))
    oxum = f"{sum(file.size for file in files)}.{len(files)}"
    said = {**info, "Bagging-Date": clock.legal_day(at).isoformat(), OXUM: oxum}
    tags = {
        BAGIT: DECLARATION,
        INFO: "".join(f"{label}: {' '.join(value.split())}\n" for label, value in said.items()).encode(),
        MANIFEST: _manifest((file.path, file.sha256) for file in files),
    }
    listed = ((path, hashlib.sha256(content).hexdigest()) for path, content in sorted(tags.items()))
    return Bag(name, files, {**tags, TAG_MANIFEST: _manifest(listed)}, at)


def _manifest(files: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{sha256}  {path}\n" for path, sha256 in files).encode("ascii")


def read_manifest(content: bytes) -> dict[str, str]:
    """The digests of a manifest by path.

    Raises:
        ValueError: it is not written the one way this room writes manifests.
    """
    found: dict[str, str] = {}
    for line in content.decode("ascii").splitlines(keepends=True):
        parts = _LINE.fullmatch(line.removesuffix("\n"))
        if parts is None or parts["path"] in found:
            raise ValueError(line)
        found[parts["path"]] = parts["sha256"]
    if _manifest(found.items()) != content:
        raise ValueError("line ends")
    return found


def zipped(bag: Bag) -> Iterator[bytes]:
    """The package as a ZIP, in pieces, with never more in memory than one of them.

    Raises:
        ValueError: a content is not what its name says; what was written until then is no ZIP.
    """
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        for file in (*(PayloadFile.of(path, content) for path, content in bag.tags.items()), *bag.payload):
            for _ in _write(archive, bag, file):
                yield from sink.taken()
    yield from sink.taken()


def _write(archive: ZipFile, bag: Bag, file: PayloadFile) -> Iterator[None]:
    """Write one file; what was written may be taken away after each step."""
    local = bag.at.astimezone(clock.LEGAL_ZONE)
    info = ZipInfo(f"{bag.name}/{file.path}", (local.year, local.month, local.day, local.hour, local.minute, 0))
    info.file_size, info.external_attr = file.size, 0o440 << 16
    digest = hashlib.sha256()
    with archive.open(info, "w") as target:
        for piece in file.read():
            digest.update(piece)
            target.write(piece)
            yield
    if digest.hexdigest() != file.sha256:
        raise ValueError(f"{file.path} is not what its name says")
    yield


class _Sink(io.RawIOBase):
    """Where the ZIP is written to: it grows at one end and is taken away at the other."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> Iterator[bytes]:
        """What was written since it was asked last."""
        pieces, self._pieces = self._pieces, []
        yield from pieces
