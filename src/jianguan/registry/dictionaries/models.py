"""Dictionaries: the closed lists that records refer to by code."""

from __future__ import annotations

from django.db import models


class Term(models.Model):
    """One item of a dictionary 字典项."""

    dictionary = models.TextField()
    code = models.TextField()
    name = models.TextField()
    name_en = models.TextField()
    rank = models.PositiveSmallIntegerField()
    confidence = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dictionary", "code"], name="dictionary_term")]
