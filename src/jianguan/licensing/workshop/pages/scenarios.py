"""The scenarios of a working copy: which go as they expect, and letting one expect what it finds."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jianguan.kernel.messages import message
from jianguan.licensing.matters.service import Played
from jianguan.licensing.workshop import actions, judging
from jianguan.licensing.workshop.pages.frame import bench
from jianguan.platform.accounts.service import Actor, for_officers
from jianguan.platform.errors import NotFound
from jianguan.platform.web.service import posted_id, toast


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def scenarios(request: HttpRequest, actor: Actor, copy_id: UUID) -> HttpResponse:
    """How every scenario goes with the files as they are."""
    on = bench(actor, copy_id)
    if request.method == "POST":
        return _accept(request, actor, copy_id)
    found = judging.played(on.texts)
    failing = {one.file for one in found if one.failure}
    files = [
        (file, on.files[file].revision, [_shown(one) for one in sorted(several, key=_went_well)])
        for file, several in groupby(sorted(found, key=lambda one: one.file not in failing), lambda one: one.file)
    ]
    context = on.context(
        "workshop-scenarios",
        files=files,
        failed=sum(one.failure is not None for one in found),
        count=len(found),
        readable=judging.sound(on.texts).pack is not None,
    )
    return render(request, "workshop/scenarios.html", context)


def _went_well(one: Played) -> bool:
    return one.failure is None


def _shown(one: Played) -> tuple[Played, list[tuple[str, str, str]]]:
    rows = [("/".join(map(str, miss.place)), value(miss.wanted), value(miss.found)) for miss in one.misses]
    return one, rows


def value(found: object) -> str:
    """What a scenario expects or finds, in words."""
    if found is None:
        return gettext("none")
    if isinstance(found, Mapping):
        return ", ".join(f"{key}: {value(one)}" for key, one in found.items())
    if isinstance(found, list | tuple):
        return ", ".join(map(value, found)) or gettext("none")
    return str(found)


def _accept(request: HttpRequest, actor: Actor, copy_id: UUID) -> HttpResponse:
    given = request.POST
    numbers = [given.get(key, "") for key in ("number", "revision")]
    if not all(one.isdecimal() for one in numbers):
        raise NotFound
    command = actions.AcceptExpectation(
        posted_id(given.get("command_id")), copy_id, given.get("file", ""), int(numbers[0]), int(numbers[1])
    )
    actions.accept_expectation(actor, command)
    return toast(request, redirect("workshop-scenarios", copy_id), message("The scenario expects now what it finds."))
