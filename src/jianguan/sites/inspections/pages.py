"""Pages of inspections: the list, beginning one, its cover and sheets, its result, its correction."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from jianguan.kernel.messages import message
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, for_enterprises, for_officers, in_words, signed_in
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal, Stale
from jianguan.platform.journal import service as journal
from jianguan.platform.web.service import (
    Filter,
    Mistake,
    Tab,
    capped_count,
    entry,
    history,
    paginate,
    place_filter,
    place_prefix,
    posted_id,
    render_either,
    say,
    toast,
    words,
)
from jianguan.sites.inspections import correcting, entries, inspecting, queries, results
from jianguan.sites.inspections.checklists import standard
from jianguan.sites.inspections.models import ClauseOutcome, Correction, Inspection, Kind, PlanLine, Sheet, State
from jianguan.sites.oversight import service as oversight
from jianguan.sites.oversight.service import SupervisionFile

MINE, WAITING = "mine", "corrections"
GRADES = [("excellent", _("Excellent")), ("qualified", _("Qualified")), ("unqualified", _("Unqualified"))]


def inspects(actor: Actor) -> bool:
    """Whether inspections are this officer's business."""
    return actor.may("oversight.read") or any(grant.role in queries.ROLES for grant in actor.grants)


@for_officers
@require_GET
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Inspections a person may open, those they carry out, and corrections that wait for them."""
    if not inspects(actor):
        raise Forbidden(message("You have no permission for this."))
    scope, here = request.GET.get("scope", ""), reverse("inspections")
    labels = {"": _("All inspections"), MINE: _("Carried out by me"), WAITING: _("Corrections to decide")}
    context: dict[str, Any] = {
        "tabs": [
            Tab(label, f"{here}?scope={key}" if key else here, current=key == scope) for key, label in labels.items()
        ],
        "tabs_label": _("Inspections"),
        "keep": [("scope", scope)] if scope else [],
        "face": "inspection",
    }
    if scope == WAITING:
        context |= {
            "rows": paginate(request, queries.waiting_corrections(actor), "-id"),
            "part": "inspections/_corrections.html",
        }
        return render_either(request, "inspections/list.html", "inspections/_corrections.html", context)
    rows = queries.carried_out_by(actor) if scope == MINE else queries.visible_to(actor)
    return _list(request, rows, context, actor.prefixes("oversight.read"))


@for_enterprises
@require_GET
def own(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Submitted inspections of the projects an enterprise takes part in."""
    return _list(request, queries.visible_to(actor), {"face": "inspection-result"}, ())


def _list(request: HttpRequest, rows: Any, context: dict[str, Any], prefixes: tuple[str, ...]) -> HttpResponse:
    get = request.GET.get
    place = get("region", "")
    chosen = {name: get(name, "") for name in ("kind", "state", "grade")}
    rows = queries.matching(rows, get("q", ""), place_prefix(place), **chosen)
    filters = [
        Filter("q", _("Number, permit or works"), get("q", "")),
        Filter.among("kind", _("Kind"), chosen["kind"], _("All kinds"), Kind.choices),
        Filter.among("state", _("State"), chosen["state"], _("All states"), State.choices),
        Filter.among("grade", _("Grade"), chosen["grade"], _("All grades"), GRADES),
    ]
    if prefixes:
        filters.append(place_filter(place, prefixes))
    context |= {
        "rows": paginate(request, queries.with_people(rows), "-id"),
        "count": capped_count(rows),
        "filters": filters,
        "part": "inspections/_rows.html",
    }
    return render_either(request, "inspections/list.html", "inspections/_rows.html", context)


# --- beginning


class Beginning(entry.Form):
    """What is asked when an inspection begins."""

    kind = entry.choice(_("Kind"), [one for one in Kind.choices if one[0] != Kind.DOUBLE_RANDOM])
    checklist = entry.choice(_("Checklist"))
    planned_on = entry.day(_("Planned for"))
    inspectors = entry.several(_("Inspectors"), hint=_("At least two. Who is bound to the works is ticked already."))
    plan_line_id = entry.choice(_("Line of the plan"), required=False, span=12)


@for_officers
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose the works, then begin an inspection of them."""
    file = (
        SupervisionFile.objects.filter(pk=posted_id(request.GET["file"])).first() if request.GET.get("file") else None
    )
    if file is None:
        return _choose(request, actor)
    if not inspecting.may_begin(actor, file):
        raise Forbidden(message("You are not bound to these works: only their supervisors begin inspections of them."))

    def act(given: dict[str, Any]) -> entry.Done:
        given["inspectors"] = tuple(UUID(one) for one in given["inspectors"])
        given["plan_line_id"] = UUID(given["plan_line_id"]) if given["plan_line_id"] else None
        done = inspecting.begin(actor, inspecting.Begin(file_id=file.id, **given))
        return entry.Done(reverse("inspection", args=[done.id]), message("The inspection was begun."))

    able = queries.eligible(file)
    now = file.assignments.filter(valid_until=None)
    bound = [str(one.account_id) for one in now if one.account_id in able]
    lines: list[tuple[str, Any]] = [
        ("", _("Not from the plan")),
        *((str(line.id), line.title) for line in _lines(actor, file)),
    ]
    form = Beginning(
        entry.sent(request),
        initial={"planned_on": clock.today(), "inspectors": bound, "kind": Kind.ROUTINE, "checklist": "jgj59"},
        checklist=[(key, words(scheme.name)) for key, scheme in queries.checklists()],
        inspectors=[(str(one.id), f"{one.name} · {one.organisation.name}") for one in able.values()],
        plan_line_id=lines,
    )
    terms: list[tuple[Any, Any]] = [(_("Works"), file.works_name), (_("Permit"), file.permit_number)]
    sheet = entry.Sheet(_("New inspection"), _crumbs(), _("Begin"), terms=terms)
    return entry.enter(request, form, act, sheet)


def _lines(actor: Actor, file: SupervisionFile) -> list[PlanLine]:
    today = clock.today()
    rows = queries.plan_lines(actor).filter(first_day__lte=today, last_day__gte=today).exclude(kind=Kind.DOUBLE_RANDOM)
    return [line for line in rows.order_by("-id")[:50] if line.file_id in (None, file.id)]


def _choose(request: HttpRequest, actor: Actor) -> HttpResponse:
    text = request.GET.get("q", "")
    rows = oversight.visible_to(actor) if actor.may("inspection.plan") else oversight.bound_to(actor)
    context = {
        "rows": paginate(request, oversight.matching(rows, text), "-id"),
        "filters": [Filter("q", _("Permit, registration number, works or owner"), text)],
        "part": "inspections/_choose.html",
        "crumbs": [*_crumbs(), (_("New inspection"), "")],
    }
    return render_either(request, "inspections/choose.html", "inspections/_choose.html", context)


# --- the cover


@for_officers
def inspection(request: HttpRequest, actor: Actor, inspection_id: UUID) -> HttpResponse:
    """An inspection: clauses from the drawing review, categories with their sheets, the result so far."""
    found = queries.found(actor, inspection_id)
    if request.method != "POST":
        return _cover(request, actor, found)
    command, wrong = _posted_cover(found, request.POST)
    if wrong:
        says = message("Nothing was saved: correct the marked fields.")
        return _cover(request, actor, found, command, Refusal(says, wrong))
    try:
        inspecting.save_cover(actor, command)
    except Refusal as refusal:
        if refusal.status not in (Refusal.status, Stale.status):
            raise
        found.refresh_from_db()
        return _cover(request, actor, found, command, refusal)
    return toast(request, redirect(_address(found)), message("Saved."))


def _posted_cover(found: Inspection, data: QueryDict) -> tuple[inspecting.SaveCover, entries.Wrong]:
    wrong: entries.Wrong = {}
    held_on = None
    if typed := data.get("held_on", "").strip():
        try:
            held_on = date.fromisoformat(typed)
        except ValueError:
            wrong["held_on"] = message("Enter a day of the calendar, such as 2026-03-01.")
    absent = {one.key: data.get(f"absent-{one.key}", "") for one in standard(found.checklist).categories}
    clauses = {
        str(one.id): (data.get(f"clause-{one.id}", ""), data.get(f"words-{one.id}", "")) for one in found.clauses.all()
    }
    command = inspecting.SaveCover(
        posted_id(data.get("command_id")), found.id, _revision(data), held_on, data.get("remark", ""), absent, clauses,
    )  # fmt: skip
    return command, wrong


def _revision(data: QueryDict) -> int:
    typed = data.get("revision", "")
    return int(typed) if typed.isascii() and typed.isdecimal() else 0


def _cover(
    request: HttpRequest, actor: Actor, found: Inspection, typed: inspecting.SaveCover | None = None, refusal: Refusal | None = None,
) -> HttpResponse:  # fmt: skip
    scheme, sheets = standard(found.checklist), queries.sheets_of(found)
    clauses = [
        (one, *(typed.clauses[str(one.id)] if typed else (one.outcome, one.words)))
        for one in found.clauses.order_by("position", "id")
    ]
    standing = results.standing(scheme, sheets, found.absent)
    wrong = refusal.fields if refusal else {}
    open_now = queries.is_open(found) and queries.is_inspector(actor, found)
    context = {
        "it": found,
        "scheme": scheme,
        "standing": standing,
        "parts": [(part, typed.absent.get(part.category.key, "") if typed else part.absent) for part in standing.parts],
        "clauses": clauses,
        "outcomes": ClauseOutcome.choices,
        "held_on": (request.POST.get("held_on", "") if typed else (found.held_on or clock.today()).isoformat()),
        "remark": typed.remark if typed else found.remark,
        "open": open_now,
        "missing": queries.incomplete(found) or standing.missing,
        "tables": [table for part in standing.parts for table in part.tables],
        "correction": queries.open_correction(found),
        "may_ask": found.state == State.SUBMITTED and queries.is_inspector(actor, found),
        "editions": queries.editions(found),
        "explanation": in_words(queries.explain(actor, found)),
        "events": history(journal.about("inspection", found.id)),
        "command_id": new_command_id(),
        "refusal": refusal,
        "wrong": set(wrong),
        "mistakes": [Mistake(name, _label(scheme, name), say(says)) for name, says in wrong.items()],
        "crumbs": [*_crumbs(), (found.number, "")],
    }
    return render(request, "inspections/inspection.html", context, status=refusal.status if refusal else 200)


def _label(scheme: Any, name: str) -> Any:
    kind, _dash, key = name.partition("-")
    if kind == "absent":
        return next((words(one.name) for one in scheme.categories if one.key == key), key)
    return {"held_on": _("Held on"), "remark": _("Remark")}.get(name, _("Clause from the drawing review"))


@for_officers
@require_POST
def add_sheet(request: HttpRequest, actor: Actor, inspection_id: UUID) -> HttpResponse:
    """Add a sheet and open it."""
    found = queries.found(actor, inspection_id)
    command = inspecting.AddSheet(
        posted_id(request.POST.get("command_id")),
        found.id,
        request.POST.get("table", ""),
        request.POST.get("label", ""),
    )
    try:
        done = inspecting.add_sheet(actor, command)
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        return _cover(request, actor, found, None, Refusal(refusal.says))
    return redirect("inspection-sheet", inspection_id, done.id)


@for_officers
@require_POST
def submit(request: HttpRequest, actor: Actor, inspection_id: UUID) -> HttpResponse:
    """Submit an inspection; what is missing is said on its page."""
    found = queries.found(actor, inspection_id)
    try:
        inspecting.submit(actor, inspecting.Submit(posted_id(request.POST.get("command_id")), found.id))
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        return _cover(request, actor, found, None, refusal)
    return toast(request, redirect("inspection-result", found.id), message("Submitted: the inspection is locked."))


# --- a sheet

SAVE, REST, BACK = "save", "rest", "back"


@for_officers
def sheet(request: HttpRequest, actor: Actor, inspection_id: UUID, sheet_id: UUID) -> HttpResponse:
    """A table with its items, usual deductions and reasons."""
    row, found = queries.sheet(actor, sheet_id)
    if row.inspection_id != inspection_id:
        raise NotFound
    table = standard(found.checklist).tables[row.table]
    if request.method != "POST":
        return _sheet_page(request, actor, row, found, row.entries)
    typed, operation = entries.posted(table, request.POST), request.POST.get("_op", SAVE)
    command = inspecting.SaveSheet(
        posted_id(request.POST.get("command_id")), row.id, _revision(request.POST), typed, rest=operation == REST
    )
    try:
        inspecting.save_sheet(actor, command)
    except Refusal as refusal:
        if refusal.status not in (Refusal.status, Stale.status):
            raise
        row.refresh_from_db()
        return _sheet_page(request, actor, row, found, typed, refusal)
    to = redirect(request.path) if operation == SAVE else redirect(_address(found))
    return toast(request, to, message("Saved."))


def _sheet_page(
    request: HttpRequest, actor: Actor, row: Sheet, found: Inspection, shown: Any, refusal: Refusal | None = None
) -> HttpResponse:
    scheme = standard(found.checklist)
    table = scheme.tables[row.table]
    wrong = dict(refusal.fields) if refusal else {}
    stale = refusal is not None and refusal.status == Stale.status
    by = accounts.names([row.saved_by]).get(row.saved_by, ("", ""))
    items = table.items
    context = {
        "it": found,
        "sheet": row,
        "table": table,
        "rows": entries.rows(table, shown, wrong, row.entries if stale else None),
        "result": results.alone(scheme, row),
        "filled": len(row.entries),
        "saved_by": by[0],
        "stale": stale,
        "refusal": refusal,
        "wrong": set(wrong),
        "mistakes": [Mistake(name, words(items[key].name) if (key := name.split("-")[1]) in items else key, say(says))
                     for name, says in wrong.items()],
        "open": queries.is_open(found) and queries.is_inspector(actor, found),
        "command_id": new_command_id(),
        "crumbs": [*_crumbs(), (found.number, _address(found)), (_name(row, table), "")],
        "name": _name(row, table),
    }  # fmt: skip
    return render(request, "inspections/sheet.html", context, status=refusal.status if refusal else 200)


def _name(row: Sheet, table: Any) -> str:
    return f"{table.key} {words(table.name)} {row.label}".strip()


@for_officers
@require_POST
def remove_sheet(request: HttpRequest, actor: Actor, inspection_id: UUID, sheet_id: UUID) -> HttpResponse:
    """Take a sheet away."""
    command = inspecting.RemoveSheet(posted_id(request.POST.get("command_id")), sheet_id, _revision(request.POST))
    inspecting.remove_sheet(actor, command)
    return toast(request, redirect("inspection", inspection_id), message("The sheet was removed."))


# --- result and correction


@signed_in
@require_GET
def result(request: HttpRequest, actor: Actor, inspection_id: UUID) -> HttpResponse:
    """What was submitted, to be read and printed: any of its editions."""
    found = queries.found(actor, inspection_id)
    editions = queries.editions(found)
    if not editions:
        raise NotFound
    wanted = request.GET.get("edition", "")
    edition = next((one for one in editions if str(one.number) == wanted), editions[0])
    outcomes = dict(ClauseOutcome.choices)
    context = {
        "it": found,
        "edition": edition,
        "editions": editions,
        "content": edition.content,
        "standing": results.of_edition(standard(found.checklist), edition.content),
        "clauses": [(one, outcomes.get(one["outcome"], "")) for one in edition.content["clauses"]],
        "held_on": date.fromisoformat(edition.content["held_on"]),
        "authority": found.inspectors.all()[0].unit,
        "made_by": accounts.names([edition.made_by]).get(edition.made_by, ("", ""))[0],
        "officer": not actor.is_enterprise,
    }
    return render(request, "inspections/result.html", context)


class Asking(entry.Form):
    """What is asked when a correction is wanted."""

    reason = entry.words(_("What is wrong, and why"), limit=inspecting.WORDS)


@for_officers
def ask(request: HttpRequest, actor: Actor, inspection_id: UUID) -> HttpResponse:
    """Ask for the correction of a submitted inspection."""
    found = queries.found(actor, inspection_id)
    if not queries.is_inspector(actor, found):
        raise Forbidden(message("Only the inspectors of this inspection ask for its correction."))

    def act(given: dict[str, Any]) -> entry.Done:
        correcting.request_correction(actor, correcting.RequestCorrection(inspection_id=found.id, **given))
        return entry.Done(_address(found), message("Asked for: the deputy head decides first, then the head."))

    note = _("The submitted version stays as it is. After both have agreed you may change the sheets and submit again.")
    terms: list[tuple[Any, Any]] = [(_("Number"), found.number), (_("Works"), found.file.works_name)]
    crumbs = [*_crumbs(), (found.number, _address(found))]
    sheet_ = entry.Sheet(_("Ask for a correction"), crumbs, _("Ask for it"), note, terms)
    return entry.enter(request, Asking(entry.sent(request)), act, sheet_)


class Deciding(entry.Form):
    """What is asked when a correction is decided."""

    agreed = entry.choice(_("Decision"), [("yes", _("Agree")), ("no", _("Do not agree"))], span=12, open_=True)
    words = entry.words(_("Words"), limit=inspecting.WORDS)


@for_officers
def decide(request: HttpRequest, actor: Actor, correction_id: UUID) -> HttpResponse:
    """Decide on a correction as deputy head or head."""
    row = Correction.objects.filter(pk=correction_id).first()
    if row is None:
        raise NotFound
    found = queries.found(actor, row.inspection_id)
    if row.state not in correcting.DECIDED_BY:
        raise Conflict(message("This correction was decided already."))
    if not correcting.may_decide(actor, row, found.region):
        raise Forbidden(
            message("First the deputy head and then the head of the station decide, and neither asked for it.")
        )

    def act(given: dict[str, Any]) -> entry.Done:
        command = correcting.DecideCorrection(given["command_id"], row.id, given["agreed"] == "yes", given["words"])
        correcting.decide_correction(actor, command)
        return entry.Done(_address(found), message("Decided."))

    names = accounts.names([one for one in (row.requested_by, row.deputy_by) if one])
    terms: list[tuple[Any, Any]] = [
        (_("Number"), found.number), (_("Works"), found.file.works_name),
        (_("Asked for by"), names.get(row.requested_by, ("",))[0]), (_("Reason"), row.reason),
    ]  # fmt: skip
    if row.deputy_by:
        terms.append((_("Deputy head"), f"{names.get(row.deputy_by, ('',))[0]} · {row.deputy_words}"))
    crumbs = [*_crumbs(), (found.number, _address(found))]
    sheet_ = entry.Sheet(_("Decide on a correction"), crumbs, _("Decide"), terms=terms)
    return entry.enter(request, Deciding(entry.sent(request)), act, sheet_)


def _address(found: Inspection) -> str:
    return reverse("inspection", args=[found.id])


def _crumbs() -> list[tuple[Any, str]]:
    return [(_("Inspections"), reverse("inspections"))]
