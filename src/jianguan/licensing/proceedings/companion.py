"""The part of this room in every case: what holds a step, the section of the page, the lines of the timeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext

from jianguan.kernel.messages import Message, message
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Beside, Case
from jianguan.licensing.proceedings import objecting, queries
from jianguan.licensing.proceedings.kinds import kinds
from jianguan.licensing.proceedings.models import Against, Objection, Proceeding, Result, State
from jianguan.licensing.proceedings.queries import OfCase
from jianguan.licensing.process.service import WorkItem
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor
from jianguan.platform.web.service import Event, words

Named = Mapping[UUID, tuple[str, str]]  # name and unit by account
TONES = {State.OPEN: "brown", State.RECORDED: "green", State.CALLED_OFF: "neutral"}


def holds(case: Case, item: WorkItem) -> Message | None:
    """A step waits for the record of what its officer ordered; where that step is over, every step of the case waits.

    Reviews that run beside it go on meanwhile.
    """
    under_way = list(Proceeding.objects.filter(case_id=case.id, state=State.OPEN))
    waiting = {made.item_id for made in under_way} - {item.id}
    still_open = (
        set(WorkItem.objects.filter(pk__in=waiting, state="open").values_list("pk", flat=True)) if waiting else set()
    )
    if any(made.item_id not in still_open for made in under_way):
        return message(
            "A special procedure of this case is under way: enter its record or call it off before you decide. "
            "Asking for a correction and returning the case stay possible."
        )
    return None


def shows(request: HttpRequest, actor: Actor, case: Case) -> Beside:
    """The section of the page of a case and its lines of the timeline; an applicant reads no calls and no officers' names."""
    found = queries.of_case(case, for_applicant=actor.is_enterprise)
    draw = _for_applicant if actor.is_enterprise else _for_officers
    return Beside(draw(request, actor, case, found), _events(found, actor))


def _for_applicant(request: HttpRequest, actor: Actor, case: Case, found: OfCase) -> str:
    open_to = queries.open_to_objection(case, found.objections)
    if not (found.proceedings or found.objections or open_to):
        return ""
    return _drawn(request, actor, case, found, {"open_to": open_to})


def _for_officers(request: HttpRequest, actor: Actor, case: Case, found: OfCase) -> str:
    steps = matters.steps_for(actor, case.id)
    waiting = (one for one in found.objections if not one.result)
    context = {
        "officer": True,
        "may_order": bool(steps) and not case.decided_on,
        "may_call": bool(steps) or queries.handles(actor, case.id),
        "may_answer": any(objecting.why_not_answer(actor, one, case) is None for one in waiting),
    }
    return _drawn(request, actor, case, found, context)


def _drawn(request: HttpRequest, actor: Actor, case: Case, found: OfCase, further: Mapping[str, Any]) -> str:
    noted = accounts.names({call.entered_by for call in found.calls}) if found.calls else {}
    context = {
        "case": case,
        "proceedings": [shown(made, actor) for made in found.proceedings],
        "calls": [(call, noted[call.entered_by]) for call in found.calls],
        "objections": [shown_objection(one) for one in found.objections],
        "remedies": matters.remedies(),
    }
    return render_to_string("proceedings/_section.html", context | dict(further), request)


def shown(made: Proceeding, reader: Actor) -> dict[str, Any]:
    """A procedure for templates; `record` says whether the reader may read its record."""
    kind = kinds()[made.kind]
    readable = made.state == State.RECORDED and (not reader.is_enterprise or kind.open_record)
    return {"it": made, "kind": kind, "tone": TONES[State(made.state)], "record": readable}


def shown_objection(one: Objection) -> dict[str, Any]:
    """An objection for templates."""
    tone = {"": "orange", Result.UPHELD: "green", Result.MAINTAINED: "neutral"}[one.result]
    word = Result(one.result).label if one.result else gettext("Waits for its answer")
    return {"it": one, "tone": tone, "word": word, "against": Against(one.against).label}


def _events(found: OfCase, reader: Actor) -> list[Event]:
    officers = {made.ordered_by for made in found.proceedings} | {call.entered_by for call in found.calls}
    officers |= {made.closed_by for made in found.proceedings if made.closed_by}
    officers |= {one.answered_by for one in found.objections if one.answered_by}
    people = officers | {one.entered_by for one in found.objections}
    told = accounts.names(people) if people else {}
    hidden = officers if reader.is_enterprise else set()
    named = {who: ("" if who in hidden else name, unit) for who, (name, unit) in told.items()}
    return [*_of_proceedings(found, named, reader), *_of_calls(found, named), *_of_objections(found, named)]


def _of_proceedings(found: OfCase, named: Named, reader: Actor) -> Iterator[Event]:
    for made in found.proceedings:
        name = words(kinds()[made.kind].name)
        expected = gettext("Expected to take %(days)s working days.") % {"days": made.expected_days}
        yield Event(
            gettext("%(kind)s ordered") % {"kind": name}, made.ordered_at, *named[made.ordered_by],
            f"{made.reason}\n{expected}", "warn",
        )  # fmt: skip
        if made.closed_at:
            recorded = made.state == State.RECORDED
            title = gettext("%(kind)s recorded") if recorded else gettext("%(kind)s called off")
            said = made.findings if recorded and shown(made, reader)["record"] else made.why_called_off
            who = named[made.closed_by] if made.closed_by else (gettext("The platform"), "")
            yield Event(title % {"kind": name}, made.closed_at, *who, said)


def _of_calls(found: OfCase, named: Named) -> Iterator[Event]:
    for call in found.calls:
        title = gettext("Call from %(name)s") if call.incoming else gettext("Call to %(name)s")
        yield Event(title % {"name": call.name}, call.called_at, *named[call.entered_by], call.said)


def _of_objections(found: OfCase, named: Named) -> Iterator[Event]:
    for one in found.objections:
        yield Event(gettext("Objection entered"), one.entered_at, *named[one.entered_by], one.reasons, "warn")
        if one.answered_at and one.answered_by:
            yield Event(str(Result(one.result).label), one.answered_at, *named[one.answered_by], one.answer)


matters.accompany(matters.Companion(holds, shows))
