"""An enterprise's own cases: the list, and a case with its course, what is asked of the applicant, and its result."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from jianguan.kernel.messages import message
from jianguan.licensing.matters import actions, packs, queries
from jianguan.licensing.matters.companions import companions
from jianguan.licensing.matters.models import Case
from jianguan.licensing.matters.pages import shown
from jianguan.licensing.matters.pages.cases import about
from jianguan.licensing.matters.pages.sheets import sheets_of
from jianguan.licensing.matters.progress import clocks_of, deadline
from jianguan.licensing.matters.statuses import ENDED, TONES, Status
from jianguan.licensing.process import service as process
from jianguan.platform.accounts.service import Actor, for_enterprises
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import NotFound, Refusal
from jianguan.platform.web.service import Filter, Tab, capped_count, paginate, posted_id, render_either, toast

# the tabs of the list: which states each holds
LISTS: Mapping[str, tuple[Promise, Q]] = MappingProxyType(
    {
        "": (_("All"), ~Q(status=Status.WITHDRAWN, submitted_at=None)),
        "correction": (_("To be corrected"), Q(status=Status.CORRECTION)),
        "draft": (_("Drafts"), Q(status=Status.DRAFT)),
        "open": (_("In handling"), ~Q(status__in=[*ENDED, Status.DRAFT, Status.CORRECTION])),
        "ended": (_("Ended"), Q(status__in=ENDED) & ~Q(submitted_at=None)),
    }
)


@for_enterprises
@require_GET
def own_cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All cases of one's enterprise, newest first."""
    which = request.GET.get("list", "")
    which = which if which in LISTS else ""
    mine = queries.of_applicant(actor)
    text = request.GET.get("q", "")
    page = paginate(request, queries.search(mine.filter(LISTS[which][1]), text), "-id")
    context = {
        "rows": page,
        "lines": [_line(case) for case in page.rows],
        "tabs": [
            Tab(words, f"?list={key}", capped_count(mine.filter(q), 99).number if key else None, current=key == which)
            for key, (words, q) in LISTS.items()
        ],
        "filters": [Filter("q", _("Number, project"), text)],
        "keep": [("list", which)] if which else [],
    }
    return render_either(request, "matters/own_cases.html", "matters/_own_cases.html", context)


def _line(case: Case) -> dict[str, Any]:
    matter = packs.of_version(case.pack).matter
    return {"case": case, "matter": matter, "tone": TONES[Status(case.status)], "deadline": deadline(case)}


@for_enterprises
@require_http_methods(["GET", "POST"])
def own_case(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """A submitted case of one's enterprise; posting withdraws it."""
    case = queries.own(actor, case_id)
    if case is None:
        raise NotFound
    refusal = None
    if request.method == "POST":
        command = actions.Withdraw(posted_id(request.POST.get("command_id")), case.id, request.POST.get("reason", ""))
        try:
            actions.withdraw(actor, command)
        except Refusal as error:
            refusal = error
        else:
            return toast(request, redirect("own-cases"), message("The application was withdrawn."))
    if case.submitted_at is None:
        return redirect("application", case.id) if case.status == Status.DRAFT else redirect("own-cases")
    pack = packs.of_version(case.pack)
    beside = [one.shows(request, actor, case) for one in companions()]
    context = about(case, pack) | {
        "events": shown.events(case, pack, process.items_of(case.id), actor, beside),
        "companions": [one.section for one in beside],
        "clocks": clocks_of(case),
        "sheets": sheets_of(case, for_officer=False),
        "asked": case.status == Status.CORRECTION,
        "may_withdraw": case.decided_on is None and case.ended_at is None,
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
        "command_id": request.POST.get("command_id") or new_command_id(),
        "crumbs": [(gettext("My cases"), reverse("own-cases")), (case.number, "")],
    }
    return render(request, "matters/own_case.html", context, status=refusal.status if refusal else 200)
