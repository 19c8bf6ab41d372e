"""The calendar of working days."""

from __future__ import annotations

from django.db import models


class Day(models.Model):
    """One day of the calendar: whether it is a working day, and the notice or custom that says so."""

    date = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    notice = models.TextField(blank=True)
