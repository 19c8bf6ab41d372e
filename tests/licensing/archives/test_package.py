"""The exported package: verifiable by anyone, streamed, journalled; whatever is changed in it is found and named."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from django.db import transaction

from jianguan.config.demonstration import timeline
from jianguan.kernel.transparency.checkpoint import VerifierKey
from jianguan.licensing.archives import bag as bags
from jianguan.licensing.archives import service as archives
from jianguan.licensing.archives.bag import PayloadFile
from jianguan.licensing.archives.exporting import _harmless
from jianguan.platform import clock
from jianguan.platform.documents import service as documents
from jianguan.platform.documents.models import Blob
from jianguan.platform.errors import Conflict, NotFound, Refusal
from jianguan.platform.journal import service as journal
from jianguan.platform.journal.models import Entry


def contents(package: Path) -> dict[str, bytes]:
    with ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(package: Path, files: dict[str, bytes], compression: int = ZIP_STORED) -> Path:
    with ZipFile(package, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return package


def one(package: Path, pattern: str) -> str:
    """The first file whose path in the package fits."""
    return next(name for name in sorted(contents(package)) if re.search(pattern, name))


def path_in(name: str) -> str:
    return name.partition("/")[2]


EVERY_KIND = [
    r"/bagit\.txt", r"/bag-info\.txt", r"/manifest-sha256\.txt", r"/tagmanifest-sha256\.txt", r"/data/catalogue\.csv",
    r"/data/catalogue\.json", r"/data/documents/.*\.pdf", r"/data/documents/.*\.json", r"/data/proofs/",
]  # fmt: skip


def test_a_package_verifies(package):
    report = archives.verify(package, journal.verifier_key())
    assert report.findings == []
    assert report.documents == 4
    assert report.proofs > 5
    assert report.key == str(journal.verifier_key())


def test_it_is_a_bag_as_rfc_8493_says(package):
    files = {path_in(name): content for name, content in contents(package).items()}
    assert files["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    for manifest, listed in (("manifest-sha256.txt", "data/"), ("tagmanifest-sha256.txt", "")):
        lines = files[manifest].decode().splitlines()
        assert lines
        for digest, path in (line.split("  ", 1) for line in lines):
            assert path.startswith(listed)
            assert hashlib.sha256(files[path]).hexdigest() == digest
    payload = [content for path, content in files.items() if path.startswith("data/")]
    assert f"Payload-Oxum: {sum(map(len, payload))}.{len(payload)}" in files["bag-info.txt"].decode()


@pytest.mark.parametrize("pattern", EVERY_KIND)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_flipped_byte_is_found_and_its_file_named(package, pattern, place):
    files = contents(package)
    name = one(package, pattern)
    changed = bytearray(files[name])
    changed[{"first": 0, "middle": len(changed) // 2, "last": -1}[place]] ^= 1
    report = archives.verify(rewrite(package, {**files, name: bytes(changed)}))
    named = {finding.file for finding in report.findings}
    if path_in(name) == "tagmanifest-sha256.txt":  # nothing lists it: it or what it lists is named
        assert any("tagmanifest" in f.file or "tagmanifest" in str(f.says) for f in report.findings)
    else:
        assert path_in(name) in named


@pytest.mark.parametrize("pattern", EVERY_KIND)
def test_a_byte_flipped_in_the_zip_itself_is_found_and_its_file_named(package, pattern):
    name = one(package, pattern)
    raw = bytearray(package.read_bytes())
    raw[raw.index(contents(package)[name]) + 5] ^= 1
    package.write_bytes(bytes(raw))
    assert path_in(name) in {finding.file for finding in archives.verify(package).findings}


@pytest.mark.parametrize("pattern", EVERY_KIND)
def test_a_file_that_is_gone_is_named(package, pattern):
    files = contents(package)
    name = one(package, pattern)
    del files[name]
    assert path_in(name) in {finding.file for finding in archives.verify(rewrite(package, files)).findings}


def test_a_file_that_was_slipped_in_is_named(package):
    files = contents(package)
    root = next(iter(files)).partition("/")[0]
    for extra in ("data/documents/more.pdf", "more.txt"):
        report = archives.verify(rewrite(package, {**files, f"{root}/{extra}": b"more"}))
        assert extra in {finding.file for finding in report.findings}


def resealed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with manifests made anew, as someone would who knows the format."""
    root = next(iter(files)).partition("/")[0]
    payload = {path_in(name): content for name, content in files.items() if "/data/" in name}
    made = bags.pack(root, [PayloadFile.of(p, c) for p, c in payload.items()], {}, clock.now())
    return {f"{root}/{path}": content for path, content in (payload | dict(made.tags)).items()}


def test_a_document_exchanged_with_new_manifests_is_betrayed_by_the_journal(package):
    files = contents(package)
    name = one(package, r"/data/documents/.*\.pdf")
    old, new = name.rpartition("/")[2].removesuffix(".pdf"), hashlib.sha256(b"forged").hexdigest()
    del files[name]
    files[name.replace(old, new)] = b"forged"
    catalogue = one(package, r"/data/catalogue\.json")
    files[catalogue] = files[catalogue].replace(old.encode(), new.encode())
    report = archives.verify(rewrite(package, resealed(files)))
    assert [finding.file for finding in report.findings] == [path_in(name.replace(old, new))]
    assert "No journal entry" in str(report.findings[0].says)


def test_a_notice_rewritten_with_new_manifests_is_betrayed_by_the_journal(package):
    files = contents(package)
    name = one(package, r"/data/documents/.*\.json")
    old, changed = (
        name.rpartition("/")[2].removesuffix(".json"),
        files.pop(name).replace("签章".encode(), "公章".encode()),
    )
    new = hashlib.sha256(changed).hexdigest()
    files[name.replace(old, new)] = changed
    catalogue = one(package, r"/data/catalogue\.json")
    files[catalogue] = files[catalogue].replace(old.encode(), new.encode())
    report = archives.verify(rewrite(package, resealed(files)))
    assert [finding.file for finding in report.findings] == [path_in(name.replace(old, new))]


def test_calling_a_forged_document_a_notice_does_not_help(package):
    files = contents(package)
    catalogue = one(package, r"/data/catalogue\.json")
    files[catalogue] = files[catalogue].replace(b'"what": "material"', b'"what": "notice"')
    assert not archives.verify(rewrite(package, resealed(files))).is_good


def test_an_entry_rewritten_with_new_manifests_is_not_in_the_log(package):
    files = contents(package)
    name = one(package, r"/data/proofs/")
    proof = json.loads(files[name])
    proof["entry"] = proof["entry"].replace('"region":"46', '"region":"47')
    files[name] = json.dumps(proof).encode()
    report = archives.verify(rewrite(package, resealed(files)))
    assert [finding.file for finding in report.findings] == [path_in(name)]


@pytest.mark.parametrize(
    "change", [{"position": 10**9}, {"hashes": []}, {"hashes": ["zz"]}, {"checkpoint": "x"}, {"entry": 1}]
)
def test_a_proof_that_proves_nothing_is_named(package, change):
    files = contents(package)
    name = one(package, r"/data/proofs/")
    files[name] = json.dumps(json.loads(files[name]) | change).encode()
    report = archives.verify(rewrite(package, resealed(files)))
    assert path_in(name) in {finding.file for finding in report.findings}


def test_a_package_of_another_log_is_told_by_the_key(package):
    other = VerifierKey("example.invalid/journal", bytes(range(32)))
    report = archives.verify(package, other)
    assert {finding.file.rpartition("/")[0] for finding in report.findings} == {"data/proofs", "data/documents"}
    assert report.proofs == 0


@pytest.mark.parametrize("cut", [0, 10, 1000, -1])
def test_what_is_cut_off_is_no_package(package, cut):
    package.write_bytes(package.read_bytes()[:cut])
    assert not archives.verify(package).is_good


def test_a_compressed_or_doubled_file_is_not_accepted(package):
    files = contents(package)
    assert not archives.verify(rewrite(package, files, ZIP_DEFLATED)).is_good
    rewrite(package, files)
    name = one(package, r"/bagit\.txt")
    with pytest.warns(UserWarning, match="Duplicate"), ZipFile(package, "a") as archive:
        archive.writestr(name, files[name])
    assert "bagit.txt" in {finding.file for finding in archives.verify(package).findings}


@pytest.mark.parametrize("text", [b"[]", b"{}", b"\xff", b'{"log": "x", "documents": []}'])
def test_a_catalogue_that_is_none_is_named(package, text):
    files = contents(package)
    files[one(package, r"/data/catalogue\.json")] = text
    report = archives.verify(rewrite(package, resealed(files)))
    assert [finding.file for finding in report.findings] == ["data/catalogue.json"]


def test_the_catalogue_names_every_document_and_masks_people(package, corrected):
    files = {path_in(name): content for name, content in contents(package).items()}
    catalogue = json.loads(files["data/catalogue.json"])
    listed = {one["path"] for one in catalogue["documents"]}
    assert listed == {path for path in files if path.startswith("data/documents/")}
    by = {use["by"] for document in catalogue["documents"] for use in document["uses"]}
    assert all("*" in name for name in by if name)
    table = list(csv.DictReader(io.StringIO(files["data/catalogue.csv"].decode("utf-8-sig"))))
    assert len(table) == sum(len(document["uses"]) for document in catalogue["documents"])
    everything = files["data/catalogue.csv"] + files["data/catalogue.json"]
    assert b"460103199001011234" not in everything
    assert corrected.case.number.encode() in everything


def test_no_cell_of_the_table_is_a_formula():
    assert _harmless("=1+1.pdf") == "'=1+1.pdf"
    assert _harmless("合同.pdf") == "合同.pdf"


# --- leaving


def exported() -> list[journal.Fact]:
    return journal.facts(Entry.objects.filter(kind="archive.exported").select_related("place").order_by("id"))


def test_every_export_is_journalled_with_the_digest_of_its_manifest(package, corrected, box):
    (fact,) = exported()
    assert (fact.subject_type, fact.subject_id) == ("project", box.id)
    assert fact.actor_id == corrected.world.actor("head").id
    assert fact.data["manifest"] == archives.verify(package).manifest
    assert fact.data["documents"] == 4


def test_a_second_click_is_the_same_export(corrected, box):
    actor, attempt = corrected.world.actor("head"), uuid4()
    with clock.standing_at(clock.now()):
        first, second = (archives.export(actor, box.kind, box.id, attempt) for _ in range(2))
    assert first.digest == second.digest
    assert len(exported()) == 1


def test_another_package_is_another_entry(corrected, box):
    actor, attempt = corrected.world.actor("head"), uuid4()
    first = archives.export(actor, box.kind, box.id, attempt)
    timeline.settle()  # a new tree head makes other proofs
    second = archives.export(actor, box.kind, box.id, attempt)
    assert [fact.data["manifest"] for fact in exported()] == [first.digest, second.digest]


def test_the_applicant_takes_no_words_said_inside_the_office_away(corrected, box, tmp_path):
    path = tmp_path / "own.zip"
    for username, told in (("head", True), ("agent2", False)):
        bag = archives.export(corrected.world.actor(username), box.kind, box.id, uuid4())
        path.write_bytes(b"".join(archives.zipped(bag)))
        proofs = b"".join(content for name, content in contents(path).items() if "/data/proofs/" in name)
        assert ("质量保证措施".encode() in proofs) is told
        report = archives.verify(path, journal.verifier_key())
        assert report.is_good, "every document is vouched for all the same"
        assert "合同缺少签章".encode() in proofs, "what the applicant was told stays"
        assert report.proofs


def test_a_stranger_exports_nothing(corrected, box):
    with pytest.raises(NotFound):
        archives.export(corrected.world.actor("agent"), box.kind, box.id, uuid4())
    assert exported() == []


def test_an_empty_box_is_not_exported(world):
    with pytest.raises(Refusal, match="empty"):
        archives.export(world.actor("head"), "project", world.projects["p06"], uuid4())


def test_a_document_that_is_lost_is_told_before_anything_leaves(corrected, box, monkeypatch):
    monkeypatch.setattr(documents, "is_stored", lambda _: False)
    with pytest.raises(Refusal, match="cannot be found"):
        archives.export(corrected.world.actor("head"), box.kind, box.id, uuid4())
    assert exported() == []


def test_nothing_leaves_before_the_log_has_every_entry(corrected, box):
    kind = journal.kind("case.withdrawn", "Application withdrawn")
    with transaction.atomic():
        journal.record(kind, journal.Subject("case", corrected.case_id, "46"), journal.SYSTEM, {})
    with pytest.raises(Conflict, match="few seconds"):
        archives.export(corrected.world.actor("head"), box.kind, box.id, uuid4())
    assert exported() == []
    timeline.settle()
    assert archives.export(corrected.world.actor("head"), box.kind, box.id, uuid4())


# --- streaming


def test_documents_are_read_one_by_one_while_the_package_is_written():
    size, count = 100_000, 300
    data = bytes(size)
    digest = hashlib.sha256(data).hexdigest()
    begun: list[int] = []

    def reader(number: int) -> Callable[[], list[bytes]]:
        def read() -> list[bytes]:
            begun.append(number)
            return [data[:50_000], data[50_000:]]

        return read

    payload = [PayloadFile(f"data/documents/{n:04}", digest, size, reader(n)) for n in range(count)]
    bag = bags.pack("many", payload, {}, clock.now())
    assert begun == [], "the manifest is known before anything is read"
    written = 0
    for piece in bags.zipped(bag):
        assert len(piece) <= 50_000
        written += len(piece)
        assert len(begun) * size <= written + 2 * size, "nothing is read ahead"
    assert written > size * count


def test_a_content_that_rotted_in_the_store_breaks_the_package_off(corrected, box):
    bag = archives.export(corrected.world.actor("head"), box.kind, box.id, uuid4())
    rotten = [PayloadFile(f.path, f.sha256, f.size, lambda f=f: [bytes(f.size)]) for f in bag.payload]
    broken = bags.Bag(bag.name, tuple(rotten), bag.tags, bag.at)
    with pytest.raises(ValueError, match="not what its name says"):
        b"".join(archives.zipped(broken))


def test_nothing_of_the_documents_is_read_before_the_first_piece(corrected, box, monkeypatch):
    read: list[str] = []
    content = documents.content
    monkeypatch.setattr(documents, "content", lambda sha256: read.append(sha256) or content(sha256))
    bag = archives.export(corrected.world.actor("head"), box.kind, box.id, uuid4())
    assert read == []
    pieces = archives.zipped(bag)
    next(pieces)
    assert read == []
    b"".join(pieces)
    assert sorted(read) == sorted(f.sha256 for f in bag.payload if Blob.objects.filter(pk=f.sha256).exists())
