"""Documents: the same bytes once, named by their hash, under the names people gave them."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st
from tests.databases import undone

from jianguan.platform.documents import service as documents
from jianguan.platform.documents.actions import NAME_LIMIT, storage_key
from jianguan.platform.documents.models import Blob, Document
from jianguan.platform.errors import Refusal


@pytest.fixture
def subject():
    return "case", uuid4()


def on_disk(data: bytes) -> Path:
    return Path(default_storage.path(storage_key(hashlib.sha256(data).hexdigest())))


def leftovers() -> list[Path]:
    return list(Path(default_storage.location).rglob(".new-*"))


@pytest.mark.django_db
class TestStoring:
    def test_a_content_is_named_by_its_hash_and_read_only(self, pdf):
        data = pdf("one")
        blob = documents.store(data, "application/pdf")
        assert (blob.sha256, blob.size) == (hashlib.sha256(data).hexdigest(), len(data))
        assert documents.content(blob.sha256) == data
        assert stat.S_IMODE(on_disk(data).stat().st_mode) == 0o440
        assert on_disk(data).relative_to(default_storage.location).parts == (
            blob.sha256[:2],
            blob.sha256[2:4],
            blob.sha256,
        )

    def test_the_same_bytes_are_stored_once_under_any_names(self, pdf, subject):
        data = pdf("same")
        first = documents.attach_upload(data, "合同.pdf", subject, "contract", None)
        written = on_disk(data).stat()
        second = documents.attach_upload(data, "副本.pdf", ("project", uuid4()), "plan", None)
        assert first.blob_id == second.blob_id
        assert (first.filename, second.filename) == ("合同.pdf", "副本.pdf")
        assert (on_disk(data).stat().st_ino, on_disk(data).stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)

    def test_one_byte_more_is_another_content(self, pdf):
        assert (
            documents.store(pdf("x"), "application/pdf").pk != documents.store(pdf("x") + b"\n", "application/pdf").pk
        )

    def test_a_refused_upload_leaves_nothing(self, subject):
        data = b"<html>not a pdf</html>"
        with pytest.raises(Refusal):
            documents.attach_upload(data, "a.pdf", subject, "contract", None)
        assert not on_disk(data).exists()
        assert not documents.of_subject(*subject).exists()

    def test_a_content_nobody_stored_is_not_found(self):
        missing = hashlib.sha256(b"nobody stored this").hexdigest()
        assert not documents.is_stored(missing)
        with pytest.raises(FileNotFoundError):
            documents.content(missing)

    def test_a_name_cannot_lead_out_of_the_store(self):
        for name in ("../outside", "/etc/passwd", "a/../../outside"):
            with pytest.raises((SuspiciousOperation, ValueError)):
                default_storage.save(name, ContentFile(b"x"))
            with pytest.raises((SuspiciousOperation, ValueError)):
                default_storage.open(name)


@pytest.mark.django_db
class TestUses:
    def test_documents_of_a_thing_come_by_slot_and_age(self, pdf, subject):
        for slot, name in (("b", "1.pdf"), ("a", "2.pdf"), ("b", "3.pdf")):
            documents.attach_upload(pdf(name), name, subject, slot, None)
        documents.attach_upload(pdf("other"), "other.pdf", ("case", uuid4()), "a", None)
        assert [document.filename for document in documents.of_subject(*subject)] == ["2.pdf", "1.pdf", "3.pdf"]

    def test_the_same_file_sent_twice_is_attached_once_until_it_is_taken_off(self, pdf, subject):
        first, again = (documents.attach_upload(pdf("same"), "a.pdf", subject, "a", None) for _ in range(2))
        assert again == first
        assert documents.remove(first.id, subject)
        assert documents.attach_upload(pdf("same"), "a.pdf", subject, "a", None) != first
        assert documents.of_subject(*subject).count() == 1

    def test_taking_off_ends_the_use_and_keeps_the_content(self, pdf, subject):
        document = documents.attach_upload(pdf("off"), "a.pdf", subject, "a", None)
        assert documents.remove(document.id, subject)
        assert not documents.of_subject(*subject).exists()
        assert documents.by_id(document.id).removed_at
        assert documents.is_stored(document.blob_id)
        assert not documents.remove(document.id, subject), "twice is once"

    def test_what_belongs_to_another_cannot_be_taken_off(self, pdf, subject):
        document = documents.attach_upload(pdf("mine"), "a.pdf", subject, "a", None)
        assert not documents.remove(document.id, ("case", uuid4()))
        assert not documents.remove(document.id, ("project", subject[1]))
        assert documents.of_subject(*subject).count() == 1


@pytest.mark.django_db
class TestCrashes:
    def test_a_transaction_that_fails_after_storing_leaves_a_file_and_no_document(self, pdf, subject):
        data = pdf("rolled back")
        with undone():
            documents.attach_upload(data, "a.pdf", subject, "a", None)
        assert on_disk(data).exists()
        assert not documents.is_stored(hashlib.sha256(data).hexdigest())
        assert not Document.objects.filter(subject_id=subject[1]).exists()
        document = documents.attach_upload(data, "a.pdf", subject, "a", None)
        assert documents.content(document.blob_id) == data

    @pytest.mark.parametrize("step", ["fsync", "fdopen"])
    def test_a_write_that_fails_leaves_no_half_file(self, pdf, monkeypatch, step):
        data = pdf(step)
        before = leftovers()

        def full(*_arguments):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, step, full)
        with pytest.raises(OSError, match="No space"):
            documents.store(data, "application/pdf")
        monkeypatch.undo()
        assert not on_disk(data).exists()
        assert leftovers() == before
        assert not Blob.objects.filter(pk=hashlib.sha256(data).hexdigest()).exists()
        assert documents.content(documents.store(data, "application/pdf").pk) == data

    def test_half_a_file_a_killed_process_left_is_never_taken_for_the_content(self, pdf):
        data = pdf("killed")
        on_disk(data).parent.mkdir(parents=True, exist_ok=True)
        half = on_disk(data).with_name(".new-killed")
        half.write_bytes(data[:100])
        assert documents.content(documents.store(data, "application/pdf").pk) == data
        half.unlink()

    def test_a_content_that_was_lost_is_noticed_and_mended_by_the_next_upload(self, pdf):
        data = pdf("lost")
        blob = documents.store(data, "application/pdf")
        on_disk(data).unlink()
        assert not documents.is_stored(blob.pk)
        with pytest.raises(FileNotFoundError):
            documents.content(blob.pk)
        documents.store(data, "application/pdf")
        assert documents.content(blob.pk) == data

    def test_name_and_content_are_on_the_disk_before_the_database_says_so(self, pdf, monkeypatch):
        synced = []
        monkeypatch.setattr(os, "fsync", lambda handle: synced.append(Path(f"/proc/self/fd/{handle}").readlink()))
        data = pdf("power cut")
        documents.store(data, "application/pdf")
        assert [path.name.startswith(".new-") for path in synced] == [True, False]
        assert synced[1] == on_disk(data).parent


def test_a_large_content_is_written_in_pieces(tmp_path, monkeypatch):
    """The store never asks for a whole file at once."""
    asked = []

    class Watched(File):
        def chunks(self, chunk_size=None):
            for chunk in super().chunks(chunk_size):
                asked.append(len(chunk))
                yield chunk

        def read(self, size=-1):
            assert size > 0, "the whole file was asked for"
            return self.file.read(size)

    source = tmp_path / "large"
    source.write_bytes(os.urandom(300_000))
    key = f"zz/zz/{uuid4().hex}"
    with source.open("rb") as file:
        default_storage.save(key, Watched(file))
    assert len(asked) > 1
    with default_storage.open(key) as stored:
        assert stored.read() == source.read_bytes()
    Path(default_storage.path(key)).unlink()


def test_connections_storing_the_same_content_at_once_store_it_once(own_database, at_once, pdf):
    data, subjects = pdf("race"), [("case", uuid4()) for _ in range(6)]
    calls = [lambda subject=subject: documents.attach_upload(data, "a.pdf", subject, "a", None) for subject in subjects]
    answers = at_once(*calls)
    assert [type(answer) for answer in answers] == [Document] * 6
    assert {answer.blob_id for answer in answers} == {hashlib.sha256(data).hexdigest()}
    assert documents.content(answers[0].blob_id) == data
    assert leftovers() == []


class TestNames:
    @pytest.mark.parametrize(
        ("given_name", "kept"),
        [
            ("../../etc/passwd.pdf", "passwd.pdf"),
            ("C:\\Users\\张三\\合同.pdf", "合同.pdf"),
            ("\\\\server\\share\\a.pdf", "a.pdf"),
            ("合同\u202efdp.exe", "合同fdp.exe"),
            ("a\x00\r\nb.pdf", "ab.pdf"),
            ("  合同 .pdf  ", "合同 .pdf"),
            ("e\u0301tude.pdf", "\u00e9tude.pdf"),
            ("施工图（第①版）“终”.pdf", "施工图（第①版）“终”.pdf"),
            *((name, "file") for name in ("", ".", "..", "...", "/", "a/..", "\x00", "..\x00")),
        ],
    )
    def test_of_a_name_only_what_is_fit_to_show_is_kept(self, given_name, kept):
        assert documents.clean_name(given_name) == kept

    def test_a_name_of_two_hundred_characters_keeps_its_extension(self):
        assert documents.clean_name("施" * 200 + ".pdf") == "施" * NAME_LIMIT + ".pdf"

    @given(st.text(max_size=400) | st.text(alphabet="./\\ \x00施a\u202e", max_size=12))
    def test_every_name_becomes_fit(self, name):
        cleaned = documents.clean_name(name)
        assert cleaned.strip(" .") == cleaned != ""
        assert not set(cleaned) & set("/\\")
        assert not [character for character in cleaned if unicodedata.category(character)[0] == "C"]
        assert len(cleaned) <= NAME_LIMIT + 16
        assert documents.clean_name(cleaned) == cleaned
