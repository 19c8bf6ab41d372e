"""Published packs, cases and what was done in them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy, pgettext_lazy
from uuid6 import uuid7

from jianguan.licensing.matters.statuses import Status


class PackVersion(models.Model):
    """A published pack: its files, never changed again. Cases pin it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.TextField()
    version = models.PositiveIntegerField()
    digest = models.TextField(unique=True)
    content = models.BinaryField()
    effective_from = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "version"], name="pack_version")]


class ProposalState(models.TextChoices):
    """How far a proposal is."""

    FAULTY = "faulty", gettext_lazy("Has faults")
    WAITING = "waiting", gettext_lazy("Awaiting approval")
    PUBLISHED = "published", pgettext_lazy("proposal", "Published")
    DECLINED = "declined", gettext_lazy("Sent back")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn by the proposer")


class PackProposal(models.Model):
    """A pack someone wants to be published; another person approves it 双人发布.

    `content` are the complete files as one archive, `report` is what the gate said about exactly these, `faults` how many
    of its lines are errors. The database itself refuses an approval by the proposer and the publication of faults.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.TextField(blank=True)  # as far as it could be read
    version = models.PositiveIntegerField(null=True)
    state = models.TextField(choices=ProposalState)
    content = models.BinaryField()
    digest = models.TextField()
    readable = models.BooleanField()  # whether the files make a pack at all
    report = models.JSONField()
    faults = models.PositiveIntegerField()
    effective_from = models.DateField()
    reason = models.TextField(blank=True)
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)  # why it was sent back

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="proposal_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(decided_by__isnull=False, faults=0), name="proposal_published_sound"
            ),
        ]


class Cases(models.QuerySet["Case"]):
    """Cases, as they are read."""

    def with_pack(self) -> Cases:
        """With the version each was begun under, but not its files: `packs.of_version` has read them already."""
        return self.select_related("pack").defer("pack__content")


def _unended(length: int) -> models.Index:
    """Cases under way within a jurisdiction of this prefix length, by due date."""
    columns = [Left("region", length), F("due_on").asc(), F("id").asc()]
    return models.Index(*columns, condition=Q(ended_at=None), name=f"case_due_{length}")


class Case(models.Model):
    """One application 办件, from draft to decision. Its process has the same id.

    `due_on` and `statutory_due_on` repeat what the legal clock derives (empty while it is stopped), so that lists can be
    sorted; `jianguan doctor` compares them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.TextField(null=True, unique=True)
    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="cases")
    matter = models.TextField()
    region = models.TextField()
    applicant_id = models.UUIDField()  # organisation
    applicant_name = models.TextField()
    created_by = models.UUIDField()
    project_id = models.UUIDField(null=True)
    certificate_id = models.UUIDField(null=True)  # of the certificate the application is about
    object_key = models.TextField(blank=True)  # what it is about, so that two applications for the same are told
    title = models.TextField()
    status = models.TextField(choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    accepted_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    decision = models.TextField(blank=True)  # the status the case ends in, once decided
    ended_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    statutory_due_on = models.DateField(null=True)
    checks_failed = models.PositiveSmallIntegerField(default=0)
    checks_hinted = models.PositiveSmallIntegerField(default=0)

    objects = Cases.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["region", "-id"], opclasses=["text_pattern_ops", "uuid_ops"], name="case_region"),
            models.Index(fields=["applicant_id", "-id"], name="case_applicant"),
            models.Index(fields=["project_id"], name="case_project"),
            models.Index(fields=["due_on", "id"], condition=Q(ended_at=None), name="case_open_due"),
            *(_unended(length) for length in (2, 4, 6)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["object_key"], condition=Q(ended_at=None) & ~Q(object_key=""), name="case_one_open_per_object"
            )
        ]


class Draft(models.Model):
    """What the applicant is typing: before the first submission, and again while a correction is asked for."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE)
    record = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    window = models.TextField(blank=True)  # the page that saved last; it may save again without asking
    saved_at = models.DateTimeField()


class Submission(models.Model):
    """The form as it was submitted, and with which documents. Append-only; the newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="submissions")
    version = models.PositiveSmallIntegerField()
    record = models.JSONField()  # sensitive values encrypted
    digest = models.TextField()
    documents = models.JSONField()
    submitted_by = models.UUIDField()
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="submission_version")]


class Act(models.Model):
    """What a person did in a case, with their words. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="acts")
    node = models.TextField()
    stage = models.TextField()
    outcome = models.TextField()
    opinion = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    actor_id = models.UUIDField(null=True)
    at = models.DateTimeField()


class CorrectionNotice(models.Model):
    """The one-time notice of everything to be corrected 一次性补正告知.

    `about`, `replies` and `marks` follow `items` where they are there: the input of the form an item is about, what the
    applicant says to it, and whether an officer found it mended ("mended", "unmended", or nothing yet).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="corrections")
    number = models.TextField(unique=True)
    items = models.JSONField()
    about = models.JSONField(default=list)
    issued_by = models.UUIDField()
    issued_at = models.DateTimeField()
    reply_by = models.DateField(null=True)  # the last day, by the timer of the process; none where it has no timer
    reminded_at = models.DateTimeField(null=True)
    replies = models.JSONField(default=list)
    answered_at = models.DateTimeField(null=True)
    answered_version = models.PositiveSmallIntegerField(null=True)  # of the submission that answered it
    lapsed_at = models.DateTimeField(null=True)  # nobody answered in time: the application counts as withdrawn
    marks = models.JSONField(default=list)
    marked_by = models.UUIDField(null=True)
    marked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["reply_by"],
                condition=Q(answered_at=None, lapsed_at=None, reminded_at=None),
                name="correction_to_remind",
            )
        ]


class ClockStop(models.Model):
    """That the legal clock of a case stands still, for a reason, from one day until another."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="stops")
    reason = models.TextField()
    first_day = models.DateField()
    last_day = models.DateField(null=True)


class UnsentDecision(models.Model):
    """What an officer typed at a step and kept for later 暂存; gone once the step is finished."""

    item_id = models.UUIDField()
    account_id = models.UUIDField()
    content = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item_id", "account_id"], name="unsent_decision")]
