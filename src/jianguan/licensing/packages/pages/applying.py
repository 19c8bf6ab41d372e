"""Applying for a package: its guide and the choice of the project, and the one form as a draft.

Every button of the form is a submit of the whole page, as with a single matter: each post keeps what was typed, what was
uploaded and which matters are wanted before anything else is decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from jianguan.kernel.messages import Message, message
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import service as matters
from jianguan.licensing.packages import actions, catalogue, queries
from jianguan.licensing.packages.desk import FILE, Desk, desk_of
from jianguan.licensing.packages.models import Package
from jianguan.licensing.packages.timeline import draw_offer
from jianguan.licensing.packages.union import Part
from jianguan.platform.accounts.service import Actor, for_enterprises
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict, NotFound, Refusal, Stale
from jianguan.platform.web.service import is_htmx, paginate, posted_id, toast, words
from jianguan.registry.projects import service as projects

DETACH, AUTOSAVE = "detach:", "autosave"


@for_enterprises
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """The guide of a package: its matters, what it saves, and the choice of the project."""
    offer = catalogue.offer(key)
    refusal = None
    if request.method == "POST":
        project_id = posted_id(request.POST.get("project_id"))
        command = actions.OpenPackage(posted_id(request.POST.get("command_id")), key, project_id)
        try:
            return redirect("package-application", actions.open_package(actor, command).id)
        except Refusal as error:
            refusal = error
    text = request.GET.get("q", "")
    rows = projects.matching(queries.applicable(actor, offer), text)
    everything = offer.definition.chosen(offer.definition.matters)
    promise = offer.promise()
    context = {
        "offer": offer,
        "members": [(member, offer.packs[member.matter].matter) for member in offer.definition.members],
        "promise": promise,
        "picture": draw_offer(offer, promise),
        "questions": catalogue.questions(offer, everything),
        "statistics": queries.statistics().get(key),
        "rows": paginate(request, rows, "-id", size=10),
        "text": text,
        "drafts": queries.drafts_of(actor, key),
        "refusal": refusal,
        "command_id": new_command_id(),
        "may_apply": actor.may("case.apply"),
        "crumbs": [(gettext("Service hall"), reverse("hall")), (words(offer.definition.name), "")],
    }
    return render(request, "packages/begin.html", context, status=refusal.status if refusal else 200)


@for_enterprises
@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, actor: Actor, package_id: UUID) -> HttpResponse:
    """The one form of a package; every button of it comes here."""
    package = queries.own(actor, package_id)
    if package.submitted_at is not None:
        return redirect("own-package", package.id)
    if request.method == "GET":
        return _page(request, desk_of(package), _Drawn())
    wanted = request.POST.get("_op") or "save"
    if wanted == "discard":
        actions.discard(actor, package.id)
        return toast(request, redirect("own-packages"), message("The draft was thrown away."))
    try:
        desk, drawn = _keep(request, actor, package, wanted)
    except Stale as stale:
        if is_htmx(request):
            raise
        return _page(request, desk_of(package), _Drawn(fault=stale.says), status=stale.status)
    except Conflict:
        return redirect("own-package", package.id)
    return _answer(request, actor, desk, wanted, drawn)


@for_enterprises
@require_GET
def document(_request: HttpRequest, actor: Actor, package_id: UUID, document_id: UUID) -> HttpResponse:
    """A document of an application of one's own enterprise."""
    package, found = queries.own(actor, package_id), documents.by_id(document_id)
    if found is None or (found.subject_type, found.subject_id) != (actions.SUBJECT, package.id):
        raise NotFound
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=found.filename) or "attachment",
        "Cache-Control": "private, no-cache",
    }
    return HttpResponse(documents.content(found.blob_id), content_type=found.blob.media_type, headers=headers)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a page shows besides the answers: problems by input name, remarks of a button, a refusal."""

    problems: Mapping[str, forms.Problem] = field(default_factory=dict)
    outcome: forms.Outcome | None = None
    fault: Message | None = None
    good: bool = False


def _keep(request: HttpRequest, actor: Actor, package: Package, wanted: str) -> tuple[Desk, _Drawn]:
    """Keep everything a post brought: answers, the choice of matters, files; then do what its button asks."""
    desk = desk_of(package)
    form = desk.union.form
    answers = forms.read(form, request.POST, desk.known)
    verb = wanted if wanted.split(":", maxsplit=1)[0] in ("add", "del", "fill") else "save"
    outcome = forms.carry_out(form, answers, forms.operation(form, verb), matters.look_up)
    revision, window = request.POST.get("revision", ""), request.POST.get("window", "")[:40]
    number = int(revision) if revision.isdecimal() else 0
    actions.save_draft(actor, package.id, outcome.record, _matters(request, desk), number, window)
    if wanted.startswith(DETACH):
        actions.detach(actor, package.id, posted_id(wanted.removeprefix(DETACH)))
    refused = _attach(request, actor, desk)
    package.refresh_from_db()
    return desk_of(package), _Drawn(refused, outcome)


def _matters(request: HttpRequest, desk: Desk) -> list[str]:
    """The matters wanted: boxes that are ticked, and one of each choice; unchanged where the page did not ask."""
    if "matters" not in request.POST:
        return list(desk.chosen)
    posted = request.POST.getlist("matter")
    choices = {member.choice for member in desk.definition.members if member.choice}
    return posted + [request.POST.get(f"choice-{choice}", "") for choice in choices]


def _attach(request: HttpRequest, actor: Actor, desk: Desk) -> dict[str, forms.Problem]:
    """Attach the files a post brought; those that are refused are named at their place."""
    names = {FILE + wanted.key: words(wanted.name) for wanted in desk.whole.materials}
    refused: dict[str, forms.Problem] = {}
    for name in request.FILES:
        for file in request.FILES.getlist(name):
            slot = str(name).removeprefix(FILE)
            try:
                actions.attach(actor, desk.package.id, slot, file.name or "", file.read())
            except Refusal as refusal:
                says = message("%(file)s: %(why)s", file=file.name or "", why=refusal.says)
                refused[str(name)] = forms.Problem(names.get(str(name), ""), says)
    return refused


def _answer(request: HttpRequest, actor: Actor, desk: Desk, wanted: str, drawn: _Drawn) -> HttpResponse:
    """What a button gets back once everything is kept."""
    if wanted == AUTOSAVE:
        return render(request, "packages/_saved.html", {"package": desk.package})
    if wanted == "submit":
        return _submit(request, actor, desk, drawn)
    if wanted == "save" and not drawn.problems and not is_htmx(request):
        return toast(request, redirect("package-application", desk.package.id), message("The draft is saved."))
    if wanted == "check":
        problems = {**desk.problems(), **drawn.problems}
        drawn = _Drawn(problems, drawn.outcome, good=not problems)
    return _page(request, desk, drawn)


def _submit(request: HttpRequest, actor: Actor, desk: Desk, drawn: _Drawn) -> HttpResponse:
    problems = {**desk.problems(), **drawn.problems}
    if not problems and not request.POST.get("promise"):
        lacking = message("Confirm the commitment before you submit.")
        problems = {"promise": forms.Problem(message("Commitment"), lacking)}
    if problems:
        return _page(request, desk, _Drawn(problems), status=Refusal.status)
    command = actions.SubmitPackage(posted_id(request.POST.get("command_id")), desk.package.id, desk.package.revision)
    try:
        done = actions.submit(actor, command)
    except Refusal as refusal:
        named = {name: forms.Problem(_title(desk, name), says) for name, says in refusal.fields.items()}
        return _page(request, desk, _Drawn(named, fault=refusal.says), status=refusal.status)
    says = message("Submitted: package %(number)s.", number=done.number)
    return toast(request, redirect("own-package", desk.package.id), says)


def _title(desk: Desk, name: str) -> str:
    """What the input of this name is called."""
    asked = desk.union.form.field(name.split("-", maxsplit=1)[0])
    return str(asked.title) if asked else ""


def _page(request: HttpRequest, desk: Desk, drawn: _Drawn, status: int = 200) -> HttpResponse:
    package = desk.package
    form = forms.draw(desk.union.form, desk.record, desk.known, drawn.problems, drawn.outcome)
    bad = {name: problem.says for name, problem in drawn.problems.items()}
    offered = [
        (member, desk.members[member.matter], desk.matter(desk.members[member.matter]))
        for member in desk.definition.members
    ]
    promise = catalogue.promise(desk.definition, {m: matters.of_version(one.pack) for m, one in desk.members.items()}, desk.chosen)  # fmt: skip
    context = {
        "package": package,
        "definition": desk.definition,
        "desk": desk,
        "offered": offered,
        "promise": promise,
        "open_already": queries.already_open(package.project_id, desk.chosen),
        "project": projects.by_id(package.project_id),
        "form": form,
        "drawn": drawn,
        "revision": request.POST.get("revision") or package.revision,
        "window": request.POST.get("window") or uuid4().hex,
        "command_id": request.POST.get("command_id") or new_command_id(),
        "slots": [
            (slot, f"{FILE}{slot.key}", bad.get(f"{FILE}{slot.key}"), _serves(desk, slot.parts))
            for slot in desk.slots()
        ],
        "files_bad": sum(name.startswith(FILE) for name in bad),
        "promised": bool(request.POST.get("promise")),
        "promise_fault": bad.get("promise"),
        "crumbs": [
            (gettext("Service hall"), reverse("hall")),
            (words(desk.definition.name), reverse("package-begin", args=[package.key])),
            (gettext("Application"), ""),
        ],
    }
    return render(request, "packages/application.html", context, status=status)


def _serves(desk: Desk, parts: Sequence[Part]) -> list[str]:
    """The matters a document is for, in words."""
    asking = [part.matter for part in parts]
    if len(asking) == len(desk.chosen):
        return [gettext("All matters")]
    return [words(desk.matter(desk.members[matter]).short) for matter in asking]
