"""People who sign in, the organisations they belong to, and what they were granted."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from uuid6 import uuid7

from jianguan.platform.privacy.service import EncryptedTextField


class OrganisationKind(models.TextChoices):
    """What an organisation is to the platform."""

    AUTHORITY = "authority"  # 主管部门
    SUPERVISION = "supervision"  # 质量安全监督机构
    ENTERPRISE = "enterprise"  # 企业


class Organisation(models.Model):
    """A body that people act for: an authority 主管部门, a supervision station 监督机构, an enterprise 企业."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.TextField(choices=OrganisationKind)
    name = models.TextField()
    name_en = models.TextField(blank=True)
    uscc = models.TextField(null=True, unique=True)
    region = models.TextField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["region", "kind"], opclasses=["text_pattern_ops", "text_ops"], name="organisation_region"
            )
        ]


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by user name."""


class Account(AbstractBaseUser):
    """A person who signs in. What they may do stands in their grants."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.TextField(unique=True)
    name = models.TextField()
    position = models.TextField(blank=True)
    phone = EncryptedTextField(null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="accounts")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = AccountManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    # Django asks these of a user model; nothing in the product does.
    is_staff = is_superuser = False


class Role(models.Model):
    """A named set of permissions 角色. Roles are data (`data/roles.yaml`)."""

    code = models.TextField(primary_key=True)
    name = models.TextField()
    name_en = models.TextField()
    permissions = models.JSONField(default=list)

    @property
    def words(self) -> str:
        """Its name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name


class Grant(models.Model):
    """A role given to a person 授权: for an organisation, within a jurisdiction, from one instant until another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    region_prefix = models.TextField(blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="grant_ends_after_it_begins"
            )
        ]
        indexes = [models.Index(fields=["account", "valid_until"], name="grant_account")]


class Absence(models.Model):
    """That a person is away and a colleague handles their work 休假代办, from one instant until another.

    While it is in force the substitute has the absent person's grants for handling (see `rules.lent`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="absences")
    substitute = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    reason = models.TextField(blank=True)
    entered_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(account=F("substitute")), name="absence_two_people"),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="absence_ends_after_it_begins"),
        ]
        indexes = [
            models.Index(fields=["substitute", "valid_until"], name="absence_substitute"),
            models.Index(fields=["account", "valid_until"], name="absence_account"),
        ]


class SignInAttempt(models.Model):
    """A failed sign-in, kept to slow down guessing."""

    username = models.TextField()
    address = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["username", "at"], name="signin_username"),
            models.Index(fields=["address", "at"], name="signin_address"),
        ]
