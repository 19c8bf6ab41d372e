"""The library of enterprises 企业库."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from uuid6 import uuid7


class Enterprise(models.Model):
    """An enterprise; its identity is the unified social credit code 统一社会信用代码."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    uscc = models.TextField(unique=True)
    name = models.TextField()
    name_tokens = ArrayField(models.TextField())
    sort_key = models.TextField()
    region = models.TextField()
    address = models.TextField(blank=True)
    legal_representative = models.TextField(blank=True)
    established_on = models.DateField(null=True)
    registered_capital = models.DecimalField(max_digits=15, decimal_places=4, null=True)  # 万元
    roles = ArrayField(models.TextField(), default=list)  # dictionary unit_role
    data_source = models.TextField()
    data_level = models.TextField()
    registered_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["name_tokens"], name="enterprise_tokens"),
            models.Index(fields=["sort_key", "id"], name="enterprise_sort"),
            models.Index(
                fields=["region", "sort_key"], opclasses=["text_pattern_ops", "text_ops"], name="enterprise_region"
            ),
        ]


class FormerName(models.Model):
    """A name the enterprise had, until when."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="former_names")
    name = models.TextField()
    until = models.DateField()


class FormerParticular(models.Model):
    """What the library said of an enterprise before a decided change, until the day of that change; append-only."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="former_particulars")
    particular = models.TextField()  # address, legal_representative or registered_capital
    value = models.TextField()
    until = models.DateField()
    case_id = models.UUIDField()


class Qualification(models.Model):
    """One qualification 资质 of an enterprise: a category and a grade on a certificate that may list several."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="qualifications")
    certificate_number = models.TextField()
    category = models.TextField()
    grade = models.TextField()
    authority = models.TextField()
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    status = models.TextField(default="01")


class SafetyLicence(models.Model):
    """A safety production licence 安全生产许可证."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="safety_licences")
    number = models.TextField(unique=True)
    issued_on = models.DateField()
    valid_until = models.DateField()
    status = models.TextField(default="01")
