"""Batches of certificates 批量制证: what waits for the keeper of the seal, how far it got, what failed and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from jianguan.kernel.messages import message
from jianguan.licensing.certificates import batches as acts
from jianguan.licensing.certificates import pages, queries
from jianguan.licensing.certificates.models import Batch
from jianguan.licensing.certificates.receipts import receipts
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, demand, for_officers
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, NotFound
from jianguan.platform.web.service import Figure, paginate, posted_id, render_either, toast


@for_officers
def batches(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The batches of one's jurisdictions."""
    demand(actor, "certificate.read")
    context = {
        "rows": paginate(request, queries.counted(queries.batches(actor)), "-id"),
        "tabs": pages.tabs(1),
        "tabs_label": _("Certificates"),
        "part": "certificates/_batches.html",
    }
    return render_either(request, "certificates/batches.html", "certificates/_batches.html", context)


@for_officers
def batch(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """One batch: its figures, which renew themselves while it runs, what failed, and all its certificates."""
    found = _batch(actor, number)
    progress = queries.progress(found)
    rows = paginate(request, found.certificates.all(), "id")
    context = {
        "batch": found,
        "progress": progress,
        "figures": [
            Figure(_("Certificates"), progress.total),
            Figure(_("Made"), progress.made),
            Figure(_("Waiting"), progress.waiting),
            Figure(_("Cannot be made"), progress.failed, tone="red" if progress.failed else ""),
        ],
        "runs": found.confirmed_at and progress.waiting,
        "failed": queries.failed(found)[: pages.CARDS],
        "rows": rows,
        "receipts": receipts(rows.rows),
        "people": accounts.names({found.requested_by, *filter(None, [found.confirmed_by])}),
        "may_seal": actor.may(acts.SEAL, found.region),
        "command_id": new_command_id(),
        "crumbs": [(_("Certificates"), reverse("certificates")), (_("Batches"), reverse("certificate-batches")), (number, "")],
    }  # fmt: skip
    return render_either(request, "certificates/batch.html", "certificates/_progress.html", context)


@require_POST
@for_officers
def confirm(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The keeper of the seal confirms its use for the certificates that were shown."""
    found = _batch(actor, number)
    shown = request.POST.get("count", "")
    command = acts.ConfirmBatch(
        posted_id(request.POST.get("command_id")), found.id, int(shown) if shown.isdecimal() else 0
    )
    try:
        count = acts.confirm_batch(actor, command).count
    except Conflict as conflict:
        return toast(request, _back(found), conflict.says, "red")
    return toast(request, _back(found), message("Confirmed: %(count)s certificates are being made.", count=count))


@require_POST
@for_officers
def retry(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Try again what failed, or one of it."""
    found = _batch(actor, number)
    one = request.POST.get("certificate")
    command = acts.RetryBatch(posted_id(request.POST.get("command_id")), found.id, posted_id(one) if one else None)
    count = acts.retry_batch(actor, command).count
    return toast(request, _back(found), message("%(count)s certificates are tried again.", count=count))


def _batch(actor: Actor, number: str) -> Batch:
    found = queries.batch_numbered(actor, number)
    if found is None:
        raise NotFound
    return found


def _back(found: Batch) -> HttpResponse:
    return redirect("certificate-batch", found.number)
