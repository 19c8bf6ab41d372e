"""Reading supervision files, through one permission filter."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from jianguan.kernel.messages import message
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor, Explanation, explain_permission, within
from jianguan.sites.oversight.models import Assignment, SupervisionFile
from jianguan.sites.oversight.rules import TITLES


def visible_to(actor: Actor) -> QuerySet[SupervisionFile]:
    """Files a person may open: those they are bound to now, those of their jurisdictions."""
    bound = Assignment.objects.filter(file=OuterRef("pk"), account_id=actor.id, valid_until=None)
    seen = Q(Exists(bound)) | within(actor.prefixes("oversight.read"))
    return SupervisionFile.objects.filter(seen).order_by("-id")


def bound_to(actor: Actor) -> QuerySet[SupervisionFile]:
    """Files a person supervises now."""
    bound = Assignment.objects.filter(file=OuterRef("pk"), account_id=actor.id, valid_until=None)
    return SupervisionFile.objects.filter(Exists(bound)).order_by("-id")


def matching(files: QuerySet[SupervisionFile], text: str, region_prefix: str = "") -> QuerySet[SupervisionFile]:
    """Those whose permit, registration numbers, works or owner fit what was typed, in a jurisdiction."""
    if region_prefix:
        files = files.filter(within([region_prefix]))
    typed = text.strip()
    if not typed:
        return files
    numbered = Q(permit_number=typed) | Q(quality_number=typed) | Q(safety_number=typed)
    return files.filter(numbered | Q(works_name__icontains=typed) | Q(owner_name__icontains=typed))


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
            "Allowed: you are bound to this file as %(speciality)s since %(day)s.",
            speciality=TITLES[bound.speciality],
            day=clock.legal_day(bound.valid_from),
        )
        return Explanation(True, (says,))
    return explain_permission(actor, "oversight.read", file.region)
