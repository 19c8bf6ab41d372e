"""The part of this room in every case: who holds which step, who keeps out, who was reminded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext

from jianguan.kernel.messages import Message
from jianguan.licensing.duties import queries, settings, wording
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Beside, Case
from jianguan.licensing.process import service as process
from jianguan.licensing.process.service import Recusal, Way, WorkItem
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import HEADING, Actor
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.web.service import Event, words

QUIET = frozenset({Way.CLAIMED, Way.GIVEN_BACK})  # stand in the section, not in the timeline
APPLICANT = "applicant"
Named = Mapping[UUID, tuple[str, str]]  # name and unit by account


def holds(_case: Case, _item: WorkItem) -> Message | None:
    """Nothing of this room holds a step: who may finish it is judged where it is finished."""
    return None


def shows(request: HttpRequest, actor: Actor, case: Case) -> Beside:
    """The section of the page of a case; an applicant sees only their own requests for a recusal."""
    recusals = queries.recusals_of(case.id)
    if actor.is_enterprise:
        asked = [_shown(one, {}) for one in recusals if one.named]
        context = {"case": case, "recusals": asked}
        return Beside(render_to_string("duties/_own_section.html", context, request) if case.submitted_at else "", ())
    items = [item for item in process.items_of(case.id) if item.role != APPLICANT and item.state != "queued"]
    urgings = list(queries.urgings_of(case.id))
    handovers = process.handovers_of([item.id for item in items])
    ids = queries.people_in(items, handovers) | {one.by_id for one in urgings}
    ids |= {pk for one in recusals for pk in (one.account_id, one.asked_by, one.decided_by) if pk}
    named = accounts.names(ids) if ids else {}
    steps = queries.steps(case, items, handovers, {pk: name for pk, (name, _) in named.items()})
    out = {one.account_id for one in recusals if one.since and not one.ended_at}
    context = {
        "case": case,
        "actor": actor,
        "open": [step for step in steps if step.item.state == "open"],
        "steps": steps,
        "mine": {step.item.id for step in steps if actor.has_role(step.item.role, step.item.region)},
        "own": {actor.id, *actor.absent_colleagues},
        "heads": actor.may(HEADING, case.region) and actor.id not in out,
        "keeps_out": actor.id in out,
        "recusals": [_shown(one, named) for one in recusals],
        "command_id": new_command_id(),
    }
    events = [
        *_of_handovers(items, handovers, case, named),
        *_of_urgings(urgings, named),
        *_of_recusals(recusals, named),
    ]
    return Beside("", events, render_to_string("duties/_section.html", context, request))


def _shown(one: Recusal, named: Named) -> dict[str, Any]:
    """A recusal for templates: `state` is asked, standing, declined or ended."""
    state = "ended" if one.ended_at else "standing" if one.since else "declined" if one.decided_at else "asked"
    reason = settings.recusal().reasons.get(one.reason)
    name = named.get(one.account_id, ("", ""))[0] if one.account_id else one.named
    return {"it": one, "state": state, "name": name or one.named, "reason": words(reason) if reason else one.reason}


def _of_handovers(
    items: Sequence[WorkItem], handovers: Mapping[UUID, Sequence[process.Handover]], case: Case, named: Named
) -> Iterator[Event]:
    pack = matters.of_version(case.pack)
    for item in items:
        for one in handovers[item.id]:
            if one.way in QUIET:
                continue
            name = named.get(one.holder_id, ("", ""))[0] if one.holder_id else ""
            to = gettext("to %(name)s") % {"name": name} if name else ""
            said = "\n".join(part for part in (to, one.reason) if part)
            title = f"{matters.node_name(pack, item.node)} · {wording.WAYS[one.way]}"
            yield Event(title, one.at, *named.get(one.by_id, ("", "")), said)


def _of_urgings(urgings: Sequence[Any], named: Named) -> Iterator[Event]:
    for one in urgings:
        yield Event(gettext("Reminded of a step"), one.at, *named.get(one.by_id, ("", "")), one.words, "warn")


def _of_recusals(recusals: Sequence[Recusal], named: Named) -> Iterator[Event]:
    for one in recusals:
        shown = _shown(one, named)
        if one.since:
            by = (one.decided_by if one.named else None) or one.asked_by
            title = gettext("Recusal in force: %(name)s") % {"name": shown["name"]}
            yield Event(title, one.since, *named.get(by, ("", "")), shown["reason"], "warn")
        if one.ended_at and one.decided_by:
            title = gettext("Recusal lifted: %(name)s") % {"name": shown["name"]}
            yield Event(title, one.ended_at, *named.get(one.decided_by, ("", "")), one.answer)


matters.accompany(matters.Companion(holds, shows))
