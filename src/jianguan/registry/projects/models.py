"""The library of projects 项目库: the project, its tree of works, and who takes part.

    project 项目 ─┬─ single works 单体/单项工程        identity of a thing that is built, for life
                  ├─ section 标段工程                  what one contract awards: many works, over an interval
                  └─ permitted works 施工许可工程      what one permit allows: many works, over an interval

Sections and permits hold works by rows with an interval, so that splits and merges keep their history.
"""

from __future__ import annotations

from datetime import date

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

    Its code is its identity; its name may change. What is split or merged ends, and other works succeed it.

    Attributes:
        ancestors: ids of all works it came from by splits and merges, however long ago; permits of theirs hold for it.
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
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    ancestors = ArrayField(models.UUIDField(), default=list)


class Section(models.Model):
    """A section 标段: what one contract awards."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="sections")
    code = models.TextField(unique=True)
    name = models.TextField()


class Succession(models.Model):
    """That works came from others by a split 分解 or a merge 合并; append-only. The rows of one act share its id."""

    SPLIT, MERGE = "split", "merge"

    act_id = models.UUIDField()
    kind = models.TextField()
    day = models.DateField()
    reason = models.TextField(blank=True)
    actor_id = models.UUIDField()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(Works, on_delete=models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Works, on_delete=models.PROTECT, related_name="predecessors")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once")]


class Change(models.Model):
    """What the library said of works or a section before and after a change; append-only.

    From the changes after a day follows what it said on that day.

    Attributes:
        before, after: the fields that changed, as texts or null.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="changes")
    code = models.TextField()  # of the works or the section
    day = models.DateField()
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField()
    actor_id = models.UUIDField()


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
    completed_on = models.DateField(null=True)  # the day all its works had passed completion acceptance
    ended_on = models.DateField(null=True)
    case_id = models.UUIDField()

    @property
    def suspended_since(self) -> date | None:
        """The day since which construction is suspended; None where it goes on."""
        return next((one.suspended_on for one in self.suspensions.all() if one.resumed_on is None), None)


class FormerTerms(models.Model):
    """What a permit said before a change of it, until the day of that change; append-only."""

    permitted_works = models.ForeignKey(PermittedWorks, on_delete=models.PROTECT, related_name="former_terms")
    name = models.TextField()
    contract_price = models.DecimalField(max_digits=15, decimal_places=4)
    planned_start = models.DateField()
    planned_finish = models.DateField()
    until = models.DateField()
    case_id = models.UUIDField()  # of the change


class Suspension(models.Model):
    """That construction under a permit was suspended 中止施工, from when until when."""

    permitted_works = models.ForeignKey(PermittedWorks, on_delete=models.PROTECT, related_name="suspensions")
    suspended_on = models.DateField()
    resumed_on = models.DateField(null=True)
    cause = models.TextField(blank=True)
    case_id = models.UUIDField()
    resumed_by = models.UUIDField(null=True)  # the case of the resumption

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["permitted_works"], condition=Q(resumed_on=None), name="suspended_once_at_a_time"
            )
        ]


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

    @property
    def completed_on(self) -> date | None:
        """The day the works were completed, for who took part until then 业绩."""
        return _completed(self)


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

    @property
    def completed_on(self) -> date | None:
        """The day the works were completed, for who held the post until then 业绩."""
        return _completed(self)


def _completed(part: Participation | KeyPost) -> date | None:
    works = part.permitted_works
    return works.completed_on if works and works.completed_on == part.valid_until else None
