"""Reading the library of projects, through one permission filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from jianguan.kernel.identifiers import check
from jianguan.platform import clock, search
from jianguan.platform.accounts.service import Actor, within
from jianguan.registry.projects.models import KeyPost, Participation, PermittedWorks, Project, StageRecord, Works


def visible_to(actor: Actor) -> QuerySet[Project]:
    """Projects a person may open: those of their jurisdictions, those their enterprise owns or takes part in."""
    seen = within(actor.prefixes("registry.read"))
    if actor.uscc:
        taking_part = Participation.objects.filter(project=OuterRef("pk"), enterprise_uscc=actor.uscc)
        seen |= Q(owner_uscc=actor.uscc) | Q(Exists(taking_part))
    return Project.objects.filter(seen)


def in_place(rows: QuerySet[Project], prefix: str) -> QuerySet[Project]:
    """Those of the projects that lie in a jurisdiction."""
    return rows.filter(within([prefix])) if prefix else rows


def openable(actor: Actor, project_ids: Iterable[UUID]) -> set[UUID]:
    """Those of some projects that a person may open, so that no list leads to a closed door."""
    return set(visible_to(actor).filter(pk__in=list(project_ids)).values_list("pk", flat=True))


def public() -> QuerySet[Project]:
    """Projects as the public sees them: those that have a permit."""
    return Project.objects.filter(Exists(PermittedWorks.objects.filter(project=OuterRef("pk"))))


def owned_by(uscc: str) -> QuerySet[Project]:
    """Projects of an owner, newest first."""
    return Project.objects.filter(owner_uscc=uscc).order_by("-id")


def applicable(uscc: str, by: str) -> QuerySet[Project]:
    """Projects an enterprise may apply for: as their `owner`, or as any `participant` of today; newest first."""
    if by == "owner":
        return owned_by(uscc)
    now = Q(valid_until=None) | Q(valid_until__gt=clock.today())
    taking_part = Participation.objects.filter(now, project=OuterRef("pk"), enterprise_uscc=uscc)
    return Project.objects.filter(Q(owner_uscc=uscc) | Q(Exists(taking_part))).order_by("-id")


def matching(rows: QuerySet[Project], text: str) -> QuerySet[Project]:
    """Those of the projects whose code, number or name fits what was typed, newest first."""
    typed = text.strip()
    if typed:
        rows = rows.filter(_matches(typed))
    return rows.order_by("-id")


def _matches(typed: str) -> Q:
    if code := check("project", typed).normal:
        return Q(code=code)
    numbered = Exists(StageRecord.objects.filter(Q(number=typed) | Q(national_number=typed), project=OuterRef("pk")))
    permitted = Exists(
        PermittedWorks.objects.filter(Q(permit_number=typed) | Q(national_number=typed), project=OuterRef("pk"))
    )
    by_number = Q(investment_code=typed) | Q(numbered) | Q(permitted)
    if tokens := search.query_tokens(typed):
        return (Q(name_tokens__contains=tokens) & Q(name__icontains=typed)) | by_number
    return by_number


def by_id(project_id: UUID) -> Project | None:
    """One project."""
    return Project.objects.filter(pk=project_id).first()


@dataclass(frozen=True, slots=True)
class Tree:
    """A project with its works, sections, permits, records, participants and key people."""

    project: Project
    works: list[Works]
    permitted: list[PermittedWorks]
    records: list[StageRecord]
    participations: list[Participation]
    key_posts: list[KeyPost]


def tree(project: Project) -> Tree:
    """The whole of a project in a constant number of queries."""
    return Tree(
        project=project,
        works=list(project.works.prefetch_related("in_sections__section", "permits__permitted_works").order_by("code")),
        permitted=list(project.permitted_works.prefetch_related("items__works").order_by("permitted_on", "id")),
        records=list(project.records.order_by("recorded_on", "id")),
        participations=list(project.participations.order_by("valid_from", "role", "id")),
        key_posts=list(project.key_posts.order_by("valid_from", "role", "id")),
    )


def permitted_under(number: str) -> PermittedWorks | None:
    """What a permit allows, with its works, participants and key people: five queries."""
    rows = PermittedWorks.objects.select_related("project").prefetch_related(
        "items__works", "participations", "key_posts"
    )
    return rows.filter(permit_number=number).first()


def works_of(project_id: UUID) -> list[Works]:
    """Works of a project by code."""
    return list(Works.objects.filter(project=project_id).order_by("code"))


def record_of(project_id: UUID, kind: str, number: str | None = None) -> StageRecord | None:
    """The newest record of a kind (with this number, local or national)."""
    rows = StageRecord.objects.filter(project=project_id, kind=kind)
    if number is not None:
        rows = rows.filter(Q(number=number) | Q(national_number=number))
    return rows.order_by("-recorded_on", "-id").first()


def newest_records(project_id: UUID) -> dict[str, StageRecord]:
    """The newest record of every kind a project has."""
    rows = StageRecord.objects.filter(project=project_id).order_by("recorded_on", "id")
    return {row.kind: row for row in rows}


def posts_held(person_ids: Sequence[UUID], role: str, day: date) -> dict[UUID, KeyPost]:
    """For each person who holds the post somewhere on a day: one such post, with its project."""
    held = KeyPost.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=day), person_id__in=person_ids, role=role, valid_from__lte=day
    )
    return {post.person_id: post for post in held.select_related("project").order_by("-id")}


def posts_now(person_ids: Iterable[UUID]) -> dict[UUID, list[KeyPost]]:
    """The key posts people hold today: each locks its person to its project 在建锁定."""
    today = clock.today()
    held: dict[UUID, list[KeyPost]] = {}
    rows = KeyPost.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=today), person_id__in=list(person_ids), valid_from__lte=today
    )
    for post in rows.select_related("project").order_by("valid_from", "id"):
        held.setdefault(post.person_id, []).append(post)
    return held


def posts_of(person_id: UUID) -> QuerySet[KeyPost]:
    """All posts of a person, newest first."""
    return KeyPost.objects.filter(person_id=person_id).select_related("project").order_by("-valid_from", "-id")


def track_record(uscc: str) -> QuerySet[Participation]:
    """What an enterprise took part in on the platform 业绩, newest first."""
    return (
        Participation.objects.filter(enterprise_uscc=uscc)
        .exclude(permitted_works=None)
        .select_related("project", "permitted_works")
        .order_by("-id")
    )
