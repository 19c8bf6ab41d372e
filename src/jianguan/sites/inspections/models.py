"""Inspections of sites, their sheets and versions, plans, draws."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from uuid6 import uuid7

from jianguan.platform.privacy.service import EncryptedTextField


class Kind(models.TextChoices):
    """Why a site is inspected."""

    ROUTINE = "routine", _("Routine inspection")
    SPECIAL = "special", _("Special inspection")
    PATROL = "patrol", _("Patrol")
    DOUBLE_RANDOM = "double_random", _("Double-random inspection")
    COMPLAINT = "complaint", _("Inspection after a complaint")


class State(models.TextChoices):
    """Where an inspection stands. What was submitted is locked; a correction that was approved opens it again."""

    DRAFT = "draft", pgettext_lazy("inspection", "Being filled in")
    SUBMITTED = "submitted", pgettext_lazy("inspection", "Submitted")
    CORRECTING = "correcting", pgettext_lazy("inspection", "Being corrected")


class PlanLine(models.Model):
    """A line of a plan 监督检查计划: so many inspections of a kind in a period, of a place or of one file."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.TextField()
    file = models.ForeignKey("oversight.SupervisionFile", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    kind = models.TextField(choices=Kind)
    first_day = models.DateField()
    last_day = models.DateField()
    wanted = models.PositiveSmallIntegerField()
    made_by = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["region", "-id"], opclasses=["text_pattern_ops", "uuid_ops"], name="plan_line_region")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="plan_line_ends_after_it_begins")
        ]


class PatrolQuota(models.Model):
    """How many patrols a file gets each week; a file without one has no quota."""

    file = models.OneToOneField(
        "oversight.SupervisionFile", on_delete=models.PROTECT, related_name="patrol_quota", primary_key=True
    )
    per_week = models.PositiveSmallIntegerField()
    set_by = models.UUIDField()
    set_at = models.DateTimeField()


class Draw(models.Model):
    """A double-random draw 双随机抽取: frozen lists and a sealed seed first, the draw itself afterwards.

    `frozen` are the lists and rules; `commitment` is the SHA-256 of them and the seed, which the journal entry
    `committed_in` holds. One draw of a place is open at a time: nobody seals several and opens the one that pleases.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.TextField()
    title = models.TextField()
    frozen = models.JSONField()
    seed = EncryptedTextField()
    commitment = models.TextField()
    committed_by = models.UUIDField()
    committed_at = models.DateTimeField()
    committed_in = models.UUIDField()
    plan_line = models.OneToOneField(PlanLine, on_delete=models.PROTECT, related_name="draw")
    chosen = models.JSONField(null=True)  # [{"file", "inspectors": [two]}]
    held_by = models.UUIDField(null=True)
    held_at = models.DateTimeField(null=True)
    held_in = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["region", "-id"], opclasses=["text_pattern_ops", "uuid_ops"], name="draw_region")
        ]
        constraints = [
            models.UniqueConstraint(fields=["region"], condition=Q(held_at=None), name="draw_one_sealed"),
            models.CheckConstraint(condition=Q(held_at=None) ^ Q(chosen__isnull=False), name="draw_held_with_result"),
        ]


class Recusal(models.Model):
    """That a person does not inspect a site 回避, from when until when, and why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey("oversight.SupervisionFile", on_delete=models.PROTECT, related_name="+")
    account_id = models.UUIDField()
    name = models.TextField()
    reason = models.TextField()
    entered_by = models.UUIDField()
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "account_id"], condition=Q(ended_at=None), name="recused_once")
        ]


class Inspection(models.Model):
    """A supervision inspection 监督检查 of a site, by at least two inspectors, with the checklist of a standard.

    `revision` counts changes of its cover (day, absent categories, clauses); each sheet counts its own, so that two
    inspectors fill in different sheets at the same time. `total`, `grade` and `zeros` are those of the newest edition.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.TextField(unique=True)
    file = models.ForeignKey("oversight.SupervisionFile", on_delete=models.PROTECT, related_name="inspections")
    region = models.TextField()
    kind = models.TextField(choices=Kind)
    checklist = models.TextField()
    state = models.TextField(choices=State, default=State.DRAFT)
    plan_line = models.ForeignKey(PlanLine, null=True, on_delete=models.PROTECT, related_name="inspections")
    planned_on = models.DateField()
    held_on = models.DateField(null=True)
    remark = models.TextField(blank=True)
    absent = models.JSONField(default=dict)  # category → why it is not there
    revision = models.PositiveIntegerField(default=1)
    begun_by = models.UUIDField()
    begun_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    grade = models.TextField(blank=True)
    zeros = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["region", "-id"], opclasses=["text_pattern_ops", "uuid_ops"], name="inspection_region"
            ),
            models.Index(fields=["file", "-id"], name="inspection_file"),
        ]


class Inspector(models.Model):
    """Who carries out an inspection."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="inspectors")
    account_id = models.UUIDField()
    name = models.TextField()
    unit = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "account_id"], name="inspector_once")]
        indexes = [models.Index(fields=["account_id"], name="inspector_account")]


class Sheet(models.Model):
    """A table filled in for one machine, scaffold or section; `label` tells those of one table apart.

    `entries`: by item, {"state": "seen", "deductions": [{"key", "text", "points", "count"}], "lost"} or
    {"state": "absent", "why"}. An item without an entry was not filled in.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="sheets")
    table = models.TextField()
    label = models.TextField(blank=True)
    entries = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.UUIDField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "table", "label"], name="sheet_label")]


class ClauseOutcome(models.TextChoices):
    """What the site looks like where drawing review found a mandatory clause violated."""

    MENDED = "mended", _("Mended on the site")
    VIOLATED = "violated", _("Still violated")
    NOT_YET = "not_yet", _("Not yet applicable")


class ClauseCheck(models.Model):
    """A mandatory clause that drawing review found violated, as a line on top of the checklist (Y7)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="clauses")
    record_id = models.UUIDField()  # the drawing review
    position = models.PositiveSmallIntegerField()
    said = models.JSONField()  # clause, part, drawing, severity, finding, closing as the review recorded them
    outcome = models.TextField(choices=ClauseOutcome, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "record_id", "position"], name="clause_check_once")
        ]


class Edition(models.Model):
    """What was submitted, word for word: the first time, and after each correction. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.TextField()
    reason = models.TextField(blank=True)  # of the correction
    made_by = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "number"], name="edition_number")]


class CorrectionState(models.TextChoices):
    """Where a correction stands."""

    REQUESTED = "requested", _("Waits for the deputy head")
    ENDORSED = "endorsed", _("Waits for the head of the station")
    APPROVED = "approved", _("Approved, open for correction")
    REFUSED = "refused", pgettext_lazy("correction", "Refused")
    DONE = "done", pgettext_lazy("correction", "Corrected")


class Correction(models.Model):
    """The correction 更正 of a submitted inspection: asked for, endorsed and approved by three different people."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="corrections")
    state = models.TextField(choices=CorrectionState, default=CorrectionState.REQUESTED)
    reason = models.TextField()
    requested_by = models.UUIDField()
    requested_at = models.DateTimeField()
    deputy_by = models.UUIDField(null=True)
    deputy_at = models.DateTimeField(null=True)
    deputy_words = models.TextField(blank=True)
    head_by = models.UUIDField(null=True)
    head_at = models.DateTimeField(null=True)
    head_words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(state__in=["requested", "endorsed", "approved"]),
                name="correction_one_open",
            ),
            models.CheckConstraint(
                condition=(Q(deputy_by=None) | ~Q(deputy_by=F("requested_by")))
                & (Q(head_by=None) | (~Q(head_by=F("requested_by")) & ~Q(head_by=F("deputy_by")))),
                name="correction_three_people",
            ),
        ]
