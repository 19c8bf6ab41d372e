"""The workbench: where a person's day begins. Lists, messages, search."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from jianguan.kernel.messages import Message, message
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case, InboxFigures, Status
from jianguan.licensing.process.service import WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor, for_enterprises, for_officers, signed_in
from jianguan.platform.notices import service as notices
from jianguan.platform.web.service import (
    CappedCount,
    Figure,
    Filter,
    Page,
    Tab,
    capped_count,
    paginate,
    place_filter,
    place_prefix,
    render_either,
    say,
    toast,
    words,
)
from jianguan.workbench import lists, searching

DUE_FIRST = F("due_on").asc(nulls_last=True)
STAGES = ("acceptance", "review", "examination", "approval", "issuing")
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
    read = {"waiting": _waiting, "open": _open}.get(which, _mine)
    return render_either(
        request, "workbench/work.html", "workbench/_cases.html", _frame(request, actor, which) | read(request, actor)
    )


def _frame(request: HttpRequest, actor: Actor, which: str) -> dict[str, Any]:
    """What stands around every list of the page."""
    figures, stage, late = matters.figures(actor), request.GET.get("stage", ""), request.GET.get("late", "")
    plain = which == "mine" and not stage and not late
    seen = matters.visible_to(actor)
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
            Tab(gettext("Mine"), "?", figures.total, which == "mine"),
            Tab(gettext("Waiting for applicants"), "?list=waiting", _count(_corrections(seen)), which == "waiting"),
            Tab(gettext("All open cases"), "?list=open", _count(_unended(seen)), which == "open"),
        ],
        "filters": _filters(request, actor),
        "keep": [(name, value) for name in ("list", "stage", "late") if (value := request.GET.get(name))],
        "today": clock.today(),
    }


def _total(figures: InboxFigures) -> CappedCount:
    return CappedCount(min(figures.total, matters.COUNTED), figures.more)


def _count(rows: QuerySet[Case]) -> int:
    return capped_count(rows, 999).number


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
    items = matters.inbox(actor)
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
    return {"rows": page, "lines": lists.of_items(page.rows), "act": gettext("Handle")}


def _waiting(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    return _of_cases(request, _corrections(matters.visible_to(actor)))


def _open(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    return _of_cases(request, _unended(matters.visible_to(actor)))


def _corrections(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.filter(status=Status.CORRECTION, ended_at=None)


def _unended(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.filter(ended_at=None).exclude(status=Status.DRAFT)


def _running(rows: QuerySet[Case]) -> QuerySet[Case]:
    return _unended(rows).exclude(status=Status.CORRECTION)


def _of_cases(request: HttpRequest, rows: QuerySet[Case]) -> dict[str, Any]:
    rows = matters.search(rows.select_related("pack").defer("pack__content"), request.GET.get("q", ""))
    if matter := request.GET.get("matter"):
        rows = rows.filter(matter=matter)
    if region := place_prefix(request.GET.get("region", "")):
        rows = rows.filter(region__startswith=region)
    page: Page[Case] = paginate(request, rows, DUE_FIRST, "id")
    return {"rows": page, "lines": lists.of_cases(page.rows), "act": gettext("Open")}


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
    context = _of_cases(request, matters.overdue(actor)) | {"filters": _filters(request, actor)}
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
