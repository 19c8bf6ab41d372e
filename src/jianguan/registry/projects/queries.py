"""Reading the library of projects, through one permission filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, Subquery

from jianguan.kernel.identifiers import check
from jianguan.platform import clock, search
from jianguan.platform.accounts.service import Actor, within
from jianguan.registry.projects.models import (
    Change,
    KeyPost,
    Participation,
    PermittedWorks,
    PermittedWorksItem,
    Project,
    Section,
    SectionWorks,
    StageRecord,
    Works,
)
from jianguan.registry.projects.rules import (
    Branch,
    Regrouping,
    Through,
    as_said_on,
    branches,
    holds_on,
    regroupings,
)

_COURSE = ("items__works", "suspensions", "former_terms")


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
    """A project with its works, sections, permits, records, participants and key people.

    Attributes:
        through: permits in force of works that were merged, by the id of these, for the works that came from them.
    """

    project: Project
    works: list[Works]
    through: Through
    permitted: list[PermittedWorks]
    records: list[StageRecord]
    participations: list[Participation]
    key_posts: list[KeyPost]


def tree(project: Project) -> Tree:
    """The whole of a project as it stands today, in a constant number of queries; the works with their histories."""
    standing = project.works.filter(valid_until=None)
    works = list(
        standing.prefetch_related("in_sections__section", "permits__permitted_works__suspensions").order_by("code")
    )
    return Tree(
        project=project,
        works=works,
        through=_through(works, Q(valid_until=None)),
        permitted=list(project.permitted_works.prefetch_related(*_COURSE).order_by("permitted_on", "id")),
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


def permit_numbered(number: str) -> PermittedWorks | None:
    """The works of a permit and their suspensions: two queries."""
    return PermittedWorks.objects.prefetch_related("suspensions").filter(permit_number=number).first()


def _with_course(items: QuerySet[PermittedWorksItem]) -> QuerySet[PermittedWorksItem]:
    """With their permit, and whether construction under it is suspended."""
    return items.select_related("permitted_works").prefetch_related("permitted_works__suspensions")


def _through(works: Iterable[Works], in_force: Q) -> Through:
    ancestors = {ancestor for one in works for ancestor in one.ancestors}
    found: dict[UUID, list[PermittedWorksItem]] = {}
    if ancestors:
        items = PermittedWorksItem.objects.filter(in_force, works__in=ancestors)
        for item in _with_course(items).select_related("works").order_by("id"):
            found.setdefault(item.works_id, []).append(item)
    return found


def works_of(project_id: UUID) -> list[Works]:
    """All works a project ever had, by code."""
    return list(Works.objects.filter(project=project_id).order_by("code"))


def standing_works(project_id: UUID, since: date | None = None) -> QuerySet[Works]:
    """Works of a project that stand today, or still stood on the day `since`, by code.

    `permit` is the number of the permit they are under today, themselves or by what they were merged from, or None.
    """
    standing = Q(valid_until=None) | Q(valid_until__gte=since) if since else Q(valid_until=None)
    by_ancestor = Func(
        F("works_id"), OuterRef("ancestors"), template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()
    )  # fmt: skip
    items = PermittedWorksItem.objects.filter(Q(works=OuterRef("pk")) | Q(by_ancestor), valid_until=None).order_by("id")
    permit = Subquery(items.values("permitted_works__permit_number")[:1])
    return Works.objects.filter(standing, project=project_id).annotate(permit=permit).order_by("code")


@dataclass(frozen=True, slots=True)
class Grown:
    """The tree of a project as it was on a day, and how it came to be.

    Attributes:
        branches: what stood on the day, as the library described it then.
        ended: works that had ended by then, by code, each with what came of it.
        regroupings, changes: until that day, newest first.
    """

    branches: list[Branch]
    ended: list[tuple[Works, list[Works]]]
    regroupings: list[Regrouping]
    changes: list[Change]


def tree_on(project: Project, day: date) -> Grown:
    """The tree of a project at the end of a day, in a constant number of queries."""
    held = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day))
    rows = project.works.filter(valid_from__lte=day).order_by("code").prefetch_related(
        Prefetch("in_sections", SectionWorks.objects.filter(held).select_related("section")),
        Prefetch("permits", _with_course(PermittedWorksItem.objects.filter(held))),
    )  # fmt: skip
    works = list(rows)
    changes = list(project.changes.order_by("id"))
    sections = [item.section for one in works for item in one.in_sections.all()]
    as_said_on([*works, *sections], changes, day)
    successions = project.successions.filter(day__lte=day).order_by("id")
    came_from: dict[UUID, list[Works]] = {}
    became: dict[UUID, list[Works]] = {}
    acts = regroupings(successions.select_related("predecessor", "successor"))
    for act in acts:
        came_from |= {one.pk: act.old for one in act.new}
        became |= {one.pk: act.new for one in act.old}
    standing = [one for one in works if holds_on(one.valid_from, one.valid_until, day)]
    return Grown(
        branches(standing, _through(standing, held), came_from),
        [(one, became.get(one.id, [])) for one in works if one not in standing],
        acts[::-1],
        [one for one in changes if one.day <= day][::-1],
    )


def works_coded(project_id: UUID, code: str) -> Works | None:
    """One of the works of a project."""
    return Works.objects.filter(project=project_id, code=code).first()


def section_coded(project_id: UUID, code: str) -> Section | None:
    """One of the sections of a project, with what it holds."""
    return Section.objects.filter(project=project_id, code=code).prefetch_related("items").first()


def records_of(project_id: UUID) -> list[StageRecord]:
    """All records of a project, newest first."""
    return list(StageRecord.objects.filter(project=project_id).order_by("-recorded_on", "-id"))


def newest_records(project_id: UUID) -> dict[str, StageRecord]:
    """The newest record of every kind a project has."""
    return {row.kind: row for row in reversed(records_of(project_id))}


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
    rows = KeyPost.objects.filter(person_id=person_id).select_related("project", "permitted_works")
    return rows.order_by("-valid_from", "-id")


MOST_BUILT = 100


def built_by(person_id: UUID) -> list[KeyPost]:
    """Key posts a person held until the works were completed 人员业绩, the newest first."""
    until_completion = Q(valid_until=F("permitted_works__completed_on"))
    return list(posts_of(person_id).filter(until_completion).order_by("-valid_until", "-id")[:MOST_BUILT])


def track_record(uscc: str) -> QuerySet[Participation]:
    """What an enterprise took part in on the platform 业绩, newest first."""
    return (
        Participation.objects.filter(enterprise_uscc=uscc)
        .exclude(permitted_works=None)
        .select_related("project", "permitted_works")
        .order_by("-id")
    )
