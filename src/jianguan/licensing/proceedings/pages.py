"""Pages of procedures beside a case, calls and objections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from jianguan.kernel.messages import message
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case
from jianguan.licensing.proceedings import actions, objecting, queries
from jianguan.licensing.proceedings.companion import shown, shown_objection
from jianguan.licensing.proceedings.kinds import kinds
from jianguan.licensing.proceedings.models import Call, Objection, Proceeding, Result
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, demand, for_enterprises, for_officers, signed_in
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.web.service import Tab, day, entry, paginate, posted_id, render_either, toast, words

INLINE = frozenset({"application/pdf", "image/png", "image/jpeg"})
FILE = "file"  # name of the input of an upload
UNDER_WAY, WAITING, ANSWERED = "", "objections", "answered"


@for_officers
@require_GET
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Procedures under way, objections that wait, and those that are answered, in one's jurisdictions."""
    demand(actor, "case.read")
    which = request.GET.get("list", UNDER_WAY)
    which = which if which in (WAITING, ANSWERED) else UNDER_WAY
    rows: Any = queries.objections(actor, answered=which == ANSWERED) if which else queries.open_proceedings(actor)
    page = paginate(request, rows, "-id")
    cases = matters.visible_to(actor).in_bulk([row.case_id for row in page.rows])
    lines = [(row, cases[row.case_id]) for row in page.rows if row.case_id in cases]
    labels = {
        UNDER_WAY: _("Procedures under way"), WAITING: _("Objections to answer"), ANSWERED: _("Answered objections"),
    }  # fmt: skip
    here = reverse("proceedings")
    context = {
        "rows": page,
        "objections": [(shown_objection(row), case) for row, case in lines] if which else (),
        "proceedings": () if which else [(shown(row, actor), case) for row, case in lines],
        "tabs": [
            Tab(label, f"{here}?list={key}" if key else here, current=key == which) for key, label in labels.items()
        ],
        "tabs_label": _("Proceedings"),
        "keep": [("list", which)] if which else [],
        "part": "proceedings/_rows.html",
    }
    return render_either(request, "proceedings/list.html", "proceedings/_rows.html", context)


class Ordering(entry.Form):
    """What is asked when a procedure is ordered."""

    kind = entry.choice(_("Kind"), span=6)
    expected_days = entry.count(_("Expected to take"), unit=_("working days"), span=6)
    reason = entry.words(_("Why it is needed"), limit=500)
    asked = entry.words(_("What is to be found out"))
    planned_on = entry.day(_("Planned for"), required=False, span=6)
    place = entry.text(_("Where"), required=False, span=6)
    invited = entry.words(_("Who is invited"), required=False, limit=500)


@for_officers
def order(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """Order a hearing, a survey, testing or an expert review."""
    case = queries.case_of(actor, case_id)
    if not matters.steps_for(actor, case.id):
        raise Forbidden(message("Only who has an open step of this case may order a procedure in it."))

    def act(given: dict[str, Any]) -> entry.Done:
        done = actions.order(actor, actions.Order(case_id=case.id, **given))
        says = message("Ordered. The clock stands still until the record is entered, and the applicant was told.")
        return entry.Done(reverse("proceeding", args=[done.id]), says)

    options = [(kind.key, f"{words(kind.name)} · {words(kind.basis)}") for kind in kinds().values()]
    form = Ordering(entry.sent(request), kind=entry.to_choose(options))
    note = _(
        "The applicant gets a notice in writing with the number of days: they do not count towards the time limit. Until the "
        "record is entered you cannot decide for or against."
    )
    hints: list[tuple[Any, Any]] = [(words(kind.name), words(kind.hint)) for kind in kinds().values()]
    sheet = entry.Sheet(
        _("Order a special procedure"), _crumbs(case, actor), _("Order a special procedure"), note, hints
    )
    return entry.enter(request, form, act, sheet)


@for_officers
@require_GET
def proceeding(request: HttpRequest, actor: Actor, proceeding_id: UUID) -> HttpResponse:
    """A procedure: what was ordered, its documents, and its record."""
    found, case = queries.proceeding(actor, proceeding_id)
    return _proceeding_page(request, actor, found, case)


def _proceeding_page(
    request: HttpRequest, actor: Actor, found: Proceeding, case: Case, refusal: Refusal | None = None
) -> HttpResponse:
    people = accounts.names({who for who in (found.ordered_by, found.closed_by) if who})
    context = shown(found, actor) | {
        "case": case,
        "files": documents.of_subject("proceeding", found.id),
        "may_close": queries.may_close(actor, found),
        "ordered_by": people[found.ordered_by],
        "closed_by": people.get(found.closed_by) if found.closed_by else None,
        "refusal": refusal,
        "upload": reverse("proceeding-attach", args=[found.id]),
        "crumbs": [*_crumbs(case, actor), (found.number, "")],
    }
    return render(request, "proceedings/proceeding.html", context, status=refusal.status if refusal else 200)


@for_officers
@require_POST
def attach(request: HttpRequest, actor: Actor, proceeding_id: UUID) -> HttpResponse:
    """Add documents or photos to a procedure."""
    found, case = queries.proceeding(actor, proceeding_id)
    refusal = _uploaded(request, lambda name, data: actions.attach(actor, found.id, name, data))
    if refusal:
        return _proceeding_page(request, actor, found, case, refusal)
    return redirect("proceeding", found.id)


def _uploaded(request: HttpRequest, keep: Callable[[str, bytes], object]) -> Refusal | None:
    """Keep the files a post brought; the first that is refused, or that there was none."""
    files = request.FILES.getlist(FILE)
    if not files:
        return Refusal(message("Choose a file first."))
    for file in files:
        try:
            keep(file.name or "", file.read())
        except (Conflict, Forbidden, NotFound):
            raise
        except Refusal as refusal:
            return Refusal(message("%(file)s: %(why)s", file=file.name or "", why=refusal.says))
    return None


@signed_in
@require_GET
def document(_request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """A document of a procedure whose record one may read, or of an objection in a case one may open."""
    found = documents.by_id(document_id)
    if found is None or not _may_read(actor, found):
        raise NotFound
    as_attachment = found.blob.media_type not in INLINE
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment, found.filename) or "attachment",
        "Cache-Control": "private, no-cache",
    }
    return HttpResponse(documents.content(found.blob_id), content_type=found.blob.media_type, headers=headers)


def _may_read(actor: Actor, found: documents.Document) -> bool:
    if found.subject_type == "objection":
        return bool(queries.objection(actor, found.subject_id))
    if found.subject_type != "proceeding":
        return False
    made, _case = queries.proceeding(actor, found.subject_id)
    return not actor.is_enterprise or bool(shown(made, actor)["record"])


@signed_in
@require_GET
def notice(request: HttpRequest, actor: Actor, proceeding_id: UUID) -> HttpResponse:
    """The notice of a procedure to be printed 特别程序告知书: what, why, and how many days it takes."""
    found, case = queries.proceeding(actor, proceeding_id)
    context = shown(found, actor) | {
        "case": case,
        "matter": matters.of_version(case.pack).matter,
        "authority": accounts.authority_for(case.region),
        "back": _case_page(case, actor),
    }
    return render(request, "proceedings/notice.html", context)


class Recording(entry.Form):
    """What is asked when the record of a procedure is entered."""

    held_on = entry.day(_("Took place on"))
    participants = entry.words(_("Who took part"), limit=500)
    findings = entry.words(_("What was found"), limit=4000)


@for_officers
def record(request: HttpRequest, actor: Actor, proceeding_id: UUID) -> HttpResponse:
    """Enter the record of a procedure."""
    found, case = _closable(actor, proceeding_id)

    def act(given: dict[str, Any]) -> entry.Done:
        actions.enter_record(actor, actions.EnterRecord(proceeding_id=found.id, **given))
        return entry.Done(_case_page(case, actor), message("The record is entered: the time limit runs on."))

    note = _(
        "From the next day the time limit runs on. Documents and photos are added before, on the page of the procedure."
    )
    sheet = entry.Sheet(_("Enter the record"), _inner(found, case, actor), _("Enter the record"), note, _terms(found))
    return entry.enter(request, Recording(entry.sent(request)), act, sheet)


class CallingOff(entry.Form):
    """What is asked when a procedure is called off."""

    reason = entry.words(_("Reason"), limit=500)


@for_officers
def call_off(request: HttpRequest, actor: Actor, proceeding_id: UUID) -> HttpResponse:
    """Call a procedure off."""
    found, case = _closable(actor, proceeding_id)

    def act(given: dict[str, Any]) -> entry.Done:
        actions.call_off(actor, actions.CallOff(proceeding_id=found.id, **given))
        return entry.Done(_case_page(case, actor), message("Called off: the time limit runs on."))

    sheet = entry.Sheet(_("Call off"), _inner(found, case, actor), _("Call off"), terms=_terms(found))
    return entry.enter(request, CallingOff(entry.sent(request)), act, sheet)


def _closable(actor: Actor, proceeding_id: UUID) -> tuple[Proceeding, Case]:
    """A procedure the actor may close, or has closed: then the form still answers a second click."""
    found, case = queries.proceeding(actor, proceeding_id)
    if not queries.may_close(actor, found) and found.closed_by != actor.id:
        raise Forbidden(message("This procedure is closed, or in other hands."))
    return found, case


def _terms(found: Proceeding) -> list[tuple[Any, Any]]:
    return [
        (_("Number"), found.number), (_("Kind"), words(kinds()[found.kind].name)),
        (_("What is to be found out"), found.asked), (_("Ordered on"), day(found.ordered_at)),
    ]  # fmt: skip


class Calling(entry.Form):
    """What is asked of a phone call."""

    incoming = entry.choice(
        _("Direction"), [("", _("We called")), ("1", _("We were called"))], span=6, required=False, open_=True
    )
    name = entry.text(_("With whom"), span=6, limit=60)
    number = entry.text(_("Number"), span=4, limit=30, hint=_("It is encrypted and shown masked."))
    day = entry.day(_("Day"))
    time = entry.text(_("Time"), limit=5, hint=_("Such as 14:30."))
    said = entry.words(_("What was said"), limit=2000)


@for_officers
def note_call(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """Note a phone call about a case."""
    case = queries.case_of(actor, case_id)
    if not queries.handles(actor, case.id):
        raise Forbidden(message("Only who handles this case notes calls about it."))

    def act(given: dict[str, Any]) -> entry.Done:
        called_at = _instant(given.pop("day"), given.pop("time"))
        command = actions.NoteCall(
            case_id=case.id, called_at=called_at, **{**given, "incoming": bool(given["incoming"])}
        )
        actions.note_call(actor, command)
        return entry.Done(_case_page(case, actor), message("The call is noted."))

    now = clock.now().astimezone(clock.LEGAL_ZONE)
    form = Calling(entry.sent(request), initial={"day": now.date(), "time": f"{now:%H:%M}"})
    sheet = entry.Sheet(_("Note a phone call"), _crumbs(case, actor), _("Note a phone call"))
    return entry.enter(request, form, act, sheet)


def _instant(on: date, typed: str) -> datetime:
    try:
        return datetime.combine(on, time.fromisoformat(typed.replace("：", ":")), clock.LEGAL_ZONE)
    except ValueError as error:
        says = message("Write the time as 14:30.")
        raise Refusal(says, {"time": says}) from error


@for_officers
def call(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """A call; posting shows its number in full, once, and is journalled."""
    found = Call.objects.filter(pk=call_id).first()
    if found is None:
        raise NotFound
    case = queries.case_of(actor, found.case_id)
    is_shown = request.method == "POST"
    if is_shown:
        actions.show_number(actor, actions.ShowNumber(posted_id(request.POST.get("command_id")), found.id))
    context = {
        "case": case,
        "call": found,
        "noted_by": accounts.names({found.entered_by})[found.entered_by],
        "in_full": found.number if is_shown else "",
        "may_show": not is_shown and queries.handles(actor, case.id),
        "command_id": new_command_id(),
        "crumbs": [*_crumbs(case, actor), (_("Phone call"), "")],
    }
    return render(request, "proceedings/call.html", context)


class Objecting(entry.Form):
    """What is asked of an objection."""

    key = entry.choice(_("Against"), span=12, open_=True)
    reasons = entry.words(_("Reasons"), limit=4000)


@for_enterprises
def object_(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """Enter an objection against what was decided in a case of one's enterprise."""
    case = queries.case_of(actor, case_id)
    raised = queries.of_case(case, for_applicant=True).objections
    open_to = queries.open_to_objection(case, raised)
    if not open_to and request.method != "POST":
        raise NotFound

    def act(given: dict[str, Any]) -> entry.Done:
        done = objecting.object_(actor, objecting.Object(case_id=case.id, **given))
        says = message("The objection is entered. Add documents here, where you have some.")
        return entry.Done(reverse("objection", args=[done.id]), says)

    said = gettext("%(what)s %(number)s, until %(day)s")
    options = [
        (one.key, said % {"what": one.against.label, "number": one.reference, "day": one.until}) for one in open_to
    ]
    form = Objecting(entry.sent(request), key=options)
    note = _(
        "A person who did not act in the case answers it. The periods of reconsideration and of court run meanwhile."
    )
    sheet = entry.Sheet(_("Enter an objection"), _crumbs(case, actor), _("Enter an objection"), note)
    return entry.enter(request, form, act, sheet)


@signed_in
@require_GET
def objection(request: HttpRequest, actor: Actor, objection_id: UUID) -> HttpResponse:
    """An objection with its documents and its answer."""
    found, case = queries.objection(actor, objection_id)
    return _objection_page(request, actor, found, case)


def _objection_page(
    request: HttpRequest, actor: Actor, found: Objection, case: Case, refusal: Refusal | None = None
) -> HttpResponse:
    why_not = None if actor.is_enterprise else objecting.why_not_answer(actor, found, case)
    people = accounts.names({who for who in (found.entered_by, found.answered_by) if who})
    context = shown_objection(found) | {
        "case": case,
        "files": documents.of_subject("objection", found.id),
        "officer": not actor.is_enterprise,
        "why_not": why_not if not found.result else None,
        "may_answer": not actor.is_enterprise and not found.result and why_not is None,
        "may_attach": actor.is_enterprise and not found.result,
        "entered_by": people[found.entered_by],
        "answered_by": people.get(found.answered_by) if found.answered_by else None,
        "remedies": matters.remedies(),
        "refusal": refusal,
        "upload": reverse("objection-attach", args=[found.id]),
        "crumbs": [*_crumbs(case, actor), (found.number, "")],
    }
    return render(request, "proceedings/objection.html", context, status=refusal.status if refusal else 200)


@for_enterprises
@require_POST
def attach_to_objection(request: HttpRequest, actor: Actor, objection_id: UUID) -> HttpResponse:
    """Add documents to an objection."""
    found, case = queries.objection(actor, objection_id)
    refusal = _uploaded(request, lambda name, data: objecting.attach(actor, found.id, name, data))
    if refusal:
        return _objection_page(request, actor, found, case, refusal)
    return toast(request, redirect("objection", found.id), message("The document is added."))


class Answering(entry.Form):
    """What is asked when an objection is answered."""

    result = entry.choice(_("Result"), span=12, open_=True)
    words = entry.words(_("Reasons"), limit=4000)


@for_officers
def answer(request: HttpRequest, actor: Actor, objection_id: UUID) -> HttpResponse:
    """Answer an objection."""
    found, case = queries.objection(actor, objection_id)
    if says := objecting.why_not_answer(actor, found, case):
        raise Forbidden(says)

    def act(given: dict[str, Any]) -> entry.Done:
        objecting.answer(actor, objecting.Answer(objection_id=found.id, **given))
        return entry.Done(reverse("objection", args=[found.id]), message("The answer is recorded and sent."))

    note = _("An upheld objection does not open the case again: the applicant is told to apply again.")
    terms: list[tuple[Any, Any]] = [
        (_("Number"), found.number),
        (_("Against"), shown_objection(found)["against"]),
        (_("Reasons"), found.reasons),
    ]
    crumbs = [*_crumbs(case, actor), (found.number, reverse("objection", args=[found.id]))]
    sheet = entry.Sheet(_("Answer an objection"), crumbs, _("Answer"), note, terms)
    return entry.enter(request, Answering(entry.sent(request), result=Result.choices), act, sheet)


def _case_page(case: Case, actor: Actor) -> str:
    return reverse("own-case" if actor.is_enterprise else "case", args=[case.id])


def _crumbs(case: Case, actor: Actor) -> list[tuple[Any, str]]:
    return [(case.number, _case_page(case, actor))]


def _inner(found: Proceeding, case: Case, actor: Actor) -> list[tuple[Any, str]]:
    return [*_crumbs(case, actor), (found.number, reverse("proceeding", args=[found.id]))]
