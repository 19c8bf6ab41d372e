"""Reading the library of enterprises. It is one library for all departments; what is in it is public by law."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from jianguan.kernel.identifiers import check
from jianguan.platform import search
from jianguan.registry.enterprises.models import Enterprise, Qualification, SafetyLicence

VALID = "01"


def found_by(text: str, region_prefix: str = "") -> QuerySet[Enterprise]:
    """Enterprises whose credit code or name (also a former one) fits what was typed, by name."""
    rows = Enterprise.objects.filter(region__startswith=region_prefix) if region_prefix else Enterprise.objects.all()
    typed = text.strip()
    if typed:
        rows = rows.filter(_matches(typed))
    return rows.order_by("sort_key", "id")


def _matches(typed: str) -> Q:
    code = check("uscc", typed).normal
    if code:
        return Q(uscc=code)
    if tokens := search.query_tokens(typed):
        current = Q(name_tokens__contains=tokens) & Q(name__icontains=typed)
        return current | Q(former_names__name=typed) | Q(uscc__startswith=typed.upper())
    return Q(pk=None)


def by_uscc(uscc: str) -> Enterprise | None:
    """The enterprise with this credit code."""
    return Enterprise.objects.filter(uscc=uscc).first()


def names(usccs: list[str]) -> dict[str, str]:
    """Names of enterprises by credit code, in one query."""
    return dict(Enterprise.objects.filter(uscc__in=usccs).values_list("uscc", "name"))


def qualifications_on(uscc: str, day: date) -> list[Qualification]:
    """Qualifications in force on a day."""
    in_force = Q(valid_until=None) | Q(valid_until__gte=day)
    rows = Qualification.objects.filter(in_force, enterprise__uscc=uscc, status=VALID, issued_on__lte=day)
    return list(rows.order_by("category", "grade"))


def safety_licence_on(uscc: str, day: date) -> SafetyLicence | None:
    """The safety production licence in force on a day."""
    rows = SafetyLicence.objects.filter(enterprise__uscc=uscc, status=VALID, issued_on__lte=day, valid_until__gte=day)
    return rows.order_by("-valid_until").first()
