"""Storing documents."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import PurePath
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from jianguan.platform import clock
from jianguan.platform.documents.inspection import inspect
from jianguan.platform.documents.models import Blob, Document

NAME_LIMIT = 180


def storage_key(sha256: str) -> str:
    """Where a content is kept; the same key on disk and in an object store."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def store(data: bytes, media_type: str) -> Blob:
    """Store a content; storing the same content again changes nothing."""
    sha256 = hashlib.sha256(data).hexdigest()
    key = storage_key(sha256)
    if not default_storage.exists(key):
        default_storage.save(key, ContentFile(data))
    blob, _ = Blob.objects.get_or_create(
        sha256=sha256, defaults={"size": len(data), "media_type": media_type, "stored_at": clock.now()}
    )
    return blob


def attach_upload(
    data: bytes, filename: str, subject: tuple[str, UUID], slot: str, uploaded_by: UUID | None
) -> Document:
    """Inspect an upload, store it and attach it to what it is for.

    Raises:
        Refusal: the file is not acceptable; nothing is stored.
    """
    name = clean_name(filename)
    media_type = inspect(data, name, settings.UPLOAD_LIMIT)
    return attach(store(data, media_type.name), name, subject, slot, uploaded_by)


def attach(blob: Blob, filename: str, subject: tuple[str, UUID], slot: str, uploaded_by: UUID | None) -> Document:
    """Attach a stored content to what it is for; sending the same file twice attaches it once."""
    subject_type, subject_id = subject
    document, _ = Document.objects.get_or_create(
        blob=blob, filename=filename, subject_type=subject_type, subject_id=subject_id, slot=slot, removed_at=None,
        defaults={"uploaded_by": uploaded_by, "uploaded_at": clock.now()},
    )  # fmt: skip
    return document


def remove(document_id: UUID, subject: tuple[str, UUID]) -> bool:
    """Take a document off a draft. The content stays; the use is ended, not erased."""
    with transaction.atomic():
        found = Document.objects.filter(pk=document_id, subject_type=subject[0], subject_id=subject[1], removed_at=None)
        return found.update(removed_at=clock.now()) == 1


def clean_name(filename: str) -> str:
    """A file name fit to show and to download under: no path, no control characters, not endless."""
    name = PurePath(filename.replace("\\", "/")).name
    name = "".join(ch for ch in unicodedata.normalize("NFC", name) if unicodedata.category(ch)[0] != "C").strip()
    stem, suffix = PurePath(name).stem[:NAME_LIMIT], PurePath(name).suffix[:16]
    return f"{stem}{suffix}".strip(". ") or "file"
