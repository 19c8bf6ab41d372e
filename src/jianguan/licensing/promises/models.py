"""Promises 告知承诺, the checks that follow them, and who may not promise for a time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy, pgettext_lazy
from uuid6 import uuid7


class Way(models.Model):
    """How an application is made: with all its documents, or by promise. What is typed stays while it is a draft."""

    case_id = models.UUIDField(primary_key=True)
    matter = models.TextField()
    matter_name = models.JSONField()
    region = models.TextField()
    promised = models.BooleanField(default=False)
    confirmed = models.JSONField(default=list)  # keys of the conditions confirmed one by one
    signer = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True)  # first submission; only those are counted

    class Meta:
        indexes = [models.Index(fields=["matter"], condition=Q(submitted_at__isnull=False), name="promise_way_matter")]


class Promise(models.Model):
    """What was told and promised in writing with one version of a submission. Append-only.

    `text` is the document 告知承诺书 word for word in both languages; `digest` is the SHA-256 of its canonical form, which
    the journal holds.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField()
    version = models.PositiveSmallIntegerField()  # of the submission
    region = models.TextField()
    applicant_id = models.UUIDField()  # organisation
    materials = models.JSONField()
    checks = models.JSONField()
    text = models.JSONField()
    digest = models.TextField()
    signer = models.TextField()
    signed_by = models.UUIDField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "version"], name="promise_version")]


class State(models.TextChoices):
    """How far the check of a promise is."""

    WAITING = "waiting", gettext_lazy("To be checked")
    MENDING = "mending", gettext_lazy("To be mended")
    HEARING = "hearing", gettext_lazy("Sanction announced")
    KEPT = "kept", pgettext_lazy("promise", "Kept")
    MENDED = "mended", pgettext_lazy("promise", "Mended")
    SANCTIONED = "sanctioned", gettext_lazy("Decision revoked")
    SPARED = "spared", gettext_lazy("Objection upheld")


class LaterCheck(models.Model):
    """The check after the decision 事后核查 of one promise; `due_on` is the day by which the next step is due."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="later_check")
    case_id = models.UUIDField(unique=True)
    number = models.TextField()  # of the case
    title = models.TextField()
    matter = models.TextField()
    region = models.TextField()
    applicant_id = models.UUIDField()  # organisation
    applicant_name = models.TextField()
    applicant_uscc = models.TextField()
    role = models.TextField()  # that checks
    approved_by = models.UUIDField(null=True)
    state = models.TextField(choices=State, default=State.WAITING)
    due_on = models.DateField()
    reported = models.BooleanField(default=False)  # the applicant says that it is mended
    heard = models.BooleanField(default=False)  # the applicant has objected
    broken = models.BooleanField(default=False)  # it was once found not to be kept
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(ended_at=None), name="promise_check_open"),
            models.Index(
                fields=["region", "due_on", "id"],
                opclasses=["text_pattern_ops", "date_ops", "uuid_ops"],
                name="promise_check_region",
            ),
        ]


class Note(models.Model):
    """What was done in a check, with the words. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    check_row = models.ForeignKey(LaterCheck, on_delete=models.PROTECT, related_name="notes")
    kind = models.TextField()  # code of the journal entry
    words = models.TextField()
    documents = models.JSONField(default=list)  # id, name and sha256 of each
    until = models.DateField(null=True)  # the limit that began with it
    actor_id = models.UUIDField()
    organisation_id = models.UUIDField()
    at = models.DateTimeField()


class Bar(models.Model):
    """That an enterprise may not apply by promise until a day, since it promised what was not so."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    check_row = models.OneToOneField(LaterCheck, on_delete=models.PROTECT, related_name="bar")
    uscc = models.TextField()
    name = models.TextField()
    matter_name = models.JSONField()
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["uscc", "last_day"], name="promise_bar_uscc")]
