"""Messages to people."""

from __future__ import annotations

from django.db import models
from uuid6 import uuid7


class Notice(models.Model):
    """A message to one account or to all of an organisation.

    The sentence is kept as template and parameters and is put into the reader's language when read.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    template = models.TextField()
    params = models.JSONField(default=dict)
    link = models.TextField(blank=True)
    dedup_key = models.TextField(unique=True)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "id"], name="notice_account"),
            models.Index(fields=["organisation_id", "id"], name="notice_organisation"),
        ]
