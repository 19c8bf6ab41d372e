"""Documents: contents stored once by their hash, and the uses made of them."""

from __future__ import annotations

from django.db import models
from uuid6 import uuid7


class Blob(models.Model):
    """A stored content, named by its SHA-256 (hex). Never changed, never stored twice."""

    sha256 = models.TextField(primary_key=True)
    size = models.BigIntegerField()
    media_type = models.TextField()
    stored_at = models.DateTimeField()


class Document(models.Model):
    """One use of a content: under which name, for what, by whom. Who may read it follows from the subject."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="uses")
    filename = models.TextField()
    subject_type = models.TextField()
    subject_id = models.UUIDField()
    slot = models.TextField()
    uploaded_by = models.UUIDField(null=True)
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "slot", "id"], name="document_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "slot", "blob", "filename"],
                condition=models.Q(removed_at=None),
                name="document_attached_once",
            )
        ]
