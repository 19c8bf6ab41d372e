"""The form: its questions as a list, and how applicants see them, in both languages beside each other."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET, require_http_methods

from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters.service import FORM
from jianguan.licensing.workshop import judging, question_form
from jianguan.licensing.workshop.pages.frame import Bench, bench, by_place, faults_of, saved
from jianguan.platform.accounts.service import Actor, for_officers
from jianguan.platform.errors import NotFound, Refusal, Stale

LANGUAGES = ("zh-hans", "en")


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, actor: Actor, copy_id: UUID) -> HttpResponse:
    """The questions of the form, changed in a list."""
    on = bench(actor, copy_id)
    document = question_form.parsed(on.file(FORM).text)
    if document is None:
        return redirect(f"{reverse('workshop-files', args=[copy_id])}?file={FORM}")
    if request.method != "POST":
        return _page(request, on, document)
    typed = question_form.typed(document, request.POST.dict())
    try:
        on.save(request, FORM, question_form.written(typed))
    except Stale as refusal:
        return _page(request, on, typed, refusal)
    return saved(request, on, FORM, "workshop-form", copy_id)


def _page(
    request: HttpRequest, on: Bench, document: question_form.Document, refusal: Refusal | None = None
) -> HttpResponse:
    told = by_place(faults_of(judging.sound(on.texts), FORM))
    shown = question_form.questions(document, told)
    at_questions = {id(says) for one in shown for says in one.faults}
    rest = [(place, says) for place, several in told.items() for says in several if id(says) not in at_questions]
    context = on.context(
        "workshop-form",
        questions=shown,
        headings=question_form.headings(document),
        kinds=list(question_form.NEW_KINDS),
        rest=rest,
        revision=request.POST.get("revision") or on.file(FORM).revision,
        refusal=refusal,
    )
    return render(request, "workshop/form.html", context, status=refusal.status if refusal else 200)


@for_officers
@require_GET
def preview(request: HttpRequest, actor: Actor, copy_id: UUID) -> HttpResponse:
    """The form in both languages at once, each in a frame of its own."""
    on = bench(actor, copy_id)
    filled = "filled" in request.GET
    context = on.context("workshop-form", languages=LANGUAGES, filled=filled, readable=judging.sound(on.texts).pack)
    return render(request, "workshop/preview.html", context)


@for_officers
@require_GET
def preview_in(request: HttpRequest, actor: Actor, copy_id: UUID, language: str) -> HttpResponse:
    """The form as applicants see it in one language; with sample answers on request."""
    on = bench(actor, copy_id)
    pack = judging.sound(on.texts).pack
    if pack is None or language not in LANGUAGES:
        raise NotFound
    record = forms.sample(pack.form) if "filled" in request.GET else {}
    with translation.override(language):
        response = render(
            request, "workshop/preview_in.html", {"form": forms.draw(pack.form, record), "matter": pack.matter}
        )
    response.content_policy = {"frame-ancestors": "'self'"}  # type: ignore[attr-defined]  # read by ContentSecurity
    return response
