"""What is kept of reminders."""

from __future__ import annotations

from django.db import models
from uuid6 import uuid7


class Urging(models.Model):
    """That a head reminded people of a step 催办, with their words. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField(db_index=True)
    item_id = models.UUIDField()
    by_id = models.UUIDField()
    words = models.TextField()
    at = models.DateTimeField()


class Round(models.Model):
    """That people were told on a day what is due. The row is what makes it happen once."""

    day = models.DateField(primary_key=True)
    at = models.DateTimeField()
