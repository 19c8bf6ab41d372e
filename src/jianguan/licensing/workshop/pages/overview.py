"""The list of working copies, beginning one, and the overview of one: what is different, what the gate says, sending it."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jianguan.kernel.messages import message
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import MAY_PROPOSE, PackVersion, Speech
from jianguan.licensing.workshop import actions, judging, queries
from jianguan.licensing.workshop.models import CopyState
from jianguan.licensing.workshop.pages.frame import Bench, bench, crumbs, matter_name
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, demand, for_officers, role_names
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import NotFound, Refusal
from jianguan.platform.web.service import paginate, posted_id, toast, words

TONES = {CopyState.OPEN: "blue", CopyState.SUBMITTED: "green", CopyState.DISCARDED: "neutral"}
PARTS = {
    "matter": _("Matter"), "form": _("Form"), "process": _("Process"), "rules": _("Rules"), "other": _("Other files"),
}  # fmt: skip


@for_officers
@require_GET
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Working copies, newest first; only one's own can be opened."""
    demand(actor, MAY_PROPOSE)
    rows = paginate(request, queries.standing(), "-id")
    people = accounts.names({row.owner_id for row in rows.rows})
    names = {matter.key: words(matter.name) for matter in matters.catalogue()}
    context = {
        "rows": rows,
        "lines": [
            (row, names.get(row.matter, row.matter), people.get(row.owner_id, ("", ""))[0], TONES[CopyState(row.state)])
            for row in rows.rows
        ],
        "me": actor.id,
        "crumbs": [*crumbs()[:1], (gettext("Working copies"), "")],
    }
    return render(request, "workshop/copies.html", context)


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, actor: Actor, matter: str, version: int) -> HttpResponse:
    """Open a working copy of a published version."""
    demand(actor, MAY_PROPOSE)
    if not PackVersion.objects.filter(matter=matter, version=version).exists():
        raise NotFound
    if request.method == "POST":
        done = actions.open_copy(actor, actions.OpenCopy(posted_id(request.POST.get("command_id")), matter, version))
        return redirect("workshop-copy", done.id)
    others = queries.standing().filter(matter=matter, state=CopyState.OPEN)
    people = accounts.names({row.owner_id for row in others})
    context = {
        "matter": matter,
        "version": version,
        "heading": matter_name(matter),
        "mine": next((row for row in others if row.owner_id == actor.id), None),
        "others": [people.get(row.owner_id, ("", ""))[0] for row in others if row.owner_id != actor.id],
        "command_id": new_command_id(),
        "crumbs": [*crumbs(), (gettext("Improve a version"), "")],
    }
    return render(request, "workshop/begin.html", context)


@for_officers
@require_GET
def overview(request: HttpRequest, actor: Actor, copy_id: UUID) -> HttpResponse:
    """What is different from where it began, what the gate says, and the way on."""
    return _overview(request, bench(actor, copy_id))


def _overview(request: HttpRequest, on: Bench, refusal: Refusal | None = None) -> HttpResponse:
    given = request.POST
    examined = judging.gated(on.texts)
    found = sorted(examined.problems, key=lambda problem: (problem.file, problem.line or 0))
    context = on.context(
        "workshop-copy",
        examined=examined,
        problems=[(file, list(several), _editor(on, file)) for file, several in groupby(found, lambda p: p.file)],
        parts=_differences(on, examined),
        seen=judging.digest(on.texts),
        refusal=refusal,
        effective_from=given.get("effective_from", clock.today().isoformat()),
        reason=given.get("reason", "")[:2000],
        tone=TONES[CopyState(on.copy.state)],
        published=PackVersion.objects.filter(matter=on.copy.matter, version__gte=on.copy.version).exists(),
    )
    return render(request, "workshop/copy.html", context, status=refusal.status if refusal else 200)


def _editor(on: Bench, file: str) -> str:
    """Where a file is changed most easily."""
    views = {matters.PROCESS: "workshop-process", matters.FORM: "workshop-form", matters.MATTER: "workshop-matter"}
    if file in views:
        return reverse(views[file], args=[on.copy.pk])
    if file.startswith("rules/") and file in on.files:
        return reverse("workshop-table", args=[on.copy.pk, file.removeprefix("rules/").removesuffix(".table.json")])
    if file.startswith("tests"):
        return reverse("workshop-scenarios", args=[on.copy.pk])
    return f"{reverse('workshop-files', args=[on.copy.pk])}?file={file}" if file in on.files else ""


def _differences(on: Bench, examined: matters.Examined) -> list[tuple[object, list[matters.Difference]]]:
    if examined.pack is None:
        return []
    base = matters.of_version(PackVersion.objects.get(matter=on.copy.matter, version=on.copy.base))
    speech = Speech("en" if get_language() == "en" else "zh", gettext, role_names())
    version = speech.word(message("version"))  # that it differs goes without saying
    found = [
        one
        for one in matters.differences(base, examined.pack, speech)
        if (one.file, one.where[-1]) != (matters.MATTER, version)
    ]
    return [(word, rows) for part, word in PARTS.items() if (rows := [one for one in found if one.part == part])]


@for_officers
@require_POST
def decide(request: HttpRequest, actor: Actor, copy_id: UUID) -> HttpResponse:
    """Send it for approval, change it further, or discard it."""
    on = bench(actor, copy_id)
    try:
        return _ACTS[request.POST.get("_op", "")](request, actor, on)
    except KeyError:
        raise NotFound from None
    except NotFound:
        raise
    except Refusal as refusal:
        return _overview(request, on, refusal)


def _submit(request: HttpRequest, actor: Actor, on: Bench) -> HttpResponse:
    given = request.POST
    try:
        day = date.fromisoformat(given.get("effective_from", ""))
    except ValueError:
        says = message("Enter a day of the calendar, such as 2026-03-01.")
        raise Refusal(says, {"effective_from": says}) from None
    command = actions.SubmitCopy(
        posted_id(given.get("command_id")), on.copy.pk, day, given.get("reason", "")[:2000], given.get("seen", "")
    )
    done = actions.submit_copy(actor, command)
    says = message("Sent for approval. Another person can publish it now.")
    return toast(request, redirect("conf-proposal", done.proposal_id), says)


def _resume(request: HttpRequest, actor: Actor, on: Bench) -> HttpResponse:
    actions.resume_copy(actor, actions.OfCopy(posted_id(request.POST.get("command_id")), on.copy.pk))
    return redirect("workshop-copy", on.copy.pk)


def _discard(request: HttpRequest, actor: Actor, on: Bench) -> HttpResponse:
    actions.discard_copy(actor, actions.OfCopy(posted_id(request.POST.get("command_id")), on.copy.pk))
    return toast(request, redirect("workshop"), message("Discarded."))


_ACTS = {"submit": _submit, "resume": _resume, "discard": _discard}
