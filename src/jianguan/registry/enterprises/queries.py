"""Reading the library of enterprises. It is one library for all departments; what is in it is public by law."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from jianguan.kernel.identifiers import check
from jianguan.platform import search
from jianguan.platform.accounts.service import Actor
from jianguan.registry.enterprises.models import (
    Enterprise,
    FormerName,
    FormerParticular,
    Qualification,
    SafetyLicence,
)

VALID = "01"


def visible_to(actor: Actor) -> QuerySet[Enterprise]:
    """Enterprises whose record a person may open: departments the whole library, enterprises their own record."""
    if actor.may("registry.read"):
        return Enterprise.objects.all()
    return Enterprise.objects.filter(uscc=actor.uscc) if actor.uscc else Enterprise.objects.none()


def found_by(text: str, region_prefix: str = "") -> QuerySet[Enterprise]:
    """Enterprises of the library that fit what was typed, as the public may search it."""
    return matching(Enterprise.objects.all(), text, region_prefix)


def matching(rows: QuerySet[Enterprise], text: str, region_prefix: str = "") -> QuerySet[Enterprise]:
    """Those whose credit code or name (also a former one) fits what was typed, by name."""
    typed = text.strip()
    if region_prefix:
        rows = rows.filter(region__startswith=region_prefix)
    if typed:
        rows = rows.filter(_matches(typed))
    return rows.order_by("sort_key", "id")


def _matches(typed: str) -> Q:
    code = check("uscc", typed).normal
    if code:
        return Q(uscc=code)
    former = Exists(FormerName.objects.filter(enterprise=OuterRef("pk"), name=typed))
    begun = Q(former) | Q(uscc__startswith=typed.upper())
    if tokens := search.query_tokens(typed):
        return (Q(name_tokens__contains=tokens) & Q(name__icontains=typed)) | begun
    return begun


@dataclass(frozen=True, slots=True)
class Papers:
    """What an enterprise was called and was, and what it was issued, in force or not."""

    former_names: list[FormerName]
    former_particulars: list[FormerParticular]
    qualifications: list[Qualification]
    safety_licences: list[SafetyLicence]


def papers(enterprise: Enterprise) -> Papers:
    """Former names and particulars, qualifications and safety licences, newest first: four queries."""
    return Papers(
        list(enterprise.former_names.order_by("-until", "-id")),
        list(enterprise.former_particulars.order_by("-until", "-id")),
        list(enterprise.qualifications.order_by("-issued_on", "category", "id")),
        list(enterprise.safety_licences.order_by("-issued_on", "id")),
    )


def by_id(enterprise_id: UUID | str) -> Enterprise:
    """The enterprise with this id, which there is."""
    return Enterprise.objects.get(pk=enterprise_id)


def by_uscc(uscc: str) -> Enterprise | None:
    """The enterprise with this credit code."""
    return Enterprise.objects.filter(uscc=uscc).first()


def names(usccs: list[str]) -> dict[str, str]:
    """Names of enterprises by credit code, in one query."""
    return dict(Enterprise.objects.filter(uscc__in=usccs).values_list("uscc", "name"))


def known(usccs: Collection[str]) -> set[str]:
    """Which of some credit codes the library knows."""
    return set(Enterprise.objects.filter(uscc__in=usccs).values_list("uscc", flat=True))


def qualifications_on(uscc: str, day: date) -> list[Qualification]:
    """Qualifications in force on a day."""
    in_force = Q(valid_until=None) | Q(valid_until__gte=day)
    rows = Qualification.objects.filter(in_force, enterprise__uscc=uscc, status=VALID, issued_on__lte=day)
    return list(rows.order_by("category", "grade"))


def safety_licence_on(uscc: str, day: date) -> SafetyLicence | None:
    """The safety production licence in force on a day."""
    rows = SafetyLicence.objects.filter(enterprise__uscc=uscc, status=VALID, issued_on__lte=day, valid_until__gte=day)
    return rows.order_by("-valid_until").first()
