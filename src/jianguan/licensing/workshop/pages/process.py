"""The process: drawn with the modeler where there is script, otherwise as a picture and as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from jianguan.kernel.process import Net, NetError, own_attributes, read_net
from jianguan.kernel.tables import Localized
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import PROCESS
from jianguan.licensing.workshop import judging, matter_form
from jianguan.licensing.workshop.judging import Fault
from jianguan.licensing.workshop.pages.frame import Bench, bench, saved
from jianguan.platform.accounts.service import Actor, for_officers, role_names
from jianguan.platform.errors import Refusal, Stale
from jianguan.platform.web.service import say, words

APPLICANT = "applicant"
MOST_BYTES = 2_000_000
WORDS: Mapping[str, Any] = {
    "process": _("The process as a whole"), "chosen": _("Element"), "name": _("Name (Chinese)"),
    "name-en": _("Name (English)"), "id": pgettext_lazy("pack", "Identifier"), "stage": _("Main step"), "stops": _("Stops the clock for"),
    "role": _("Role"), "outcomes": _("Results"), "variable": _("Variable of the result"),
    "separate-from": _("Another person than at"), "collection": _("One item for each of (variable)"),
    "tally": _("Counters begin with"), "role-from-element": _("The item names the role"), "effect": _("Effect"),
    "wait": _("Waits for the answer"), "tables": _("Tables"), "code": _("Code"), "condition": _("Condition"),
    "condition_hint": _('for instance: review = "pass"'), "default": _("Otherwise by"), "timer": _("Time limit"),
    "timer_hint": _("P30D: 30 calendar days; P5WD: 5 working days"), "ends": _("Takes the step away when it runs out"),
    "stages": _("Main steps"), "add_stage": _("Add a main step"), "acts": _("Change the drawing"),
    "step": _("Step"), "check": _("Automatic check"), "act": _("Act of the system"), "choice": _("Choice"),
    "parallel": _("At the same time"), "pause": _("Wait"), "end": pgettext_lazy("process", "End"), "start": _("Beginning"),
    "part": _("Part of the process"), "limit": _("Time limit of a step"), "connect": _("Connect"),
    "connect_to": _("Connect with"), "remove": _("Remove"), "unsaved": _("Changed, not saved yet"),
    "saving": _("Saving…"), "offline": _("Not saved: the server cannot be reached."),
}  # fmt: skip


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def process(request: HttpRequest, actor: Actor, copy_id: UUID) -> HttpResponse:
    """Show the process, and keep it as it was drawn or typed."""
    on = bench(actor, copy_id)
    if request.method != "POST":
        return _page(request, on, on.file(PROCESS).text)
    text = _sent(request)
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        revision = on.save(request, PROCESS, text)
    except Refusal as refusal:
        if wants_json:
            return JsonResponse({"says": say(refusal.says)}, status=refusal.status)
        if refusal.status not in (Refusal.status, Stale.status):
            raise
        return _page(request, on, text, refusal)
    if wants_json:
        texts = {**on.texts, PROCESS: text}
        faults = judging.process_faults(texts, judging.sound(texts))
        return JsonResponse({"revision": revision, "says": gettext("Saved."), "faults": _told(faults)})
    return saved(request, on, PROCESS, "workshop-process", on.copy.pk)


def _sent(request: HttpRequest) -> str:
    """What was drawn or typed; a file that was chosen goes before it."""
    upload = request.FILES.get("upload")
    if upload is None:
        return request.POST.get("text", "")
    return upload.read(MOST_BYTES + 1).decode(errors="replace")


def _page(request: HttpRequest, on: Bench, text: str, refusal: Refusal | None = None) -> HttpResponse:
    texts = {**on.texts, PROCESS: text}
    faults = judging.process_faults(texts, judging.sound(texts))
    net = _net(text)
    context = on.context(
        "workshop-process",
        content=text,
        revision=request.POST.get("revision") or on.file(PROCESS).revision,
        refusal=refusal,
        faults=faults,
        picture=matters.picture_of(net, [], {fault.id for fault in faults if fault.is_error}) if net else "",
        data=_data(on, faults),
    )
    return render(request, "workshop/process.html", context, status=refusal.status if refusal else 200)


def _net(text: str) -> Net | None:
    try:
        return read_net(text.encode())
    except NetError:
        return None


def _told(faults: list[Fault]) -> list[dict[str, Any]]:
    return [{"id": one.id, "line": one.line, "says": say(one.says), "error": one.is_error} for one in faults]


def _data(on: Bench, faults: list[Fault]) -> dict[str, Any]:
    """What the modeler is given: which attributes there are, what can be chosen for them, and its words."""
    document = matter_form.parsed(on.file(matters.MATTER).text) or {}
    outcomes = document.get("outcomes")
    named = outcomes.items() if isinstance(outcomes, dict) else ()
    prefix, suffix = "rules/", ".table.json"
    tables = [name[len(prefix) : -len(suffix)] for name in on.files if name.startswith(prefix)]
    roles = {**role_names(), APPLICANT: gettext("Applicant")}
    return {
        "takes": own_attributes(),
        "choices": {
            "role": sorted(roles.items(), key=lambda role: role[1]),
            "outcomes": [[code, _word(one, code)] for code, one in named],
            "tables": [[key, key] for key in tables],
            "effect": [[code, code] for code in sorted(matters.EFFECTS)],
        },
        "words": {key: str(word) for key, word in WORDS.items()},
        "faults": _told(faults),
    }


def _word(entry: Any, code: str) -> str:
    known = isinstance(entry, dict) and {"zh", "en"} <= entry.keys()
    return f"{words(Localized(str(entry['zh']), str(entry['en'])))} ({code})" if known else code
