"""Reading documents. Whoever asks has been allowed to see the subject they are attached to."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import QuerySet

from jianguan.platform.documents.actions import storage_key
from jianguan.platform.documents.models import Blob, Document


def of_subject(subject_type: str, subject_id: UUID) -> QuerySet[Document]:
    """Documents attached to something, oldest first."""
    return (
        Document.objects.filter(subject_type=subject_type, subject_id=subject_id, removed_at=None)
        .select_related("blob")
        .order_by("slot", "id")
    )


def by_id(document_id: UUID) -> Document | None:
    """One document, also one that was taken off again."""
    return Document.objects.select_related("blob").filter(pk=document_id).first()


def by_ids(document_ids: Collection[UUID]) -> dict[UUID, Document]:
    """Documents by id, in one query, also those that were taken off again."""
    return Document.objects.select_related("blob").in_bulk(list(document_ids))


def content(sha256: str) -> bytes:
    """A stored content.

    Raises:
        FileNotFoundError: there is none.
    """
    with default_storage.open(storage_key(sha256)) as file:
        return bytes(file.read())


def is_stored(sha256: str) -> bool:
    """Whether a content is there, in the database and in the store."""
    return Blob.objects.filter(pk=sha256).exists() and default_storage.exists(storage_key(sha256))
