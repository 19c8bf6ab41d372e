"""Many steps in one go 批量办理: acceptance and approval of what the checks found in order."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jianguan.kernel.messages import message
from jianguan.licensing.matters import packs, queries
from jianguan.licensing.matters.actions import together
from jianguan.licensing.matters.actions.together import FinishTogether
from jianguan.licensing.matters.models import Case
from jianguan.licensing.matters.progress import node_name
from jianguan.licensing.process.service import WorkItem
from jianguan.platform.accounts.service import Actor, for_officers
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Refusal
from jianguan.platform.web.service import posted_id, words

AT_ONCE = 50
GOOD = "good"


@for_officers
@require_http_methods(["GET", "POST"])
def handle_together(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose a step of a matter, tick the cases, say one opinion; every case gets its own record."""
    chosen = request.POST.get("step") or request.GET.get("step", "")
    results, refusal = None, None
    if request.method == "POST":
        ticked = tuple(posted_id(one) for one in request.POST.getlist("item"))
        if ticked:
            command = FinishTogether(
                posted_id(request.POST.get("command_id")),
                ticked,
                chosen.rsplit(":", 1)[-1],  # a step is named by matter, node and outcome
                request.POST.get("opinion", ""),
            )
            results = together.finish_together(actor, command)
        else:
            refusal = Refusal(message("Tick the cases you decide on."))
    steps = _steps(actor)
    chosen = chosen or next(iter(steps), "")
    context = {
        "steps": [(key, name, key == chosen) for key, (name, _) in steps.items()],
        "chosen": chosen,
        "lines": steps[chosen][1] if chosen in steps else [],
        "opinion": request.POST.get("opinion", "") if refusal else _phrase(steps.get(chosen)),
        "results": results,
        "refusal": refusal,
        "command_id": new_command_id(),
        "crumbs": [(gettext("Work to do"), reverse("work")), (gettext("Handle together"), "")],
    }
    return render(request, "matters/together.html", context, status=refusal.status if refusal else 200)


Step = tuple[str, list[tuple[WorkItem, Case]]]


def _steps(actor: Actor) -> dict[str, Step]:
    """Steps of matters that wait for the reader and can be finished in favour without anything else to be said."""
    items = list(queries.inbox(actor).filter(stage__in=("acceptance", "approval"))[: AT_ONCE * 4])
    cases = queries.of_items(items)
    found: dict[str, Step] = {}
    for item in items:
        case = cases.get(item.instance_id)
        if case is None or case.checks_failed:
            continue
        pack = packs.of_version(case.pack)
        outcome = next((c for c in pack.net.nodes[item.node].outcomes if _plain(pack.matter.outcomes[c])), None)
        if outcome:
            name = f"{words(pack.matter.short)} · {node_name(pack, item.node)}"
            step = found.setdefault(f"{case.matter}:{item.node}:{outcome}", (name, []))
            if len(step[1]) < AT_ONCE:
                step[1].append((item, case))
    return found


def _plain(outcome: Any) -> bool:
    return outcome.tone == GOOD and not outcome.needs


def _phrase(step: Step | None) -> str:
    """The usual words of the step."""
    if step is None:
        return ""
    item, case = step[1][0]
    act = packs.of_version(case.pack).matter.acts.get(item.node)
    return words(act.phrases[0]) if act and act.phrases else ""
