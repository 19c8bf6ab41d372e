"""On the page of a case: the package it belongs to."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from jianguan.licensing.matters.service import Beside, Case, Companion, accompany
from jianguan.licensing.packages import queries
from jianguan.licensing.packages.definition import build
from jianguan.platform.accounts.service import Actor


def _shows(request: HttpRequest, actor: Actor, case: Case) -> Beside:
    package = queries.of_case(case)
    if package is None:
        return Beside("", ())
    context = {
        "package": package,
        "definition": build(package.definition),
        "page": reverse("own-package" if actor.is_enterprise else "package", args=[package.pk]),
        "others": package.members.filter(chosen=True).count(),
        "own": actor.is_enterprise and case.decided_on is None,
    }
    return Beside(render_to_string("packages/_beside.html", context, request), ())


accompany(Companion(holds=lambda _case, _item: None, shows=_shows))
