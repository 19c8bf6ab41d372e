"""The workbench: where a person's day begins. Lists, messages, search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from jianguan.kernel.messages import Message, message
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case, Cases, InboxFigures, Status
from jianguan.licensing.process.service import WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor, for_enterprises, for_officers, signed_in
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.notices import service as notices
from jianguan.platform.web.service import (
    CappedCount,
    Figure,
    Filter,
    Page,
    Tab,
    paginate,
    place_filter,
    place_prefix,
    render_either,
    say,
    toast,
    words,
)
from jianguan.workbench import lists, searching
from jianguan.workbench.lists import Line

DUE_FIRST = F("due_on").asc(nulls_last=True)
STAGES = ("acceptance", "review", "examination", "approval", "issuing")
COUNTED = 999  # rows of a list, at most; what matters is whether there are many
LATE = {"today": "due_today", "overdue": "overdue"}


@signed_in
@require_GET
def home(_request: HttpRequest, actor: Actor) -> HttpResponse:
    """Where a person goes after signing in."""
    if actor.is_enterprise:
        return redirect("enterprise-home")
    return redirect("work")


@for_officers
@require_GET
def work(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for the reader 待办, most urgent first; beside it what waits for applicants, and all that is open."""
    which = request.GET.get("list", "mine")
    read = {"held": _held, "others": _others, "waiting": _waiting, "open": _open}.get(which, _mine)
    return render_either(
        request, "workbench/work.html", "workbench/_cases.html", _frame(request, actor, which) | read(request, actor)
    )


def _frame(request: HttpRequest, actor: Actor, which: str) -> dict[str, Any]:
    """What stands around every list of the page."""
    figures, stage, late = matters.figures(actor), request.GET.get("stage", ""), request.GET.get("late", "")
    plain = which == "mine" and not stage and not late
    under_way = matters.under_way(actor)
    return {
        "figures": [
            Figure(gettext("All"), str(_total(figures)), gettext("cases"), "?", plain),
            *(
                Figure(name, figures.by_stage[code], gettext("cases"), f"?stage={code}", stage == code)
                for code, name in _stages()
                if figures.by_stage[code] or stage == code
            ),
            Figure(gettext("Due today"), figures.due_today, gettext("cases"), "?late=today", late == "today", "orange"),
            Figure(gettext("Overdue"), figures.overdue, gettext("cases"), "?late=overdue", late == "overdue", "red"),
        ],
        "tabs": [
            Tab(gettext("All I can handle"), "?", figures.total, which == "mine"),
            Tab(gettext("Held by me"), "?list=held", _count(matters.held(actor)), which == "held"),
            Tab(gettext("Held by others"), "?list=others", _count(matters.held_by_others(actor)), which == "others"),
            Tab(
                gettext("Waiting for applicants"), "?list=waiting", _count(_corrections(under_way)), which == "waiting"
            ),
            Tab(gettext("All open cases"), "?list=open", _count(under_way), which == "open"),
        ],
        "filters": _filters(request, actor),
        "keep": [(name, value) for name in ("list", "stage", "late") if (value := request.GET.get(name))],
        "today": clock.today(),
    }


def _total(figures: InboxFigures) -> CappedCount:
    return CappedCount(min(figures.total, matters.COUNTED), figures.more)


def _count(rows: QuerySet[Any]) -> int:
    return rows[:COUNTED].count()


def _stages() -> list[tuple[str, str]]:
    return [(code, str(Status(code).label)) for code in STAGES]


def _filters(request: HttpRequest, actor: Actor) -> list[Filter]:
    chosen = [(matter.key, words(matter.name)) for matter in matters.catalogue()]
    return [
        Filter("q", gettext("Number, project, applicant"), request.GET.get("q", "")),
        Filter("matter", gettext("Matter"), request.GET.get("matter", ""), [("", gettext("All matters")), *chosen]),
        place_filter(request.GET.get("region", ""), actor.prefixes("case.read")),
    ]


def _mine(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    return _of_items(request, matters.inbox(actor), handled=True)


def _held(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    return _of_items(request, matters.held(actor), handled=True)


def _others(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    return _of_items(request, matters.held_by_others(actor), handled=False)


def _of_items(request: HttpRequest, items: QuerySet[WorkItem], *, handled: bool) -> dict[str, Any]:
    """Open steps; those that the reader may handle can be ticked, taken and passed on."""
    items = matters.matching(
        items, text=request.GET.get("q", ""), matter=request.GET.get("matter", ""),
        region=place_prefix(request.GET.get("region", "")), stage=request.GET.get("stage", ""),
    )  # fmt: skip
    today = clock.today()
    match request.GET.get("late"):
        case "today":
            items = items.filter(due_on=today)
        case "overdue":
            items = items.filter(due_on__lt=today)
    page: Page[WorkItem] = paginate(request, items, DUE_FIRST, "id")
    act = gettext("Handle") if handled else gettext("Open")
    context = {"rows": page, "lines": lists.of_items(page.rows), "act": act}
    return context | {"holding": True, "ticks": handled, "command_id": new_command_id()}


def _waiting(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    return _of_cases(request, _corrections(matters.under_way(actor)))


def _open(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    return _of_cases(request, matters.under_way(actor))


def _corrections(rows: Cases) -> Cases:
    return rows.filter(status=Status.CORRECTION, ended_at=None, due_on=None)  # their clock stands still


def _running(rows: Cases) -> Cases:
    return rows.filter(ended_at=None).exclude(status__in=[Status.DRAFT, Status.CORRECTION])


def _of_cases(
    request: HttpRequest, rows: Cases, lines: Callable[[Sequence[Case]], list[Line]] = lists.of_cases
) -> dict[str, Any]:
    rows = matters.search(rows.with_pack(), request.GET.get("q", ""))
    if matter := request.GET.get("matter"):
        rows = rows.filter(matter=matter)
    if region := place_prefix(request.GET.get("region", "")):
        rows = rows.filter(region__startswith=region)
    page: Page[Case] = paginate(request, rows, DUE_FIRST, "id")
    return {"rows": page, "lines": lines(page.rows), "act": gettext("Open")}


@for_officers
@require_GET
def done(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Steps the reader finished 已办, newest first."""
    page: Page[WorkItem] = paginate(request, matters.done_by(actor), F("closed_at").desc(nulls_last=True), "-id")
    context = {"rows": page, "lines": lists.of_items(page.rows), "act": gettext("Open"), "when": gettext("Finished")}
    return render_either(request, "workbench/done.html", "workbench/_cases.html", context)


@for_officers
@require_GET
def overdue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Cases of the reader's jurisdictions that are past their promised day 超期."""
    context = _of_cases(request, matters.overdue(actor), lists.of_late_cases) | {"filters": _filters(request, actor)}
    return render_either(request, "workbench/overdue.html", "workbench/_cases.html", context)


@signed_in
@require_GET
def inbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Messages to the reader and to their organisation, newest first."""
    page = paginate(request, notices.for_reader(actor), "-id")
    lines = [(notice, say(Message(notice.template, notice.params))) for notice in page.rows]
    return render_either(request, "workbench/inbox.html", "workbench/_inbox.html", {"rows": page, "lines": lines})


@signed_in
@require_POST
def mark_read(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Mark all messages read."""
    notices.mark_read(actor)
    return toast(request, redirect("inbox"), message("All messages are marked as read."))


@for_officers
@require_GET
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One box for everything: cases, projects, enterprises, people, certificates. A number leads straight there."""
    text = request.GET.get("q", "").strip()
    if direct := searching.direct(actor, text):
        return redirect(direct)
    return render(request, "workbench/search.html", {"text": text, "groups": searching.everywhere(actor, text)})


@for_enterprises
@require_GET
def enterprise_home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What an enterprise has to do now, what is under way, and what it may begin."""
    mine = matters.of_applicant(actor)
    urgent = list(mine.filter(status__in=[Status.CORRECTION, Status.DRAFT]).order_by("-status", "-id")[:8])
    running = list(_running(mine).order_by("-id")[:8])
    latest = notices.for_reader(actor)[:6]
    context = {
        "figures": [
            Figure(gettext("To be corrected"), _count(_corrections(mine)), "", _own("correction"), tone="orange"),
            Figure(gettext("Drafts"), _count(mine.filter(status=Status.DRAFT)), "", _own("draft")),
            Figure(gettext("In handling"), _count(_running(mine)), "", _own("open")),
            Figure(gettext("Completed"), _count(mine.filter(status=Status.COMPLETED)), "", _own("ended")),
        ],
        "urgent": lists.of_cases(urgent),
        "running": lists.of_cases(running),
        "notices": [(notice, say(Message(notice.template, notice.params))) for notice in latest],
        "catalogue": matters.catalogue(),
        "today": clock.today(),
    }
    return render(request, "workbench/enterprise_home.html", context)


def _own(which: str) -> str:
    return f"/e/cases/?list={which}"
