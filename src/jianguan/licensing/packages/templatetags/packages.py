"""Packages on pages of other rooms: `{% load packages %}{% package_cards %}`, `{% project_packages project.pk %}`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse

from jianguan.licensing.matters.service import Case
from jianguan.licensing.packages import catalogue, queries
from jianguan.licensing.packages.definition import build
from jianguan.platform.accounts.service import actor_of

register = template.Library()


@register.inclusion_tag("packages/_cards.html")
def package_cards(page: str = "package-begin") -> dict[str, Any]:
    """The packages on offer as cards; `page` is the name of the page each leads to."""
    offers = [(one, one.promise(), reverse(page, args=[one.definition.key])) for one in catalogue.offers()]
    return {"offers": offers}


@register.inclusion_tag("packages/_of_project.html", takes_context=True)
def project_packages(context: dict[str, Any], project_id: UUID) -> dict[str, Any]:
    """The packages of a project the reader may open."""
    actor = actor_of(context["request"])
    rows = (
        queries.visible_to(actor).filter(project_id=project_id).exclude(submitted_at=None).order_by("-id")
        if actor
        else ()
    )
    page = "own-package" if actor and actor.is_enterprise else "package"
    return {"rows": [(row, build(row.definition), reverse(page, args=[row.pk])) for row in rows[:10]]}


@register.inclusion_tag("packages/_note.html")
def package_note(case: Case) -> dict[str, Any]:
    """While a case of a package is corrected: that the others stay as they are."""
    return {"package": queries.of_case(case) if case.submitted_at else None}
