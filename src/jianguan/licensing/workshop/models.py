"""Working copies of matters: their files, and how far they are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy
from uuid6 import uuid7


class CopyState(models.TextChoices):
    """How far a working copy is."""

    OPEN = "open", pgettext_lazy("working copy", "Being changed")
    SUBMITTED = "submitted", pgettext_lazy("working copy", "Sent for approval")
    DISCARDED = "discarded", pgettext_lazy("working copy", "Discarded")


class WorkingCopy(models.Model):
    """The next version of a matter while one person changes it 编制中的版本.

    `base` is the published version it began from; `proposal_id` what it became when it was sent for approval.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.TextField()
    base = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    owner_id = models.UUIDField()
    state = models.TextField(choices=CopyState, default=CopyState.OPEN)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    proposal_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_id", "matter"], condition=Q(state="open"), name="copy_one_open")
        ]


class WorkingFile(models.Model):
    """A file of a working copy. `revision` rises with every change: who changes it names the one that was seen."""

    copy = models.ForeignKey(WorkingCopy, on_delete=models.CASCADE, related_name="files")
    name = models.TextField()
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["copy", "name"], name="copy_file")]
