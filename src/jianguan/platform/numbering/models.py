"""Series that numbers of documents are taken from."""

from __future__ import annotations

from django.db import models


class Series(models.Model):
    """One series of consecutive numbers, for example permits of one authority on one day."""

    key = models.TextField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
