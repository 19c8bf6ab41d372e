"""Checks of promises for officers and applicants, the document that was promised, and the figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from jianguan.kernel.clock import parse_limit
from jianguan.kernel.messages import Message, message
from jianguan.kernel.tables import Localized
from jianguan.licensing.promises import actions, facts, queries
from jianguan.licensing.promises.models import LaterCheck, Note, Promise, State
from jianguan.licensing.promises.rules import HOW, OPEN, TONES
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, demand, for_enterprises, for_officers, signed_in
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal import service as journal
from jianguan.platform.web.service import (
    Event,
    Figure,
    Filter,
    Tab,
    capped_count,
    paginate,
    place_filter,
    place_prefix,
    posted_id,
    render_either,
    toast,
    words,
)

SOON = 7  # days
DUE = {"overdue": _("overdue"), "soon": _("due within seven days")}
INLINE = frozenset({"application/pdf", "image/png", "image/jpeg"})


# --- officers: the list


@for_officers
@require_GET
def checks(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Checks of one's jurisdictions, those that are one's own first, the next to be due on top."""
    demand(actor, "case.read")
    which = request.GET.get("list", "")
    everything, mine = queries.visible_to(actor), queries.mine(actor)
    sought = {name: request.GET.get(name, "") for name in ("q", "state", "due", "region")}
    rows = _sought(everything if which == "all" else mine, sought)
    page = paginate(request, rows.select_related("promise"), "due_on", "id")
    context = {
        "rows": page,
        "lines": [_line(one) for one in page.rows],
        "filters": [
            Filter("q", _("Case number, title, applicant"), sought["q"]),
            Filter.among("state", _("State"), sought["state"], _("All states"), State.choices),
            Filter.among("due", _("Due"), sought["due"], _("Any day"), DUE.items()),
            place_filter(sought["region"], actor.prefixes("case.read")),
        ],
        "keep": [("list", which)] if which else [],
        "tabs": [
            Tab(_("For me to do"), "?", capped_count(mine, 99).number, current=which != "all"),
            Tab(_("All"), "?list=all", current=which == "all"),
        ],
        "tabs_label": _("Checks of promises"),
        "figures": _strip(everything, sought, which),
        "part": "promises/_rows.html",
    }
    return render_either(request, "promises/list.html", "promises/_rows.html", context)


def _sought(rows: Any, sought: Mapping[str, str]) -> Any:
    rows = queries.in_place(queries.matching(rows, sought["q"]), place_prefix(sought["region"]))
    if sought["state"] in State.values:
        rows = rows.filter(state=sought["state"])
    if sought["due"] == "overdue":
        return queries.overdue(rows)
    return queries.soon(rows, clock.today() + timedelta(days=SOON)) if sought["due"] == "soon" else rows


def _strip(rows: Any, sought: Mapping[str, str], which: str) -> list[Figure]:
    """Figures of all one sees; each leads to its list."""

    def figure(label: Any, found: Any, url: str, current: bool, tone: Any = "") -> Figure:
        return Figure(label, capped_count(found, 999).number, url=f"?list=all&{url}", current=current, tone=tone)

    late, here = queries.overdue(rows), which == "all"
    return [
        *(
            figure(state.label, rows.filter(state=state), f"state={state}", here and sought["state"] == state)
            for state in OPEN
        ),
        figure(_("Overdue"), late, "due=overdue", here and sought["due"] == "overdue", "red" if late.exists() else ""),
        figure(
            _("Decision revoked"), rows.filter(state=State.SANCTIONED), f"state={State.SANCTIONED}",
            here and sought["state"] == State.SANCTIONED,
        ),
    ]  # fmt: skip


def _line(check: LaterCheck) -> dict[str, Any]:
    return {"check": check, "matter": Localized(**check.promise.text["matter"]), **_standing(check)}


def _standing(check: LaterCheck) -> dict[str, Any]:
    late = check.ended_at is None and check.due_on < clock.today()
    return {"tone": TONES[check.state], "late": late, "days": max(1, (clock.today() - check.due_on).days)}


@for_officers
@require_GET
def figures(request: HttpRequest, actor: Actor) -> HttpResponse:
    """By matter: how much is promised, and what checks found."""
    demand(actor, "case.read")
    crumbs = [(_("Checks of promises"), reverse("promise-checks")), (_("Figures"), "")]
    return render(request, "promises/figures.html", {"figures": queries.figures(actor), "crumbs": crumbs})


# --- one check


@dataclass(frozen=True, slots=True)
class _Typed:
    """What a page shows of a form that was refused: what stands in it, and what is wrong."""

    values: Mapping[str, str] = field(default_factory=dict)
    fault: Message | None = None
    faults: Mapping[str, Message] = field(default_factory=dict)
    command_id: UUID = field(default_factory=new_command_id)
    status: int = 200


@for_officers
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, actor: Actor, check_id: UUID) -> HttpResponse:
    """A check: what was promised, what was found, and what is to be done next."""
    found = _visible(actor, check_id)
    if request.method == "GET":
        return _page(request, actor, found, _Typed())
    return _posted(request, actor, found, _officer_act)


@for_enterprises
@require_http_methods(["GET", "POST"])
def own_check(request: HttpRequest, actor: Actor, check_id: UUID) -> HttpResponse:
    """The same for the applicant, who reports that it is mended, or objects."""
    found = _visible(actor, check_id)
    if request.method == "GET":
        return _page(request, actor, found, _Typed())
    return _posted(request, actor, found, _applicant_act)


def _posted(
    request: HttpRequest,
    actor: Actor,
    found: LaterCheck,
    act: Callable[[HttpRequest, Actor, LaterCheck], Message | None],
) -> HttpResponse:
    """Do what a form asks; what is refused is drawn again with all that was typed."""
    try:
        done = act(request, actor, found)
    except Refusal as refusal:
        if refusal.status not in (Refusal.status, Conflict.status):
            raise
        values = {
            name: str(request.POST[name])
            for name in ("kept", "findings", "sanction", "reason", "words")
            if name in request.POST
        }
        typed = _Typed(values, refusal.says, refusal.fields, posted_id(request.POST.get("command_id")), refusal.status)
        return _page(request, actor, _visible(actor, found.id), typed)
    return toast(request, redirect(request.path), done) if done else redirect(f"{request.path}#decide")


def _officer_act(request: HttpRequest, actor: Actor, found: LaterCheck) -> Message:
    command_id = posted_id(request.POST.get("command_id"))
    if request.POST.get("_op") == "decide":
        sanction = _yes(request, "sanction")
        actions.decide(actor, actions.Decide(command_id, found.id, sanction, request.POST.get("reason", "")))
        return message("The decision is recorded.")
    for file in request.FILES.getlist("documents"):  # first, so that what is refused below does not lose them
        actions.attach_finding(actor, found.id, file.name or "", file.read())
    kept = _yes(request, "kept")
    actions.enter_result(actor, actions.EnterResult(command_id, found.id, kept, request.POST.get("findings", "")))
    return message("The result is recorded.")


def _applicant_act(request: HttpRequest, actor: Actor, found: LaterCheck) -> Message:
    command = actions.Say(posted_id(request.POST.get("command_id")), found.id, request.POST.get("words", ""))
    if request.POST.get("_op") == "object":
        actions.reply(actor, command)
        return message("Your objection is recorded.")
    actions.report_mended(actor, command)
    return message("Your report is recorded; it is checked again.")


def _yes(request: HttpRequest, name: str) -> bool:
    """A choice between yes and no that has to be made."""
    if request.POST.get(name) not in ("yes", "no"):
        says = message("Choose one of the two.")
        raise Refusal(says, {name: says})
    return request.POST[name] == "yes"


def _page(request: HttpRequest, actor: Actor, found: LaterCheck, typed: _Typed) -> HttpResponse:
    promise, own = found.promise, actor.is_enterprise
    notes = list(found.notes.order_by("-id"))
    crumbs = (
        [
            (_("My cases"), reverse("own-cases")),
            (found.number, reverse("own-case", args=[found.case_id])),
            (_("Check of a promise"), ""),
        ]
        if own
        else [(_("Checks of promises"), reverse("promise-checks")), (found.number, "")]
    )
    context = {
        "check": found,
        "bar": queries.bar_of(found),
        "matter": Localized(**promise.text["matter"]),
        **_standing(found),
        **_text(promise),
        "events": _events(found, notes, inside=not own),
        "notes": [note for note in notes if note.documents],
        "case_page": "own-case" if own else "case",
        "own": own,
        "typed": typed,
        "again": found.state == State.MENDING,
        "documents": queries.documents_at_hand(found)
        if not own and found.state in (State.WAITING, State.MENDING)
        else (),
        **_may(actor, found),
        "crumbs": crumbs,
    }
    return render(request, "promises/check.html", context, status=typed.status)


def _may(actor: Actor, found: LaterCheck) -> dict[str, Any]:
    """What the reader may do now, or why not."""
    if actor.is_enterprise:
        return {
            "may_report": found.state == State.MENDING and not found.reported,
            "may_reply": found.state == State.HEARING and not found.heard and clock.today() <= found.due_on,
        }
    checking = found.state in (State.WAITING, State.MENDING)
    refuse = actions.refuse_checker if checking else actions.refuse_decider
    if found.state not in OPEN:
        return {}
    try:
        refuse(actor, found)
    except Forbidden as refusal:
        return {"why_not": refusal.says}
    if not checking and not found.heard and clock.today() <= found.due_on:
        return {"why_not": message("The applicant may be heard until %(day)s. Decide after that.", day=found.due_on)}
    return {"may_check": checking, "may_decide": not checking}


def _events(found: LaterCheck, notes: Sequence[Note], *, inside: bool) -> list[Event]:
    """What was done, newest first; to the applicant the office speaks, not the officer."""
    people = accounts.names({note.actor_id for note in notes})
    known = {actor_id: (name if inside else "", unit) for actor_id, (name, unit) in people.items()}
    warn = {facts.BROKEN.code, facts.ANNOUNCED.code, facts.SANCTIONED.code}
    made = [
        Event(
            gettext(journal.kind_name(note.kind)), note.at, *known.get(note.actor_id, ("", "")),
            words="\n".join([note.words, *(one["name"] for one in note.documents)]),
            tone="warn" if note.kind in warn else "",
        )
        for note in notes
    ]  # fmt: skip
    return [*made, Event(gettext("Check opened by the decision"), found.opened_at)]


def _visible(actor: Actor, check_id: UUID) -> LaterCheck:
    found = queries.visible_to(actor).select_related("promise").filter(pk=check_id).first()
    if found is None:
        raise NotFound
    return found


# --- the document


@signed_in
@require_GET
def paper(request: HttpRequest, actor: Actor, promise_id: UUID) -> HttpResponse:
    """The document 告知承诺书 as it was signed, to be printed."""
    promise = queries.promises_visible_to(actor).filter(pk=promise_id).first()
    if promise is None:
        raise NotFound
    case_page = "own-case" if actor.is_enterprise else "case"
    context = {
        "promise": promise,
        "case_page": case_page,
        "matter": Localized(**promise.text["matter"]),
        **_text(promise),
    }
    return render(request, "promises/paper.html", context)


def _text(promise: Promise) -> dict[str, Any]:
    """The text of a promise as templates say it."""
    text = promise.text
    return {
        "promise": promise,
        "told": words(Localized(**text["told"])),
        "items": [words(Localized(one["zh"], one["en"])) for one in text["items"]],
        "consequences": words(Localized(**text["consequences"])),
        "basis": words(Localized(**text["basis"])),
        "declaration": words(Localized(**text["declaration"])),
        "how": HOW[text["how"]],
        "limits": {name: parse_limit(text[name]) for name in ("within", "mend", "reply", "bar")},
    }


@signed_in
@require_GET
def document(_request: HttpRequest, actor: Actor, check_id: UUID, document_id: UUID) -> HttpResponse:
    """A document of a finding, for whoever may open the check; the applicant has those of results that were entered."""
    found, one = _visible(actor, check_id), documents.by_id(document_id)
    if one is None or (one.subject_type, one.subject_id) != (actions.SUBJECT, found.id):
        raise NotFound
    if actor.is_enterprise and not found.notes.filter(documents__contains=[{"id": str(one.id)}]).exists():
        raise NotFound
    headers = {
        "Content-Disposition": content_disposition_header(one.blob.media_type not in INLINE, one.filename)
        or "attachment",
        "Cache-Control": "private, no-cache",
    }
    return HttpResponse(documents.content(one.blob_id), content_type=one.blob.media_type, headers=headers)
