"""The ledger of certificates 证照台账 for departments, and the wallet 电子证照 of an enterprise."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jianguan.kernel.certificates import Link, write_qr
from jianguan.kernel.messages import message
from jianguan.licensing.certificates import actions, queries, verifying
from jianguan.licensing.certificates.models import Certificate, Status
from jianguan.licensing.certificates.rules import STATES, face, ways
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor, demand, for_enterprises, for_officers, signed_in
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict, Forbidden, NotFound
from jianguan.platform.journal import service as journal
from jianguan.platform.web.service import (
    Filter,
    Tab,
    capped_count,
    entry,
    history,
    paginate,
    place_filter,
    place_prefix,
    render_either,
)

ACTS = {
    Status.VALID: _("End the suspension"),
    Status.SUSPENDED: _("Suspend"),
    Status.REVOKED: _("Revoke"),
    Status.CANCELLED: _("Cancel the certificate"),
    Status.WITHDRAWN: _("Withdraw as a penalty"),
}
CARDS = 12
SOON = {"30": _("ends within 30 days"), "90": _("ends within 90 days")}


def tabs(current: int) -> list[Tab]:
    """The ledger and the batches, one beside the other."""
    lists = [(_("Certificates"), reverse("certificates")), (_("Batches"), reverse("certificate-batches"))]
    return [Tab(label, url, current=number == current) for number, (label, url) in enumerate(lists)]


@for_officers
def ledger(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Certificates of one's jurisdictions, all editions."""
    demand(actor, "certificate.read")
    sought = {name: request.GET.get(name, "") for name in ("q", "kind", "status", "ends", "region")}
    rows = queries.matching(queries.visible_to(actor), sought["q"])
    rows = queries.in_place(rows, place_prefix(sought["region"]))
    if sought["kind"]:
        rows = rows.filter(kind=sought["kind"])
    if sought["status"] in STATES:
        rows = queries.in_state(rows, sought["status"])
    if sought["ends"] in SOON:
        soon = queries.ending(clock.today() + timedelta(days=int(sought["ends"])))
        rows = rows.filter(pk__in=soon.order_by().values("pk"))
    english = get_language() == "en"
    kinds = ((kind, en if english else zh) for kind, zh, en in queries.kinds())
    context = {
        "rows": paginate(request, rows.select_related("batch"), "-id"),
        "count": capped_count(rows),
        "filters": [
            Filter("q", _("Number, holder or works"), sought["q"]),
            Filter.among("kind", _("Kind"), sought["kind"], _("All kinds"), kinds),
            Filter.among("status", _("Status"), sought["status"], _("All statuses"), STATES.items()),
            Filter.among("ends", _("Validity"), sought["ends"], _("Any validity"), SOON.items()),
            place_filter(sought["region"], actor.prefixes("certificate.read")),
        ],
        "tabs": tabs(0),
        "tabs_label": _("Certificates"),
        "part": "certificates/_rows.html",
    }
    return render_either(request, "certificates/list.html", "certificates/_rows.html", context)


@for_enterprises
def wallet(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The certificates one's own enterprise holds, each with its code."""
    held = queries.visible_to(actor).filter(pk__in=queries.current().order_by().values("pk"))
    rows = paginate(request, held, "-id", size=CARDS)
    return render(request, "certificates/wallet.html", {"rows": rows, "cards": [(c, _qr(c)) for c in rows.rows]})


@signed_in
def certificate(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """One certificate: its face, its editions, how it stands, and what proves it."""
    editions = _editions(actor, number)
    shown = next((e for e in editions if str(e.edition) == request.GET.get("edition")), editions[0])
    standing = verifying.by_certificate(shown) if shown.sha256 else None
    context = {
        "certificate": shown,
        "editions": editions,
        "terms": face(shown.data),
        "standing": standing,
        "qr": _qr(shown) if shown.sha256 else "",
        "events": history(journal.about("certificate", shown.id)),
        "face": "own-" if actor.is_enterprise else "",
        "may_decide": shown.sha256 and actor.may("certificate.decide", shown.region) and ways(shown.status),
        "may_audit": actor.may("journal.read", shown.region),
    }
    return render(request, "certificates/certificate.html", context)


@signed_in
def file(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The sealed file as it was stored, byte for byte: PDF, or with `format=ofd` OFD."""
    editions = [edition for edition in _editions(actor, number) if edition.sha256]
    found = next(
        (e for e in editions if str(e.edition) == request.GET.get("edition")), editions[0] if editions else None
    )
    sealed = queries.file_of(found, request.GET.get("format", "pdf")) if found else None
    if found is None or sealed is None:
        raise NotFound
    filename = f"{found.number}-{found.edition:03d}.{sealed.extension}"
    named = content_disposition_header(as_attachment=True, filename=filename)
    headers = {"Content-Disposition": named or "attachment"}
    return HttpResponse(documents.content(sealed.sha256), content_type=sealed.media_type, headers=headers)


class Deciding(entry.Form):
    """What is asked when the status of a certificate changes."""

    status = entry.choice(_("What becomes of the certificate"), span=12, open_=True)
    reason = entry.words(_("Reason and the decision it rests on"), limit=500)


@for_officers
def change_status(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Suspend, revoke, cancel or withdraw a certificate, or end its suspension: first asked, then confirmed."""
    found = _editions(actor, number)[0]
    if not actor.may("certificate.decide", found.region):
        raise Forbidden(message("You may not decide on certificates of this place."))
    if not found.sha256 or not ways(found.status):
        raise Conflict(message("The status of this certificate cannot be changed that way any more."))
    options = [(status.value, ACTS[status]) for status in ways(found.status)]
    step = request.POST.get("_op", "")
    if step == "edit":
        form = Deciding(initial={name: request.POST.get(name, "") for name in ("status", "reason")}, status=options)
    else:
        form = Deciding(entry.sent(request), status=options)

    def act(given: dict[str, Any]) -> entry.Done:
        command = actions.ChangeStatus(given["command_id"], found.id, given["status"], given["reason"])
        changed = Status(actions.change_status(actor, command).status)
        says = message(
            "The status is now: %(status)s. Verification tells it from this moment on.", status=changed.label
        )
        return entry.Done(_address(found), says)

    crumbs: list[tuple[Any, str]] = [(_("Certificates"), reverse("certificates")), (found.number, _address(found))]
    terms: list[tuple[Any, Any]] = [
        (_("Certificate"), found.name),
        (_("Holder"), found.holder_name),
        (_("Works"), found.subject_name),
    ]
    sheet = entry.Sheet(_("Change the status"), crumbs, _("Next step"), terms=terms)
    if form.is_bound and step != "confirm" and form.is_valid():
        status = Status(form.cleaned_data["status"])
        context = {"form": form, "crumbs": [*crumbs, (sheet.heading, "")], "certificate": found, "act": ACTS[status],
                   "status": status, "reason": form.cleaned_data["reason"], "terms": terms}  # fmt: skip
        return render(request, "certificates/confirm.html", context)
    return entry.enter(request, form, act, sheet)


def _editions(actor: Actor, number: str) -> list[Certificate]:
    editions = queries.numbered(queries.visible_to(actor), number)
    if not editions:
        raise NotFound
    return editions


def _address(found: Certificate) -> str:
    return reverse("certificate", args=[found.number])


def _qr(found: Certificate) -> str:
    """The code on the certificate, as the address of a picture."""
    link = Link(urlsplit(settings.ENVIRONMENT.base_url).netloc, found.number, found.proof)
    return "data:image/svg+xml;base64," + base64.b64encode(write_qr(str(link)).svg.encode()).decode()
