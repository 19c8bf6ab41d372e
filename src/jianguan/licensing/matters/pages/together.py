"""Many steps in one go 批量办理: in favour of what the checks found in order, or against with the same words and clause.

A page takes the most urgent `AT_ONCE`; what is done is out of the list, so the next page goes on where this one ended,
whatever happened in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jianguan.kernel.messages import message
from jianguan.licensing.matters import packs, queries
from jianguan.licensing.matters.actions import together
from jianguan.licensing.matters.actions.together import FinishTogether
from jianguan.licensing.matters.models import Case
from jianguan.licensing.matters.pack import Outcome, Pack
from jianguan.licensing.matters.progress import node_name
from jianguan.licensing.matters.rules import missing_words
from jianguan.licensing.process.service import WorkItem
from jianguan.platform.accounts.service import Actor, for_officers
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Refusal
from jianguan.platform.web.service import posted_id, words

AT_ONCE = 50
LOOKED_AT = 1000  # of an inbox, the most urgent
STAGES = ("acceptance", "examination", "approval")
GOOD = "good"
OWN = "own-"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a matter with one of its results, and the cases it can be given to together."""

    name: str
    outcome: Outcome
    pack: Pack
    node: str
    lines: list[tuple[WorkItem, Case]] = field(default_factory=list)

    @property
    def in_favour(self) -> bool:
        return self.outcome.tone == GOOD

    @property
    def phrase(self) -> str:
        """The usual words of the step, where it is decided in favour."""
        act = self.pack.matter.acts.get(self.node)
        return words(act.phrases[0]) if act and act.phrases and self.in_favour else ""

    @property
    def clauses(self) -> list[str]:
        fitting = [clause for clause in self.pack.matter.clauses if clause.fits(self.outcome.code)]
        return [words(clause) for clause in fitting] if self.outcome.needs == "clause" else []


@for_officers
@require_http_methods(["GET", "POST"])
def handle_together(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose a step of a matter and a result, tick the cases, say one opinion; every case gets its own record."""
    chosen = request.POST.get("step") or request.GET.get("step", "")
    results, refusal, posted = None, None, request.method == "POST"
    steps = _steps(actor)
    if posted:
        try:
            results = together.finish_together(actor, _command(request.POST, chosen, steps.get(chosen)))
        except Refusal as error:
            refusal = error
        else:
            steps = _steps(actor)
    chosen = chosen or next(iter(steps), "")
    step = steps.get(chosen)
    context = {
        "steps": [(key, one.name, len(one.lines), key == chosen) for key, one in steps.items()],
        "chosen": chosen,
        "step": step,
        "lines": _drawn(step, request.POST, refused=refusal is not None),
        "more": max(len(step.lines) - AT_ONCE, 0) if step else 0,
        "opinion": request.POST.get("opinion", "") if posted else step.phrase if step else "",
        "clause": request.POST.get("clause", ""),
        "results": results,
        "refusal": refusal,
        "command_id": new_command_id(),
        "crumbs": [(gettext("Work to do"), reverse("work")), (gettext("Handle together"), "")],
    }
    return render(request, "matters/together.html", context, status=refusal.status if refusal else 200)


def _command(post: QueryDict, chosen: str, step: Step | None) -> FinishTogether:
    """What was posted; words that are missing are told before anything is done."""
    ticked = tuple(posted_id(one) for one in post.getlist("item"))
    if not ticked:
        raise Refusal(message("Tick the cases you decide on."))
    own = {item: text for item in ticked if (text := post.get(f"{OWN}{item}", "").strip())}
    opinion, clause = post.get("opinion", ""), post.get("clause", "")
    said = opinion or ("—" if len(own) == len(ticked) else "")  # where each has words of its own, none are common
    if step and (wrong := missing_words(step.outcome, said, clause, ())):
        raise Refusal(next(iter(wrong.values())), wrong)
    outcome = chosen.rsplit(":", 1)[-1]  # a step is named by matter, node and outcome
    return FinishTogether(posted_id(post.get("command_id")), ticked, outcome, opinion, clause, tuple(own.items()))


def _drawn(step: Step | None, post: QueryDict, *, refused: bool) -> list[tuple[WorkItem, Case, bool, str]]:
    """The lines of a page, each with whether it is ticked and its own words."""
    if step is None:
        return []
    ticked = post.getlist("item")
    return [
        (
            item,
            case,
            str(item.pk) in ticked if refused else step.in_favour and not case.checks_hinted,
            post.get(f"{OWN}{item.pk}", "") if refused else "",
        )
        for item, case in step.lines[:AT_ONCE]
    ]


def _steps(actor: Actor) -> Mapping[str, Step]:
    """Steps of matters that wait for the reader, by matter, node and result."""
    items = list(queries.inbox(actor).filter(stage__in=STAGES).order_by("due_on", "id")[:LOOKED_AT])
    cases = queries.of_items(items)
    found: dict[str, Step] = {}
    for item in items:
        if case := cases.get(item.instance_id):
            _enter(found, item, case)
    return dict(sorted(found.items(), key=lambda one: not one[1].in_favour))


def _enter(found: dict[str, Step], item: WorkItem, case: Case) -> None:
    pack = packs.of_version(case.pack)
    for code in pack.net.nodes[item.node].outcomes:
        outcome = pack.matter.outcomes[code]
        if outcome.needs == "items" or (outcome.tone == GOOD and (outcome.needs or case.checks_failed)):
            continue  # what has to be looked at one by one
        key = f"{case.matter}:{item.node}:{code}"
        if key not in found:
            parts = (words(pack.matter.short), node_name(pack, item.node), words(outcome.label))
            found[key] = Step(" · ".join(parts), outcome, pack, item.node)
        found[key].lines.append((item, case))
