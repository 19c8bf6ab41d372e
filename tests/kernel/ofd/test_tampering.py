"""A byte changed, inserted or deleted anywhere in a sealed OFD file is found: in the package, and in any file of it."""

from __future__ import annotations

import os
import random

import pytest
from tests.kernel.certificates.test_tampering import KINDS, mutated

from jianguan.kernel.ofd import OfdCheck, pack, unpack, verify_ofd
from jianguan.kernel.ofd.sealing import SIGNATURE, VALUE

EVERY_BYTE = bool(os.environ.get("JIANGUAN_EVERY_BYTE"))  # takes a quarter of an hour
STEP = 1 if EVERY_BYTE else 211


def test_a_mutation_of_the_package_is_found(sealed, trust):
    """Every position of what is not a file's content, and of contents every 211th (all with JIANGUAN_EVERY_BYTE)."""
    chance = random.Random(2026)
    contents = []
    for name, content in unpack(sealed).items():
        start = sealed.index(content, sealed.index(name.encode()))
        contents.append(range(start, start + len(content)))
    positions = set(range(len(sealed))).difference(*contents) | set(range(0, len(sealed), STEP))
    for position in sorted(positions):
        kind = chance.choice(KINDS)
        report = verify_ofd(mutated(sealed, position, kind, chance), trust)
        assert not report.intact, (position, kind)


def test_a_mutation_of_any_file_in_a_whole_package_is_found(sealed, trust):
    """The package itself is made anew, so that only seal and references can tell."""
    chance, files = random.Random(33190), unpack(sealed)
    for name, content in files.items():
        step = 1 if EVERY_BYTE or name.endswith("Signatures.xml") else max(1, len(content) // 40)
        for position in range(0, len(content), step):
            kind = chance.choice(KINDS)
            changed = pack({**files, name: mutated(content, position, kind, chance)})
            report = verify_ofd(changed, trust)
            assert not report.intact, (name, position, kind)
            assert report.findings[0].passed


@pytest.mark.parametrize("name", [SIGNATURE, VALUE])
def test_a_mutation_of_the_signature_at_every_position_outside_the_picture_is_found(sealed, trust, name: str):
    chance, files = random.Random(38540), unpack(sealed)
    content = files[name]
    picture = content.find(b"\x89PNG")
    inside = range(picture, content.find(b"IEND", picture)) if picture > 0 else range(0)
    positions = [each for each in range(len(content)) if each not in inside]
    for position in positions[:: 1 if EVERY_BYTE else 3]:
        kind = chance.choice(KINDS)
        report = verify_ofd(pack({**files, name: mutated(content, position, kind, chance)}), trust)
        assert not report.intact, (position, kind)


@pytest.mark.parametrize("junk", [b"", b"PK\3\4", b"PK\5\6" + bytes(18), b"PK\3\4" + b"\xff" * 200, os.urandom(500)])
def test_any_bytes_at_all_are_examined_and_refused(junk: bytes, trust):
    report = verify_ofd(junk, trust)
    assert not report.intact
    assert [finding.check for finding in report.findings] == [OfdCheck.PACKAGE]
    assert report.number is None
    assert report.sealed_by is None
