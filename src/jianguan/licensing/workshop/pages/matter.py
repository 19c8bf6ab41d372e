"""What the matter is called, its limits, documents, usual phrases and clauses, as forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jianguan.kernel.messages import Message
from jianguan.kernel.process import Kind, NetError, read_net
from jianguan.kernel.tables import Localized
from jianguan.licensing.matters.service import MATTER, PROCESS
from jianguan.licensing.workshop import judging, matter_form
from jianguan.licensing.workshop.pages.frame import Bench, bench, by_place, faults_of, saved
from jianguan.licensing.workshop.yamltext import with_section
from jianguan.platform.accounts.service import Actor, for_officers
from jianguan.platform.errors import NotFound, Refusal, Stale
from jianguan.platform.web.service import Tab, say, words


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def matter(request: HttpRequest, actor: Actor, copy_id: UUID, part: str = "names") -> HttpResponse:
    """One part of what the matter says."""
    on = bench(actor, copy_id)
    if part not in matter_form.PARTS:
        raise NotFound
    text = on.file(MATTER).text
    document = matter_form.parsed(text)
    if document is None:
        return redirect(f"{reverse('workshop-files', args=[copy_id])}?file={MATTER}")
    if request.method != "POST":
        return _page(request, on, part, document)
    entries = matter_form.typed(part, document, request.POST.dict())
    for key, value in entries.items():
        if value != document.get(key):
            text = with_section(text, key, value)
    try:
        on.save(request, MATTER, text)
    except Stale as refusal:
        return _page(request, on, part, document | entries, refusal)
    return saved(request, on, MATTER, "workshop-matter", copy_id, part)


def _page(
    request: HttpRequest, on: Bench, part: str, document: Mapping[str, Any], refusal: Refusal | None = None
) -> HttpResponse:
    whole = dict(document)
    context = on.context(
        "workshop-matter",
        part=part,
        parts=[
            Tab(say(word), reverse("workshop-matter", args=[on.copy.pk, key]), current=key == part)
            for key, word in matter_form.PARTS.items()
        ],
        faults=_faults(on),
        revision=request.POST.get("revision") or on.file(MATTER).revision,
        refusal=refusal,
        document=whole,
        confidences=matter_form.CONFIDENCE,
        sources=matter_form.SOURCES,
        clocks=matter_form.CLOCKS,
        **_SHOWN[part](on, whole),
    )
    return render(request, f"workshop/matter_{part}.html", context, status=refusal.status if refusal else 200)


def _faults(on: Bench) -> list[tuple[str, Message]]:
    """What the gate says of the file, with the place it names."""
    told = by_place(faults_of(judging.sound(on.texts), MATTER))
    return [(place, says) for place, several in told.items() for says in several]


def _steps(on: Bench, document: matter_form.Document) -> dict[str, Any]:
    try:
        net = read_net(on.file(PROCESS).text.encode())
    except NetError:
        return {"steps": matter_form.steps(document, {})}
    names = {
        node.id: words(Localized(node.name or node.id, node.name_en or node.id))
        for node in net.nodes.values()
        if node.kind is Kind.USER
    }
    return {"steps": matter_form.steps(document, names)}


_SHOWN: Mapping[str, Callable[[Bench, matter_form.Document], dict[str, Any]]] = {
    "names": lambda _on, document: {"lines": matter_form.pairs(document)},
    "limits": lambda _on, document: {"limits": matter_form.limits(document)},
    "materials": lambda _on, document: {
        "materials": matter_form.materials(document),
        "next": len(document.get("materials", [])),
    },
    "steps": _steps,
    "clauses": lambda _on, document: {
        "basis": matter_form.lines("basis", document.get("basis", [])),
        "clauses": matter_form.lines("clauses", document.get("clauses", [])),
    },
}
