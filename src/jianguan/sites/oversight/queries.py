"""Reading supervision files, through one permission filter."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from jianguan.kernel.messages import message
from jianguan.platform.accounts.service import Actor, Explanation, explain_permission, within
from jianguan.sites.oversight.models import Assignment, SupervisionFile


def visible_to(actor: Actor) -> QuerySet[SupervisionFile]:
    """Files a person may open: those they are bound to now, those of their jurisdictions."""
    bound = Assignment.objects.filter(file=OuterRef("pk"), account_id=actor.id, valid_until=None)
    seen = Q(Exists(bound)) | within(actor.prefixes("oversight.read"))
    return SupervisionFile.objects.filter(seen).order_by("-id")


def with_supervisors(files: QuerySet[SupervisionFile]) -> QuerySet[SupervisionFile]:
    """The files with their assignments, newest first, in one more query."""
    return files.prefetch_related(Prefetch("assignments", Assignment.objects.order_by("speciality", "-valid_from")))


def file_of(project_id: UUID) -> list[SupervisionFile]:
    """Files of a project."""
    return list(SupervisionFile.objects.filter(project_id=project_id).order_by("opened_at"))


def explain(actor: Actor, file: SupervisionFile) -> Explanation:
    """Why a person may open a file, or what is missing."""
    bound = Assignment.objects.filter(file=file, account_id=actor.id, valid_until=None).first()
    if bound:
        says = message(
            "Allowed: you are bound to this file as %(speciality)s supervisor since %(day)s.",
            speciality=bound.speciality,
            day=bound.valid_from.date(),
        )
        return Explanation(True, (says,))
    return explain_permission(actor, "oversight.read", file.region)
