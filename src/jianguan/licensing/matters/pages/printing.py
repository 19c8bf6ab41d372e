"""Sheets of a case for A4: how it was handled 流转单, what was received 收件凭证, what was decided 决定书.

They are made anew from what is kept and replace no certificate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jianguan.licensing.matters import packs, queries
from jianguan.licensing.matters.companions import companions
from jianguan.licensing.matters.models import Act, Case, ClockStop
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.pages import shown
from jianguan.licensing.matters.pages.cases import about
from jianguan.licensing.matters.pages.sheets import SHEETS, sheets_of
from jianguan.licensing.matters.rules import AGAINST
from jianguan.licensing.matters.statuses import Status
from jianguan.licensing.process import service as process
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, signed_in
from jianguan.platform.errors import NotFound
from jianguan.platform.web.service import words


@signed_in
@require_GET
def sheet(request: HttpRequest, actor: Actor, case_id: UUID, kind: str) -> HttpResponse:
    """One sheet, for whoever may open the case; how it was handled is for officers."""
    case = queries.visible_to(actor).with_pack().filter(pk=case_id).first()
    if case is None or kind not in dict(sheets_of(case, for_officer=not actor.is_enterprise)):
        raise NotFound
    pack = packs.of_version(case.pack)
    context = about(case, pack) | {
        "title": SHEETS[kind].title,
        "authority": accounts.authority_for(case.region),
        "printed_at": clock.now(),
        "printed_by": actor.name,
        "back": "own-case" if actor.is_enterprise else "case",
    }
    if kind in _MORE:
        context |= _MORE[kind](request, actor, case, pack)
    return render(request, f"matters/sheets/{kind}.html", context)


def _handling(request: HttpRequest, actor: Actor, case: Case, pack: Pack) -> dict[str, Any]:
    """Every step in its order, those that wait last, and the days the clock stood still."""
    beside = [one.shows(request, actor, case) for one in companions()]
    events = shown.events(case, pack, process.items_of(case.id), actor, beside)
    return {"events": events[::-1], "stops": ClockStop.objects.filter(case=case).order_by("first_day", "id")}


def _decision(_request: HttpRequest, _actor: Actor, case: Case, pack: Pack) -> dict[str, Any]:
    """The word of the decision; where it went against the applicant also the act with its reason and clause."""
    decision = Status(case.decision)
    if decision in AGAINST.values():
        bad = [code for code, outcome in pack.matter.outcomes.items() if outcome.tone == "bad"]
        act = Act.objects.filter(case=case, outcome__in=bad).order_by("at", "id").last()
        return {"decided": decision.label, "act": act, "against": True}
    good = [code for code, outcome in pack.matter.outcomes.items() if outcome.tone == "good"]
    acts = Act.objects.filter(case=case, outcome__in=good).exclude(stage="submission")
    last = acts.order_by("at", "id").last()
    return {"decided": words(pack.matter.outcomes[last.outcome].done) if last else decision.label}


_More = Callable[[HttpRequest, Actor, Case, Pack], dict[str, Any]]
_MORE: Mapping[str, _More] = {"handling": _handling, "decision": _decision}
