"""Applications for packages, and which matters take part in each."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy
from uuid6 import uuid7

from jianguan.licensing.matters.service import Case, PackVersion


class Package(models.Model):
    """An application for a package of matters, from its draft to the last decision.

    It keeps its definition, so that a later one changes nothing for it. `record` are the answers to the one form, sensitive
    ones encrypted; matters that wait are applied for with them. The three figures are told once everything is decided.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.TextField()
    definition = models.JSONField()
    number = models.TextField(null=True, unique=True)
    title = models.TextField()
    region = models.TextField()
    project_id = models.UUIDField()
    applicant_id = models.UUIDField()  # organisation
    applicant_name = models.TextField()
    created_at = models.DateTimeField()
    record = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    window = models.TextField(blank=True)  # the page that saved last; it may save again without asking
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    serial_days = models.PositiveSmallIntegerField(null=True)
    parallel_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["applicant_id", "-id"], name="package_applicant"),
            models.Index(fields=["project_id"], name="package_project"),
            models.Index(fields=["key"], condition=models.Q(serial_days__isnull=False), name="package_measured"),
        ]


class Standing(models.TextChoices):
    """How far a matter of a package is, before and beside its case."""

    WAITING = "waiting", gettext_lazy("Waiting for a result")
    APPLIED = "applied", pgettext_lazy("matter of a package", "Applied for")
    HELD = "held", gettext_lazy("Not applied for yet")
    CANCELLED = "cancelled", gettext_lazy("Dropped")


class Member(models.Model):
    """A matter of a package application; its version is pinned when the draft is opened."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="members")
    matter = models.TextField()
    position = models.PositiveSmallIntegerField()
    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+")
    chosen = models.BooleanField()
    standing = models.TextField(choices=Standing, default=Standing.WAITING)
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="+")
    because = models.TextField(blank=True)  # the matter whose result dropped it
    held_by = models.JSONField(null=True)  # why it could not be applied for, in both languages

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "matter"], name="package_matter")]
