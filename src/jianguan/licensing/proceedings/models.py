"""Special procedures beside a case, calls about it, and objections against what was decided in it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy, pgettext_lazy
from uuid6 import uuid7

from jianguan.platform.privacy.service import EncryptedTextField


class State(models.TextChoices):
    """Where a procedure stands."""

    OPEN = "open", pgettext_lazy("proceeding", "Under way")
    RECORDED = "recorded", pgettext_lazy("proceeding", "Recorded")
    CALLED_OFF = "called_off", gettext_lazy("Called off")


class Proceeding(models.Model):
    """A hearing 听证, survey 现场踏勘, testing 检验检测 or expert review 专家评审 of a case, from order to record.

    While it is open the legal clock stands still by the stop `stop_id` of the case, and the step `item_id` of the
    officer who ordered it waits for its record.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField()
    region = models.TextField()
    kind = models.TextField()
    number = models.TextField(unique=True)
    item_id = models.UUIDField()
    stop_id = models.BigIntegerField()
    state = models.TextField(choices=State, default=State.OPEN)
    reason = models.TextField()
    asked = models.TextField()  # what is to be found out
    planned_on = models.DateField(null=True)
    place = models.TextField(blank=True)
    invited = models.TextField(blank=True)
    expected_days = models.PositiveSmallIntegerField()  # working days, as the applicant is told
    ordered_by = models.UUIDField()
    ordered_at = models.DateTimeField()
    held_on = models.DateField(null=True)
    participants = models.TextField(blank=True)
    findings = models.TextField(blank=True)
    why_called_off = models.TextField(blank=True)
    closed_by = models.UUIDField(null=True)  # None: the case ended meanwhile
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="proceeding_case"),
            models.Index(
                fields=["region", "-id"], opclasses=["text_pattern_ops", "uuid_ops"], name="proceeding_region"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case_id", "kind"], condition=Q(state="open"), name="proceeding_one_open"),
            models.CheckConstraint(condition=Q(state="open") ^ Q(closed_at__isnull=False), name="proceeding_closed"),
        ]


class Call(models.Model):
    """A phone record 电话记录 of a case: who was called or called, when, and what was said."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField()
    incoming = models.BooleanField()
    name = models.TextField()
    number = EncryptedTextField()
    called_at = models.DateTimeField()
    said = models.TextField()
    entered_by = models.UUIDField()
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="call_case")]


class Against(models.TextChoices):
    """What an objection is raised against."""

    REFUSED = "refused", gettext_lazy("Refusal")
    NOT_ACCEPTED = "not_accepted", gettext_lazy("Decision not to accept")
    CORRECTION = "correction", gettext_lazy("Notice of correction")


class Result(models.TextChoices):
    """What an objection came to."""

    UPHELD = "upheld", pgettext_lazy("objection", "Upheld")
    MAINTAINED = "maintained", pgettext_lazy("objection", "Decision maintained")


class Objection(models.Model):
    """An objection 异议（陈述申辩） of the applicant, and its answer by a person who did not decide."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField()
    region = models.TextField()
    number = models.TextField(unique=True)
    against = models.TextField(choices=Against)
    reference = models.TextField()  # number of the notice, or of the case
    reasons = models.TextField()
    entered_by = models.UUIDField()
    entered_at = models.DateTimeField()
    result = models.TextField(choices=Result, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["region", "-id"], opclasses=["text_pattern_ops", "uuid_ops"], name="objection_region")
        ]
        constraints = [
            models.UniqueConstraint(fields=["case_id", "against", "reference"], name="objection_once"),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("entered_by")), name="objection_two_people"
            ),
            models.CheckConstraint(condition=Q(result="") ^ Q(answered_at__isnull=False), name="objection_answered"),
        ]
