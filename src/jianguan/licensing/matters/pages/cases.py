"""The case page of officers: everything about a case on one page, and one decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from jianguan.kernel.messages import message
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import actions, materials, packs, promising, queries
from jianguan.licensing.matters.companions import companions
from jianguan.licensing.matters.models import Case, Submission
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.pages import panel as panels
from jianguan.licensing.matters.pages import shown
from jianguan.licensing.matters.pages.corrections import shown_notices, to_mark
from jianguan.licensing.matters.pages.sheets import sheets_of
from jianguan.licensing.matters.prefill import known_of
from jianguan.licensing.matters.progress import clocks_of, deadline, log_of, node_name, picture_of, steps_of
from jianguan.licensing.matters.remedies import remedies
from jianguan.licensing.matters.statuses import TONES
from jianguan.licensing.process import service as process
from jianguan.licensing.promises import service as promises
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, for_officers, signed_in
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import NotFound, Refusal
from jianguan.platform.web.service import posted_id, toast, words
from jianguan.registry.projects import service as projects

INLINE = frozenset({"application/pdf", "image/png", "image/jpeg"})


@for_officers
@require_GET
def show(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """A case with its checks, form, documents, timeline, clocks, and the panel of the reader's own step."""
    return _page(request, actor, _case(actor, case_id))


@for_officers
@require_POST
def decide(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """Finish a step of the case, or keep what was typed; then on to the next case."""
    case = _case(actor, case_id)
    item_id, typed = posted_id(request.POST.get("item")), panels.read(request.POST)
    if request.POST.get("_op") == "keep":
        actions.keep_decision(actor, item_id, typed.plain())
        return toast(request, redirect("work"), message("Kept. It waits for you in your list."))
    if request.POST.get("_op") == "row":
        return _page(request, actor, case, typed.with_another())
    command_id = posted_id(request.POST.get("command_id"))
    submission = request.POST.get("submission", "")
    try:
        command = panels.command(
            typed, command_id, item_id, int(submission) if submission.isdecimal() else 0,
            packs.of_version(case.pack).matter.outcomes,
        )  # fmt: skip
        actions.finish_step(actor, command)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, actor, case, typed, (command_id, refusal), status=refusal.status)
    done = message("Case %(number)s: your decision is recorded.", number=case.number or "")
    following = queries.inbox(actor).order_by("due_on", "id").first()
    onward = redirect("case", following.instance_id) if following else redirect("work")
    return toast(request, onward, done)


@signed_in
@require_GET
def document(_request: HttpRequest, actor: Actor, case_id: UUID, document_id: UUID) -> HttpResponse:
    """A document of a case, for whoever may open the case."""
    case = _case(actor, case_id)
    found = documents.by_id(document_id)
    if found is None or (found.subject_type, found.subject_id) != ("case", case.id):
        raise NotFound
    as_attachment = found.blob.media_type not in INLINE
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment, found.filename) or "attachment",
        "Cache-Control": "private, no-cache",
    }
    return HttpResponse(documents.content(found.blob_id), content_type=found.blob.media_type, headers=headers)


def _case(actor: Actor, case_id: UUID) -> Case:
    case = queries.visible_to(actor).with_pack().filter(pk=case_id).first()
    if case is None:
        raise NotFound
    return case


def _page(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    typed: panels.Typed | None = None,
    refused: tuple[UUID, Refusal] | None = None,
    status: int = 200,
) -> HttpResponse:
    pack, items = packs.of_version(case.pack), process.items_of(case.id)
    case.refresh_from_db(fields=["status", "due_on", "statutory_due_on", "decided_on", "ended_at"])
    checks = shown.kept_checks(case, pack)
    stand = panels.standing(actor, items, pack)
    item = _chosen(stand, request)
    fault = (refused[0], refused[1].says, refused[1].fields) if refused else None
    context, panel = about(case, pack), panels.panel(actor, case, pack, item, checks, typed, fault) if item else None
    beside = [one.shows(request, actor, case) for one in companions()]
    context |= {
        "checks": checks,
        "counts": _counts(checks),
        "panel": panel,
        "mending": [(i, panel.typed.marks.get(str(i.index), "")) for i in to_mark(context["notices"])] if panel else (),
        "others": [(node_name(pack, other.node), other.id) for other in stand.mine if other != item],
        "no_panel": panels.nothing_to_do(stand),
        "fault": fault[1] if fault and item is None else None,
        "typed": typed,
        "events": shown.events(case, pack, items, actor, beside),
        "companions": [one.section for one in beside],
        "asides": [one.aside for one in beside],
        "waiting": [node_name(pack, item.node) for item in items if item.state == "open"],
        "clocks": clocks_of(case),
        "sheets": sheets_of(case, for_officer=True),
        "why": accounts.in_words(queries.explain(actor, case)),
        "related": queries.of_project(case.project_id).exclude(pk=case.pk)[:20] if case.project_id else (),
        "crumbs": [(gettext("Work to do"), reverse("work")), (words(pack.matter.short), ""), (case.number or "", "")],
    }
    return render(request, "matters/case.html", context, status=status)


def _chosen(stand: panels.Standing, request: HttpRequest) -> process.WorkItem | None:
    """The step to decide: the one the address or the form names, else the first."""
    wanted = request.POST.get("item") or request.GET.get("item")
    return next((item for item in stand.mine if str(item.id) == wanted), stand.mine[0] if stand.mine else None)


def _counts(checks: list[shown.ShownCheck]) -> Mapping[str, int]:
    results = [check.mark.result for check in checks]
    return {result: results.count(result) for result in ("passed", "remark", "failed") if result in results}


def about(case: Case, pack: Pack) -> dict[str, Any]:
    """What officers and applicants see alike of a submitted case: facts, steps, form, documents, changes, certificate."""
    submissions = list(Submission.objects.filter(case=case).order_by("version"))
    newest = submissions[-1]
    project = projects.by_id(case.project_id) if case.project_id else None
    records = [forms.open_record(pack.form, submission.record) for submission in submissions[-2:]]
    log, what_is_known = log_of(case), known_of(case)
    return {
        "case": case,
        "matter": pack.matter,
        "project": project,
        "tone": TONES[case.status],  # type: ignore[index]  # a status as text
        "deadline": deadline(case),
        "steps": steps_of(case, log),
        "picture": picture_of(pack.net, log),
        "submission": newest,
        "parts": forms.present(pack.form, records[-1], what_is_known),
        "materials": shown.submitted_materials(materials.slots(case, pack, records[-1]), newest),
        "changes": forms.changes(pack.form, records[0], records[1], what_is_known) if len(records) > 1 else (),
        "notices": shown_notices(case, pack, submissions, what_is_known),
        "certificate": certificates.of_case(case.id),
        "promise": promising.promise_of(case, pack),
        "later_check": promises.check_of(case.id) if pack.matter.promise else None,
        "remedies": remedies(),
    }
