"""Any file as text, with what the gate says of it by line: for what the forms cannot express."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jianguan.kernel.messages import message
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import MATTER
from jianguan.licensing.workshop import actions, judging
from jianguan.licensing.workshop.pages.frame import Bench, bench, faults_of
from jianguan.platform.accounts.service import Actor, for_officers
from jianguan.platform.errors import NotFound, Refusal, Stale
from jianguan.platform.web.service import toast


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, actor: Actor, copy_id: UUID) -> HttpResponse:
    """One file as text."""
    on = bench(actor, copy_id)
    name = request.POST.get("file") or request.GET.get("file") or MATTER
    if request.method != "POST":
        if name not in on.files and not matters.FILE_NAMES.fullmatch(name):
            raise NotFound
        return _page(request, on, name, on.files[name].text if name in on.files else "")
    text = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        if request.POST.get("_op") == "remove":
            actions.remove_file(actor, copy_id, name)
            return toast(request, redirect("workshop-files", copy_id), message("The file was taken out."))
        on.save(request, name, text)
    except Refusal as refusal:
        if refusal.status not in (Refusal.status, Stale.status):
            raise
        return _page(request, on, name, text, refusal)
    return toast(request, redirect(f"{reverse('workshop-files', args=[copy_id])}?file={name}"), message("Saved."))


def _page(request: HttpRequest, on: Bench, name: str, text: str, refusal: Refusal | None = None) -> HttpResponse:
    context = on.context(
        "workshop-files",
        file=name,
        content=text,
        names=[*on.files, *([] if name in on.files else [name])],
        problems=faults_of(judging.sound({**on.texts, name: text}), name) if text else [],
        revision=request.POST.get("revision") or (on.files[name].revision if name in on.files else 0),
        refusal=refusal,
        removable=name.startswith(actions.OPTIONAL) and name in on.files,
    )
    return render(request, "workshop/files.html", context, status=refusal.status if refusal else 200)


@for_officers
@require_GET
def download(_request: HttpRequest, actor: Actor, copy_id: UUID) -> HttpResponse:
    """All files as one archive."""
    on = bench(actor, copy_id)
    archive = matters.make_archive(judging.as_bytes(on.texts))
    headers = {"Content-Disposition": f'attachment; filename="{on.copy.matter}-{on.copy.version}.zip"'}
    return HttpResponse(archive, content_type="application/zip", headers=headers)
