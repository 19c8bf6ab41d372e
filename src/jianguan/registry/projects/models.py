"""The library of projects 项目库: the project, its tree of works, and who takes part.

    project 项目 ─┬─ single works 单体/单项工程        identity of a thing that is built, for life
                  ├─ section 标段工程                  what one contract awards: many works, over an interval
                  └─ permitted works 施工许可工程      what one permit allows: many works, over an interval

Sections and permits hold works by rows with an interval, so that splits and merges keep their history.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from uuid6 import uuid7


class Project(models.Model):
    """A construction project: one code for life, and many numbers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.TextField(unique=True)
    investment_code = models.TextField(blank=True)
    name = models.TextField()
    name_tokens = ArrayField(models.TextField())
    type = models.TextField()  # dictionary project_type
    nature = models.TextField()  # dictionary construction_nature
    use = models.TextField()  # dictionary project_use
    region = models.TextField()
    address = models.TextField()
    owner_uscc = models.TextField()
    owner_name = models.TextField()
    total_investment = models.DecimalField(max_digits=15, decimal_places=4)  # 万元
    total_area = models.DecimalField(max_digits=15, decimal_places=2, null=True)  # ㎡
    total_length = models.DecimalField(max_digits=15, decimal_places=2, null=True)  # m
    scale = models.TextField(blank=True)
    fund_source = models.TextField(blank=True)
    stage = models.TextField(default="1")  # dictionary project_stage
    data_source = models.TextField()
    data_level = models.TextField()
    registered_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["name_tokens"], name="project_tokens"),
            models.Index(fields=["region", "id"], opclasses=["text_pattern_ops", "uuid_ops"], name="project_region"),
            models.Index(fields=["owner_uscc", "id"], name="project_owner"),
            models.Index(fields=["investment_code"], name="project_investment_code"),
        ]


class Works(models.Model):
    """Single works 单体: one building or structure, the smallest thing every procedure has in common.

    Its code is its identity; its name may change.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="works")
    code = models.TextField(unique=True)
    name = models.TextField()
    structure = models.TextField(blank=True)  # dictionary structure
    area_above = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    area_below = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    floors_above = models.PositiveSmallIntegerField(null=True)
    floors_below = models.PositiveSmallIntegerField(null=True)
    height = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    span = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    length = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    cost = models.DecimalField(max_digits=15, decimal_places=4, null=True)


class Section(models.Model):
    """A section 标段: what one contract awards."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="sections")
    code = models.TextField(unique=True)
    name = models.TextField()


class SectionWorks(models.Model):
    """That works belong to a section, from when until when."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="items")
    works = models.ForeignKey(Works, on_delete=models.PROTECT, related_name="in_sections")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["section", "works"], condition=Q(valid_until=None), name="section_works_now"
            )
        ]


class PermittedWorks(models.Model):
    """Permitted works 施工许可工程: what one construction permit allows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="permitted_works")
    section = models.ForeignKey(Section, null=True, on_delete=models.PROTECT, related_name="permitted_works")
    permit_number = models.TextField(unique=True)
    national_number = models.TextField(unique=True)
    name = models.TextField()
    contract_price = models.DecimalField(max_digits=15, decimal_places=4)
    planned_start = models.DateField()
    planned_finish = models.DateField()
    permitted_on = models.DateField()
    ended_on = models.DateField(null=True)
    case_id = models.UUIDField()


class PermittedWorksItem(models.Model):
    """That works are under a permit, from when until when. Works are under one permit at a time."""

    permitted_works = models.ForeignKey(PermittedWorks, on_delete=models.PROTECT, related_name="items")
    works = models.ForeignKey(Works, on_delete=models.PROTECT, related_name="permits")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["works"], condition=Q(valid_until=None), name="works_under_one_permit")
        ]


class StageRecord(models.Model):
    """A fact of an earlier procedure 环节记录: drawing review, award notice, contract, land or planning approval.

    It has a national number and a local one; both find it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="records")
    kind = models.TextField()
    number = models.TextField()
    national_number = models.TextField(blank=True)
    recorded_on = models.DateField()
    valid_until = models.DateField(null=True)
    data = models.JSONField(default=dict)
    source = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "kind", "number"], name="stage_record_number")]


class Participation(models.Model):
    """That an enterprise takes part in a project in a role, from when until when, and how we know."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="participations")
    permitted_works = models.ForeignKey(
        PermittedWorks, null=True, on_delete=models.PROTECT, related_name="participations"
    )
    role = models.TextField()  # dictionary unit_role
    enterprise_uscc = models.TextField()
    enterprise_name = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    case_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["enterprise_uscc", "valid_until"], name="participation_enterprise")]


class KeyPost(models.Model):
    """That a person holds a key post 关键岗位 on a project, from when until when: the lock of the person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="key_posts")
    permitted_works = models.ForeignKey(PermittedWorks, null=True, on_delete=models.PROTECT, related_name="key_posts")
    role = models.TextField()  # dictionary person_role
    person_id = models.UUIDField()
    person_name = models.TextField()
    enterprise_uscc = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    case_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person_id", "role", "valid_until"], name="key_post_person")]
