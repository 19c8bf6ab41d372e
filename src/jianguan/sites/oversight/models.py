"""Supervision files and who supervises."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from uuid6 import uuid7


class SupervisionFile(models.Model):
    """The supervision file 监督档案 of permitted works: opened when the permit is issued."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField(unique=True)
    project_id = models.UUIDField()
    permit_number = models.TextField(unique=True)
    works_name = models.TextField()
    owner_name = models.TextField()
    region = models.TextField()
    quality_number = models.TextField(unique=True)  # 质量监督注册号
    safety_number = models.TextField(unique=True)  # 安全监督注册号
    status = models.TextField(default="open")
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["region", "-id"], opclasses=["text_pattern_ops", "uuid_ops"], name="supervision_region"
            ),
            models.Index(fields=["project_id"], name="supervision_project"),
        ]


class Assignment(models.Model):
    """That a supervisor is bound to a file for a speciality, from one instant until another.

    While it lasts, the supervisor sees and acts on the project; the day it ends, no longer. History stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(SupervisionFile, on_delete=models.PROTECT, related_name="assignments")
    speciality = models.TextField()  # quality, safety
    account_id = models.UUIDField()
    name = models.TextField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file", "speciality", "account_id"], condition=Q(valid_until=None), name="assigned_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="assignment_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["account_id", "valid_until"], name="assignment_account")]
