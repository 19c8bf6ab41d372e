"""Reading packages, through one permission filter: a person sees a package by the cases in it they may open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, Exists, F, FloatField, OuterRef, Prefetch, QuerySet

from jianguan.kernel.tables import Localized
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case, Deadline, Matter
from jianguan.licensing.packages.catalogue import Offer
from jianguan.licensing.packages.definition import build
from jianguan.licensing.packages.models import Member, Package, Standing
from jianguan.licensing.packages.rules import Bar, Saving, Span, saving
from jianguan.licensing.process.service import WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor
from jianguan.platform.errors import NotFound
from jianguan.platform.workdays import service as workdays
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.service import Project


def visible_to(actor: Actor) -> QuerySet[Package]:
    """Packages a person may open: those of their enterprise, drafts too, and those with a case they may open."""
    if actor.is_enterprise:
        return Package.objects.filter(applicant_id=actor.organisation_id)
    seen = Member.objects.filter(package=OuterRef("pk"), case__in=matters.visible_to(actor))
    return Package.objects.filter(Exists(seen))


def visible(actor: Actor, package_id: UUID) -> Package:
    """A submitted package a person may open.

    Raises:
        NotFound: there is none, or not for this person.
    """
    found = visible_to(actor).filter(pk=package_id).exclude(submitted_at=None).first()
    if found is None:
        raise NotFound
    return found


def own(actor: Actor, package_id: UUID) -> Package:
    """A package of the actor's enterprise, drafts too.

    Raises:
        NotFound: there is none.
    """
    found = Package.objects.filter(pk=package_id, applicant_id=actor.organisation_id).first()
    if found is None or not actor.is_enterprise:
        raise NotFound
    return found


def with_members(rows: QuerySet[Package]) -> QuerySet[Package]:
    """Packages with the matters that take part and their cases."""
    taking_part = Member.objects.filter(chosen=True).select_related("pack", "case").defer("pack__content")
    return rows.prefetch_related(Prefetch("members", taking_part.order_by("position"), to_attr="taking_part"))


def matching(rows: QuerySet[Package], text: str) -> QuerySet[Package]:
    """Those whose number or project fits what was typed."""
    typed = text.strip()
    found = rows.filter(title__icontains=typed) | rows.filter(number__istartswith=typed)
    return found if typed else rows


def by_receipt(number: str, uscc: str) -> Package | None:
    """The package with a number, for whoever also knows the credit code of its applicant."""
    package = Package.objects.filter(number=number.strip().upper()).first() if uscc.strip() else None
    if package is None or accounts.organisation(package.applicant_id).uscc != uscc.strip().upper():
        return None
    return package


def drafts_of(actor: Actor, key: str) -> QuerySet[Package]:
    """Drafts of a package of the actor's enterprise, newest first."""
    return Package.objects.filter(applicant_id=actor.organisation_id, key=key, submitted_at=None).order_by("-id")


def of_case(case: Case) -> Package | None:
    """The package a case belongs to."""
    return Package.objects.filter(members__case=case).first()


def applicable(actor: Actor, offer: Offer) -> QuerySet[Project]:
    """The projects an enterprise may apply for with a package: those it may apply for with every matter of it."""
    ways = {pack.matter.subject.by for pack in offer.packs.values()}
    return projects.applicable(actor.uscc or "", "owner" if "owner" in ways else ways.pop())


# --- how a package stands


@dataclass(frozen=True, slots=True)
class Row:
    """A matter of a package on its page: its case, where it stands, who has it, and where it lies in time.

    Attributes:
        steps: the open steps of the case, and the roles that hold them.
        opens: whether the reader may open the case.
        because, held: the matter that dropped it; why it could not be applied for.
    """

    member: Member
    matter: Matter
    case: Case | None
    tone: str
    status: str
    deadline: Deadline | None
    steps: tuple[tuple[str, str], ...]
    opens: bool
    bar: Bar | None
    critical: bool
    because: Matter | None
    held: Localized | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A package as its pages show it."""

    package: Package
    rows: tuple[Row, ...]
    saving: Saving | None

    @property
    def waits(self) -> bool:
        """Whether something of it is still to come."""
        return self.package.ended_at is None


def overview(package: Package, actor: Actor | None) -> Overview:
    """How a submitted package stands, in a constant number of queries; `actor` None: for the public."""
    taking_part = list(members_of(package))
    cases = [member.case for member in taking_part if member.case]
    steps = _open_steps(cases)
    opened = (
        set(matters.visible_to(actor).filter(pk__in=[c.pk for c in cases]).values_list("pk", flat=True))
        if actor
        else set()
    )
    saved = saving_of(package, taking_part)
    bars = {bar.matter: bar for bar in saved.bars} if saved else {}
    critical = set(saved.critical) if saved else set()
    known = {member.matter: matters.of_version(member.pack).matter for member in taking_part}
    rows = []
    for member in taking_part:
        tone, status = state_of(member)
        rows.append(
            Row(
                member, known[member.matter], member.case, tone, status,
                matters.deadline(member.case) if member.case else None,
                tuple(steps.get(member.case.pk, ())) if member.case else (), bool(member.case and member.case.pk in opened),
                bars.get(member.matter), member.matter in critical, known.get(member.because), Localized(**member.held_by) if member.held_by else None,
            )
        )  # fmt: skip
    return Overview(package, tuple(rows), saved)


def members_of(package: Package) -> QuerySet[Member]:
    """The matters that take part, in order, with their cases."""
    return package.members.filter(chosen=True).select_related("pack", "case__pack").defer("pack__content", "case__pack__content").order_by("position")  # fmt: skip


def state_of(member: Member) -> tuple[str, str]:
    """Tone and word for where a matter stands."""
    if member.case is None:
        standing = Standing(member.standing)
        return _TONES[standing], str(standing.label)
    status = matters.Status(member.case.status)
    return matters.TONES[status], str(status.label)


_TONES = {Standing.WAITING: "neutral", Standing.APPLIED: "blue", Standing.HELD: "orange", Standing.CANCELLED: "red"}


def _open_steps(cases: Sequence[Case]) -> dict[UUID, list[tuple[str, str]]]:
    packs = {case.pk: matters.of_version(case.pack) for case in cases}
    roles = accounts.role_names()
    found: dict[UUID, list[tuple[str, str]]] = {}
    for item in WorkItem.objects.filter(instance__in=packs, state="open").order_by("id"):
        step = matters.node_name(packs[item.instance_id], item.node)
        found.setdefault(item.instance_id, []).append((step, roles.get(item.role, "")))
    return found


def saving_of(package: Package, taking_part: Iterable[Member]) -> Saving | None:
    """What a submitted package saves; dropped and withdrawn matters do not count, and none is left where all are."""
    if package.submitted_at is None:
        return None
    counted = [member for member in taking_part if _counts(member)]
    definition, chosen = build(package.definition), [member.matter for member in counted]
    spans = [_span(member, definition.after(member.matter, chosen)) for member in counted]
    today = clock.legal_day(package.ended_at) if package.ended_at else clock.today()
    return saving(spans, clock.legal_day(package.submitted_at), today, workdays.calendar()) if spans else None


def _counts(member: Member) -> bool:
    case = member.case
    return member.standing != Standing.CANCELLED and (case is None or bool(case.decided_on) or case.ended_at is None)


def _span(member: Member, after: tuple[str, ...]) -> Span:
    limit = matters.of_version(member.pack).matter.promised.limit
    case = member.case
    if case is None or case.submitted_at is None:
        return Span(member.matter, after, limit)
    return Span(member.matter, after, limit, clock.legal_day(case.submitted_at), case.decided_on)


# --- what packages of a kind took


@dataclass(frozen=True, slots=True)
class Statistics:
    """What finished packages of one kind took: how many, and the medians in working days."""

    count: int
    parallel: float
    serial: float
    saved: float


class Median(Aggregate):
    """The middle value."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def statistics() -> Mapping[str, Statistics]:
    """What the finished packages of every kind took, in one query."""
    rows = (
        Package.objects.exclude(serial_days=None)
        .order_by()
        .values("key")
        .annotate(
            count=Count("pk"), parallel=Median("parallel_days"), serial=Median("serial_days"),
            saved=Median(F("serial_days") - F("parallel_days")),
        )
    )  # fmt: skip
    return {row["key"]: Statistics(row["count"], row["parallel"], row["serial"], row["saved"]) for row in rows}


def already_open(project_id: UUID, keys: Collection[str]) -> list[Case]:
    """Open cases of these matters for a project: what a package would stumble over."""
    rows = Case.objects.with_pack().filter(project_id=project_id, matter__in=keys, ended_at=None)
    return list(rows.exclude(status=matters.Status.DRAFT).order_by("id"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a package is, in a list: of its matters how many are decided; and what it saves, once it ended."""

    decided: int
    total: int
    saved: int | None


def progress_of(package: Any) -> Progress:
    """How far one of `with_members` is."""
    decided = sum(
        bool(member.case and (member.case.decided_on or member.case.ended_at)) for member in package.taking_part
    )
    measured = package.serial_days is not None
    return Progress(
        decided, len(package.taking_part), package.serial_days - package.parallel_days if measured else None
    )
