"""Checking an exported package, by anyone and anywhere: needs the file, no database and no installation.

Every file is compared with the manifests and the manifests with each other, so that whatever was changed is named. Then
the proofs: each journal entry leads to a tree head that the key of the log signed, and the entries name the documents.
Someone who rewrites a whole package has to rewrite the log; the key must therefore come from elsewhere to be believed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from jianguan.kernel.messages import Message, message
from jianguan.kernel.transparency.checkpoint import CheckpointError, VerifierKey
from jianguan.kernel.transparency.checkpoint import verify as verify_checkpoint
from jianguan.kernel.transparency.merkle import leaf_hash, verify_inclusion
from jianguan.licensing.archives import bag
from jianguan.licensing.archives.schedule import NOTICE

CATALOGUE, PROOFS = "data/catalogue.json", "data/proofs/"
PIECE = 1 << 20
TEXT_LIMIT = 256 << 20  # a manifest of a million documents has half of it


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a file of the package; the package itself where `file` is empty."""

    file: str
    says: Message


@dataclass(slots=True)
class Report:
    """What the check of a package found.

    Attributes:
        manifest: SHA-256 of its manifest, which the journal entry of the export names.
        key: the verifier key of the log the proofs were checked with.
    """

    findings: list[Finding] = field(default_factory=list)
    files: int = 0
    documents: int = 0
    proofs: int = 0
    manifest: str = ""
    key: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the package is what was exported."""
        return not self.findings

    def found(self, file: str, says: Message) -> None:
        """Note what is wrong with a file."""
        self.findings.append(Finding(file, says))


def verify(path: Path, key: VerifierKey | None = None) -> Report:
    """Check a package against its manifests and its proofs against the key of the log (without one: the key it names)."""
    report = Report()
    try:
        with ZipFile(path) as archive:
            files = _Files(archive, report)
            manifest = _check_manifests(files, report)
            if CATALOGUE in manifest:
                _check_catalogue(files, manifest, report, key)
    except (BadZipFile, NotImplementedError, OSError, EOFError, ValueError):
        report.found("", message("This cannot be read as a package: it is no ZIP, or it is cut off."))
    return report


class _Files:
    """The files of a package by their path in it; reading one that is damaged becomes a finding."""

    def __init__(self, archive: ZipFile, report: Report) -> None:
        self.archive, self.report = archive, report
        self.members: dict[str, ZipInfo] = {}
        roots = {info.filename.partition("/")[0] for info in archive.infolist()}
        if len(roots) != 1:
            report.found("", message("A package is one folder; this has %(count)s.", count=len(roots)))
        for info in archive.infolist():
            path = info.filename.partition("/")[2]
            if path in self.members:
                report.found(path, message("This file is in the package twice."))
            if info.compress_type != ZIP_STORED:
                report.found(path, message("This file is compressed; packages of this product never are."))
            self.members[path] = info

    def pieces(self, path: str) -> Iterator[bytes]:
        """The content piece by piece; ends early, with a finding, where it is damaged."""
        try:
            with self.archive.open(self.members[path]) as file:
                while piece := file.read(PIECE):
                    yield piece
        except (BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError):
            self.report.found(path, message("This file is damaged: its bytes are not those the ZIP was made of."))

    def digest(self, path: str) -> str:
        """SHA-256 of a file, hex."""
        digest = hashlib.sha256()
        for piece in self.pieces(path):
            digest.update(piece)
        return digest.hexdigest()

    def text(self, path: str) -> bytes:
        """A small file as a whole; empty, with a finding, where there is none or it is too large."""
        if path not in self.members:
            self.report.found(path, message("This file is missing."))
            return b""
        if self.members[path].file_size > TEXT_LIMIT:
            self.report.found(path, message("This file is too large for what it is."))
            return b""
        return b"".join(self.pieces(path))


def _check_manifests(files: _Files, report: Report) -> Mapping[str, str]:
    """Compare all files with the manifests; returns that of the payload."""
    if files.text(bag.BAGIT) != bag.DECLARATION:
        report.found(bag.BAGIT, message("This is not the declaration of a BagIt package, version 1.0."))
    tags, payload = _manifest(files, bag.TAG_MANIFEST), _manifest(files, bag.MANIFEST)
    report.manifest = hashlib.sha256(files.text(bag.MANIFEST)).hexdigest()
    in_payload = {path for path in files.members if path.startswith(bag.PAYLOAD)}
    beside = files.members.keys() - in_payload - {bag.TAG_MANIFEST}
    _compare(files, tags, beside | bag.TAG_FILES, bag.TAG_MANIFEST)
    _compare(files, payload, in_payload, bag.MANIFEST)
    report.files = len(in_payload)
    octets = sum(files.members[path].file_size for path in in_payload)
    if f"\n{bag.OXUM}: {octets}.{len(in_payload)}\n".encode() not in b"\n" + files.text(bag.INFO):
        report.found(bag.INFO, message("The number of files or bytes it tells is not that of the package."))
    return payload


def _manifest(files: _Files, path: str) -> Mapping[str, str]:
    try:
        return bag.read_manifest(files.text(path))
    except ValueError:
        files.report.found(path, message("This manifest is not written the way manifests are."))
        return {}


def _compare(files: _Files, listed: Mapping[str, str], there: set[str], manifest: str) -> None:
    for path in sorted(listed.keys() | there):
        if path not in files.members:
            files.report.found(path, message("This file is missing."))
        elif path not in listed:
            files.report.found(path, message("%(manifest)s does not list this file.", manifest=manifest))
        elif files.digest(path) != listed[path]:
            files.report.found(path, message("This file is not the one that %(manifest)s lists.", manifest=manifest))


def _check_catalogue(files: _Files, manifest: Mapping[str, str], report: Report, key: VerifierKey | None) -> None:
    try:
        catalogue = json.loads(files.text(CATALOGUE))
        key = key or VerifierKey.parse(catalogue["log"])
        documents = {one["sha256"]: (one["path"], one["what"]) for one in catalogue["documents"]}
    except (ValueError, KeyError, TypeError, CheckpointError):
        report.found(CATALOGUE, message("This is not a catalogue of this product."))
        return
    report.key, report.documents = str(key), len(documents)
    told = _check_proofs(files, report, key)
    for sha256, (path, what) in documents.items():
        if manifest.get(path) != sha256:
            report.found(path, message("This is not the document the catalogue names."))
        elif (_told_by(files.text(path)) if what == NOTICE else sha256) not in told:
            report.found(path, message("No journal entry of the package names this document."))


def _check_proofs(files: _Files, report: Report, key: VerifierKey) -> set[Hashable]:
    """Check every proof; returns what the entries of the log vouch for: digests of documents, contents of notices."""
    told: set[Hashable] = set()
    for path in sorted(path for path in files.members if path.startswith(PROOFS)):
        try:
            entry = _proved(json.loads(files.text(path)), key)
        except (ValueError, KeyError, TypeError, AttributeError):
            report.found(path, message("This is not a proof of this product."))
            continue
        if entry is None:
            report.found(path, message("The entry is not in the log that the key signs."))
        else:
            report.proofs += 1
            told |= {*entry["documents"], _notice(entry["data"].get("number"), entry["data"].get("items", ()))}
    return told


def _proved(proof: Mapping[str, Any], key: VerifierKey) -> Mapping[str, Any] | None:
    """The entry of a proof; None where the proof does not show that the log contains it."""
    text = proof["entry"]
    hashes = [bytes.fromhex(one) for one in proof["hashes"]]
    try:
        head = verify_checkpoint(proof["checkpoint"], key)
    except CheckpointError:
        return None
    if not verify_inclusion(leaf_hash(text.encode()), int(proof["position"]), head.size, hashes, head.root):
        return None
    entry: Mapping[str, Any] = json.loads(text)
    return entry if head.origin == key.name else None


def _told_by(content: bytes) -> Hashable:
    """What the entry about a notice must say; None where this is no notice."""
    try:
        notice = json.loads(content)
        return _notice(notice["case"], notice["items"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _notice(case: str, items: Iterable[str]) -> Hashable:
    return (case, *(item.strip() for item in items))
