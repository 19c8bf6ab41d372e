"""Electronic certificates and the certificates (X.509) their seals are known by."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy
from uuid6 import uuid7


class Status(models.TextChoices):
    """Life of a certificate, by the codes of the e-certificate standards (codes.yaml, lifecycle_status)."""

    VALID = "01", gettext_lazy("Valid")
    SUSPENDED = "02", gettext_lazy("Suspended")
    REVOKED = "03", gettext_lazy("Revoked")
    CANCELLED = "04", gettext_lazy("Cancelled")
    LAPSED = "05", gettext_lazy("Lapsed")
    WITHDRAWN = "07", gettext_lazy("Withdrawn as a penalty")
    REPLACED = "99", gettext_lazy("Replaced by a newer edition")


EXPIRED = "expired"  # told from the day, never stored

TONES = {Status.VALID: "green", Status.SUSPENDED: "orange", Status.REPLACED: "orange"}  # all others are red


class Batch(models.Model):
    """Certificates 批量制证 that wait for one confirmation by the keeper of the seal; how far it got is counted, not kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.TextField(unique=True)
    region = models.TextField()
    issuer_id = models.UUIDField()
    issuer_name = models.TextField()
    requested_by = models.UUIDField()
    requested_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["region", "-id"], opclasses=["text_pattern_ops", "uuid_ops"], name="batch_region"),
        ]


class Certificate(models.Model):
    """One edition of a certificate. What it says never changes; its status does, and a change makes a new edition."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.TextField()
    template = models.TextField()  # by which built-in design of kernel.certificates it is printed
    number = models.TextField()
    national_number = models.TextField(blank=True)
    edition = models.PositiveSmallIntegerField(default=1)
    identifier = models.TextField(unique=True)
    name = models.TextField()
    name_en = models.TextField()
    holder_name = models.TextField()
    holder_uscc = models.TextField(blank=True)
    also_held_by = ArrayField(models.TextField(), default=list)  # credit codes of those it is for besides the holder
    subject_name = models.TextField()
    project_id = models.UUIDField(null=True)
    case_id = models.UUIDField()
    token_id = models.UUIDField()  # the step of the process that waits for this certificate
    region = models.TextField()
    issuer_id = models.UUIDField()
    issuer_name = models.TextField()
    data = models.JSONField()
    content_digest = models.TextField()
    proof = models.TextField()
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    status = models.TextField(choices=Status, default=Status.VALID)
    status_reason = models.TextField(blank=True)
    status_since = models.DateTimeField(null=True)  # when a decision or a newer edition gave it this status
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="certificates")
    requested_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    sha256 = models.TextField(blank=True)  # of the sealed PDF file
    ofd_sha256 = models.TextField(blank=True)  # of the sealed OFD file, where there is one
    entry_id = models.UUIDField(null=True)  # the journal entry of the issue
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number", "edition"], name="certificate_number")]
        indexes = [
            models.Index(fields=["national_number"], name="certificate_by_national"),
            models.Index(fields=["sha256"], condition=~Q(sha256=""), name="certificate_by_file"),
            models.Index(fields=["ofd_sha256"], condition=~Q(ofd_sha256=""), name="certificate_by_ofd"),
            models.Index(fields=["kind", "-id"], condition=~Q(sha256=""), name="certificate_public"),
            models.Index(
                fields=["region", "-id"], opclasses=["text_pattern_ops", "uuid_ops"], name="certificate_region"
            ),
            models.Index(fields=["holder_uscc", "-id"], name="certificate_holder"),
            GinIndex(fields=["also_held_by"], name="certificate_also_held"),
            models.Index(fields=["case_id"], name="certificate_case"),
            models.Index(
                fields=["valid_until", "id"],
                condition=Q(status=Status.VALID, valid_until__isnull=False),
                name="certificate_ending",
            ),
        ]


class TrustedCertificate(models.Model):
    """An X.509 certificate seals and time stamps are known by; kept for ever, because old files stay."""

    fingerprint = models.TextField(primary_key=True)
    pem = models.TextField()
    purpose = models.TextField()
    organisation_id = models.UUIDField(null=True)
    added_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
