"""Receipts of acts that were carried out."""

from __future__ import annotations

from django.db import models


class Receipt(models.Model):
    """One act, by the id its caller gave it. Repeating the id returns `answer` and does nothing."""

    command_id = models.UUIDField(primary_key=True)
    action = models.TextField()
    actor_id = models.UUIDField(null=True)
    digest = models.BinaryField()
    answer = models.JSONField(null=True)
    at = models.DateTimeField()
