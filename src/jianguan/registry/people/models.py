"""The library of people 人员库."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from uuid6 import uuid7

from jianguan.platform.privacy.service import EncryptedTextField


class Person(models.Model):
    """A person who works in construction. The identity number is encrypted and found by its blind index."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField()
    name_tokens = ArrayField(models.TextField())
    sort_key = models.TextField()
    identity_type = models.TextField(default="01")
    identity_number = EncryptedTextField()
    identity_index = models.BinaryField()
    phone = EncryptedTextField(null=True)
    employer_uscc = models.TextField(blank=True)
    region = models.TextField()
    data_source = models.TextField()
    data_level = models.TextField()
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["identity_type", "identity_index"], name="person_identity")]
        indexes = [
            GinIndex(fields=["name_tokens"], name="person_tokens"),
            models.Index(fields=["sort_key", "id"], name="person_sort"),
            models.Index(fields=["employer_uscc"], name="person_employer"),
        ]


class FormerName(models.Model):
    """A name the person had before a decided change, until the day of that change."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="former_names")
    name = models.TextField()
    until = models.DateField()
    case_id = models.UUIDField()


class Registration(models.Model):
    """A professional registration 注册执业: builder, supervising engineer, architect and others."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="registrations")
    type = models.TextField()  # dictionary registration_type
    number = models.TextField()
    professions = ArrayField(models.TextField(), default=list)
    enterprise_uscc = models.TextField()
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    status = models.TextField(default="01")

    class Meta:
        indexes = [models.Index(fields=["enterprise_uscc"], name="registration_enterprise")]


class PostCertificate(models.Model):
    """A certificate for a post: safety management A, B, C1-C3 安管人员, special operation 特种作业."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="post_certificates")
    category = models.TextField()
    number = models.TextField(unique=True)
    enterprise_uscc = models.TextField()
    issued_on = models.DateField()
    valid_until = models.DateField()
    status = models.TextField(default="01")

    class Meta:
        indexes = [models.Index(fields=["enterprise_uscc"], name="post_certificate_enterprise")]
