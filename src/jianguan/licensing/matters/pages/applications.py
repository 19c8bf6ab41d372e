"""Applying: the matters on offer, a guide, the form as a draft, its submission and the receipt.

Every button of the form is a submit of the whole page, so that it works without script. Each post keeps what was typed
and what was uploaded before anything else is decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from jianguan.kernel.messages import Message, message
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import actions, materials, naming, packs, promising, queries, twins
from jianguan.licensing.matters.models import Case, Draft
from jianguan.licensing.matters.moving import application_of
from jianguan.licensing.matters.pack import Matter, Pack
from jianguan.licensing.matters.pages import promise as promise_pages
from jianguan.licensing.matters.pages import shown
from jianguan.licensing.matters.pages.corrections import shown_notices
from jianguan.licensing.matters.prefill import known_of, look_up
from jianguan.licensing.matters.progress import picture_of, steps_of_pack
from jianguan.licensing.matters.reading import rule_tables
from jianguan.licensing.rules import service as rules
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor, for_enterprises
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, NotFound, Refusal, Stale
from jianguan.platform.web import service as web
from jianguan.platform.web.service import is_htmx, paginate, posted_id, say, toast, words
from jianguan.registry.projects import service as projects

FILE = "file-"
DETACH = "detach:"
REPLY = "reply-"
AUTOSAVE = "autosave"


@for_enterprises
@require_GET
def hall(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The matters on offer 办事大厅, in their groups."""
    groups: dict[str, list[Any]] = {}
    for matter in packs.catalogue():
        groups.setdefault(words(matter.group_name), []).append(matter)
    return render(request, "matters/hall.html", {"groups": groups.items(), "may_apply": actor.may("case.apply")})


@for_enterprises
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, actor: Actor, matter: str) -> HttpResponse:
    """The guide of a matter, and the choice of what to apply for."""
    version = packs.current(matter, clock.today())
    pack = packs.of_version(version)
    refusal = None
    if request.method == "POST":
        try:
            return redirect("application", _begun(actor, pack.matter, request.POST))
        except Refusal as error:
            refusal = error
    rows = _choices(actor, pack.matter, request.GET.get("q", ""))
    page = None if rows is None else paginate(request, rows, "-id", size=10)
    context = {
        "matter": pack.matter,
        "going_on": _going_on(actor, pack.matter, page.rows if page else []),
        "organisation": actor.organisation_id,
        "one_each": not pack.matter.subject.told_apart_by and not twins.for_works(pack),
        "picture": picture_of(pack.net, []),
        "steps": steps_of_pack(pack),
        "rows": page,
        "text": request.GET.get("q", ""),
        "drafts": queries.drafts_of(actor, matter),
        "refusal": refusal,
        "named": _naming(request.POST, refusal),
        "command_id": new_command_id(),
        "may_apply": actor.may("case.apply"),
        "crumbs": [(gettext("Service hall"), reverse("hall")), (words(pack.matter.name), "")],
    }
    return render(request, "matters/begin.html", context, status=refusal.status if refusal else 200)


def _going_on(actor: Actor, matter: Matter, rows: Sequence[Any]) -> Case | None:
    """The open application for the enterprise itself; those for what can be chosen are noted on the rows."""
    found = twins.open_about(actor, matter, [row.pk for row in rows])
    for row in rows:
        row.going_on = found.get(row.pk)
    return found.get(actor.organisation_id)


def _begun(actor: Actor, matter: Matter, posted: Mapping[str, str]) -> str:
    """The draft for what was chosen, or for the certificate that was named; its holder is filled in then."""
    ids: dict[str, Any] = {
        name: posted_id(chosen) for name in ("project_id", "certificate_id") if (chosen := posted.get(name))
    }
    holder: dict[str, Any] = {}
    if matter.subject.by == naming.NUMBER and "number" in posted:
        name, identity = posted.get("holder", ""), posted.get("identity", "")
        held, ids["proof"] = naming.named(actor, matter.subject.certificates, posted["number"], name, identity)
        ids["certificate_id"], holder = held.pk, {"person_name": name.strip(), "identity": identity.strip().upper()}
    opened = actions.open_draft(actor, actions.OpenDraft(posted_id(posted.get("command_id")), matter.key, **ids))
    if holder and (desk := _desk(actor, UUID(opened.id))) and not desk.draft.revision:
        actions.save_draft(actor, desk.case.id, {**desk.record, **holder}, 0)
    return opened.id


def _naming(posted: Mapping[str, str], refusal: Refusal | None) -> list[web.Field]:
    """What is asked where a certificate is named."""
    wrong = refusal.fields.get("number") if refusal else None
    labels = {
        "number": gettext("Number of the certificate"), "holder": gettext("Name of its holder"),
        "identity": gettext("Identity number of its holder"),
    }  # fmt: skip
    return [
        web.Field(
            name, label, posted.get(name, ""), required=True, error=say(wrong) if wrong and name == "number" else ""
        )
        for name, label in labels.items()
    ]


def _choices(actor: Actor, matter: Matter, text: str) -> QuerySet[Any] | None:
    """What the enterprise may apply for: projects or certificates; None where the matter is about the enterprise."""
    match matter.subject.kind:
        case "project":
            return projects.matching(projects.applicable(actor.uscc or "", matter.subject.by), text)
        case "certificate":
            return certificates.matching(queries.held_certificates(actor, matter.subject.certificates), text)
        case _:
            return None


@for_enterprises
@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """The form of an application, or of its correction; every button of it comes here."""
    desk = _desk(actor, case_id)
    if desk is None:
        return _gone_on(request, case_id)
    if request.method == "GET":
        return _page(request, desk, _Drawn(checks=_precheck(desk)))
    wanted = request.POST.get("_op") or "save"
    try:
        drawn = _keep(request, desk, wanted)
    except Stale as stale:
        if is_htmx(request):
            raise
        return _page(request, desk, _Drawn(fault=stale.says), status=stale.status)
    except Conflict:
        return _gone_on(request, case_id)
    return _answer(request, desk, wanted, drawn)


def _answer(request: HttpRequest, desk: _Desk, wanted: str, drawn: _Drawn) -> HttpResponse:
    """What a button gets back once everything is kept."""
    if wanted == AUTOSAVE:
        return render(request, "matters/_saved.html", {"draft": desk.draft})
    if wanted == "submit":
        return _submit(request, desk, drawn)
    if wanted == "save" and not drawn.problems and not is_htmx(request):
        return toast(request, redirect("application", desk.case.id), message("The draft is saved."))
    return _page(request, desk, _checked(desk, drawn) if wanted == "check" else drawn)


@for_enterprises
@require_GET
def receipt(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """That an application was received 申请受理回执: its number, when, and what happens next."""
    case = queries.own(actor, case_id)
    if case is None or case.submitted_at is None:
        raise NotFound
    pack = packs.of_version(case.pack)
    context = {"case": case, "matter": pack.matter, "steps": steps_of_pack(pack)}
    return render(request, "matters/receipt.html", context)


@dataclass(slots=True)
class _Desk:
    """An application being written; `record` grows with what is posted, hence not frozen."""

    actor: Actor
    case: Case
    pack: Pack
    draft: Draft
    known: forms.Known
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a page shows besides the answers: problems by input name, remarks of a button, checks, a refusal."""

    problems: Mapping[str, forms.Problem] = field(default_factory=dict)
    outcome: forms.Outcome | None = None
    checks: list[shown.ShownCheck] | None = None
    fault: Message | None = None
    good: bool = False


def _desk(actor: Actor, case_id: UUID) -> _Desk | None:
    """The application at hand; None once it can no longer be edited."""
    case = queries.own(actor, case_id)
    if case is None:
        raise NotFound
    draft = Draft.objects.filter(case=case).first()
    if case.status not in actions.EDITABLE or draft is None:
        return None
    pack = packs.of_version(case.pack)
    return _Desk(actor, case, pack, draft, known_of(case), forms.open_record(pack.form, draft.record))


def _gone_on(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Where an application is that was submitted already: by a second click, or in another window."""
    return redirect("receipt" if request.POST.get("_op") == "submit" else "own-case", case_id)


def _keep(request: HttpRequest, desk: _Desk, wanted: str) -> _Drawn:
    """Keep everything a post brought: answers, then files; then do what its button asks."""
    form, case_id = desk.pack.form, desk.case.id
    desk.record = forms.read(form, request.POST, desk.known)
    verb = wanted if wanted.split(":", maxsplit=1)[0] in ("add", "del", "fill") else "save"
    outcome = forms.carry_out(form, desk.record, forms.operation(form, verb), look_up)
    desk.record = outcome.record
    revision = request.POST.get("revision", "")
    window = request.POST.get("window", "")[:40]
    actions.save_draft(desk.actor, case_id, desk.record, int(revision) if revision.isdecimal() else 0, window)
    desk.draft.refresh_from_db()
    if said := {name: str(text) for name, text in request.POST.items() if name.startswith(REPLY)}:
        numbered = {int(n): said[name] for name in said if (n := name.removeprefix(REPLY)).isdecimal()}
        actions.keep_replies(desk.actor, case_id, numbered)
    promise_pages.keep(desk.actor, desk.case, desk.pack, request.POST)
    if wanted.startswith(DETACH):
        actions.detach(desk.actor, case_id, posted_id(wanted.removeprefix(DETACH)))
    return _Drawn(_attach(request, desk), outcome)


def _attach(request: HttpRequest, desk: _Desk) -> dict[str, forms.Problem]:
    """Attach the files a post brought; those that are refused are named at their place."""
    names = {FILE + material.key: words(material.name) for material in desk.pack.matter.materials}
    refused: dict[str, forms.Problem] = {}
    for name in request.FILES:
        for file in request.FILES.getlist(name):
            slot = str(name).removeprefix(FILE)
            try:
                actions.attach(desk.actor, desk.case.id, slot, file.name or "", file.read())
            except Refusal as refusal:
                says = refusal.says
                if says.params.get("name") != file.name:  # most sentences name the file themselves
                    says = message("%(file)s: %(why)s", file=file.name or "", why=says)
                refused[str(name)] = forms.Problem(names.get(str(name), ""), says)
    return refused


def _checked(desk: _Desk, drawn: _Drawn) -> _Drawn:
    """All that is still missing or wrong, and what the rules would say."""
    problems = forms.errors(desk.pack.form, desk.record, desk.known)
    names = {FILE + material.key: words(material.name) for material in desk.pack.matter.materials}
    lacking = materials.missing(desk.case, desk.pack, desk.record)
    problems |= {name: forms.Problem(names[name], says, missing=True) for name, says in lacking.items()}
    problems |= promise_pages.lacking(desk.case, desk.pack)
    problems |= drawn.problems
    return _Drawn(problems, drawn.outcome, _precheck(desk), good=not problems)


def _submit(request: HttpRequest, desk: _Desk, drawn: _Drawn) -> HttpResponse:
    checked = _checked(desk, drawn)
    if checked.problems:
        return _page(request, desk, checked, status=Refusal.status)
    if not request.POST.get("promise"):
        lacking = forms.Problem(message("Commitment"), message("Confirm the commitment before you submit."))
        return _page(request, desk, _Drawn({"promise": lacking}, checks=checked.checks), status=Refusal.status)
    command = actions.Submit(posted_id(request.POST.get("command_id")), desk.case.id, desk.draft.revision)
    try:
        done = actions.submit(desk.actor, command)
    except Refusal as refusal:
        return _page(request, desk, _Drawn(checks=checked.checks, fault=refusal.says), status=refusal.status)
    return toast(request, redirect("receipt", desk.case.id), message("Submitted: case %(number)s.", number=done.number))


def _precheck(desk: _Desk) -> list[shown.ShownCheck]:
    """What the rules of the first check would say to the answers so far 智能预检; nothing of it is kept."""
    first = next((node.id for node in desk.pack.net.nodes.values() if node.tables), None)
    if first is None:
        return []
    form, wrong = desk.pack.form, forms.errors(desk.pack.form, desk.record, desk.known)
    applied = application_of(desk.case, forms.sound(form, desk.record, desk.known))
    unknown = {name.split("-")[0] for name in wrong}
    tried, waiting = rules.try_out(rule_tables(desk.pack, first), applied, unknown)
    terms = desk.pack.matter.promise
    if terms and promising.chosen(desk.case, desk.pack):
        tried = rules.by_promise(tried, terms.checks)
    return shown.fresh_checks(tried, waiting)


def _page(request: HttpRequest, desk: _Desk, drawn: _Drawn, status: int = 200) -> HttpResponse:
    case, pack, matter = desk.case, desk.pack, desk.pack.matter
    form = forms.draw(pack.form, desk.record, desk.known, drawn.problems, drawn.outcome)
    bad = {name: problem.says for name, problem in drawn.problems.items()}
    context = {
        "case": case,
        "matter": matter,
        "project": projects.by_id(case.project_id) if case.project_id else None,
        "form": form,
        "drawn": drawn,
        "twin": twins.warning(case, pack, desk.record),
        "draft": desk.draft,
        "revision": request.POST.get("revision") or desk.draft.revision,
        "window": request.POST.get("window") or uuid4().hex,
        "command_id": request.POST.get("command_id") or new_command_id(),
        "slots": [
            (slot, f"{FILE}{slot.material.key}", bad.get(f"{FILE}{slot.material.key}"))
            for slot in materials.slots(case, pack, desk.record)
        ],
        "choice": promise_pages.choice(case, pack, bad),
        "waived": promising.waived(case, pack),
        "files_bad": sum(name.startswith(FILE) for name in bad),
        "promised": bool(request.POST.get("promise")),
        "promise_fault": bad.get("promise"),
        "notices": [one for one in shown_notices(case, pack, (), desk.known) if one.notice.answered_at is None],
        "steps": steps_of_pack(pack),
        "crumbs": [
            (gettext("Service hall"), reverse("hall")),
            (words(matter.name), reverse("begin", args=[matter.key])),
            (gettext("Application"), ""),
        ],
    }
    return render(request, "matters/application.html", context, status=status)
