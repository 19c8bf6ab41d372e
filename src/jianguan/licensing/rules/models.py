"""What the decision tables said, kept as the reason of decisions."""

from __future__ import annotations

from django.db import models
from uuid6 import uuid7


class Check(models.Model):
    """One evaluation of a decision table for a case. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField()
    occasion = models.TextField()  # the node of the process that asked
    round = models.PositiveIntegerField()  # evaluations of one asking belong together
    table = models.TextField()
    result = models.TextField()  # passed, hint, failed
    evaluation = models.JSONField()
    evidence = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case_id", "round"], name="check_case")]


class Override(models.Model):
    """That an officer found otherwise than a check, and why. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    check_row = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="overrides")
    actor_id = models.UUIDField()
    reason = models.TextField()
    at = models.DateTimeField()
