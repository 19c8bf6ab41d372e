"""Proposed packs: sending one, what the gate says, what would be different, how past cases would come out, deciding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jianguan.kernel.messages import Message, message
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import actions, archives, packs, queries
from jianguan.licensing.matters.contents import Speech
from jianguan.licensing.matters.differences import PARTS, differences
from jianguan.licensing.matters.examining import from_json
from jianguan.licensing.matters.gate import PROCESS
from jianguan.licensing.matters.models import PackProposal, PackVersion, ProposalState
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.pages.configuration import shown_steps, shown_table
from jianguan.licensing.matters.progress import picture_of
from jianguan.licensing.matters.reading import from_archive
from jianguan.licensing.matters.rehearsal import rehearse
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, demand, for_officers, role_names
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import NotFound, Refusal, Stale
from jianguan.platform.web.service import Tab, paginate, posted_id, toast, words

TONES = {
    ProposalState.FAULTY: "orange",
    ProposalState.WAITING: "blue",
    ProposalState.PUBLISHED: "green",
    ProposalState.DECLINED: "red",
    ProposalState.WITHDRAWN: "neutral",
}
PART_NAMES = {
    "matter": _("Matter"), "form": _("Form"), "process": _("Process"), "rules": _("Rules"), "other": _("Other files"),
}  # fmt: skip
COUNTS = (20, 50, 100, 200)
RESULTS = {"passed": _("passed"), "hint": _("remark"), "failed": _("failed"), "": _("not asked")}


@for_officers
@require_GET
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was proposed, newest first."""
    demand(actor, "pack.read")
    rows = paginate(request, queries.proposals(), "-id")
    people = accounts.names({row.proposed_by for row in rows.rows})
    names = {matter.key: words(matter.name) for matter in packs.catalogue()}
    context = {
        "rows": rows,
        "lines": [
            (row, TONES[ProposalState(row.state)], people.get(row.proposed_by, ("", ""))[0], names.get(row.matter, ""))
            for row in rows.rows
        ],
        "may_propose": actor.may(actions.MAY_PROPOSE),
        "crumbs": [(gettext("Matters"), reverse("conf-matters")), (gettext("Proposals"), "")],
    }
    return render(request, "matters/conf/proposals.html", context)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form of a proposal."""

    effective_from: str
    reason: str
    command_id: str

    @property
    def day(self) -> date:
        """The day as typed.

        Raises:
            Refusal: it is none.
        """
        try:
            return date.fromisoformat(self.effective_from)
        except ValueError:
            says = message("Enter a day of the calendar, such as 2026-03-01.")
            raise Refusal(says, {"effective_from": says}) from None


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, actor: Actor, proposal_id: UUID | None = None) -> HttpResponse:
    """Send a pack, or corrected files for a proposal of one's own."""
    demand(actor, actions.MAY_PROPOSE)
    proposal = _proposal(proposal_id) if proposal_id else None
    typed = _typed(request, proposal)
    if request.method != "POST":
        return _entry(request, proposal, typed, {})
    sent = request.FILES.get("archive")
    if sent is None:
        return _entry(request, proposal, typed, {"archive": message("Choose the archive of the pack.")})
    try:
        command = actions.Propose(
            posted_id(typed.command_id), sent.read(archives.LIMIT + 1).hex(), typed.day, typed.reason,
            proposal.pk if proposal else None,
        )  # fmt: skip
        done = actions.propose(actor, command)
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        return _entry(request, proposal, typed, refusal.fields or {"archive": refusal.says})
    return _examined(request, done)


def _typed(request: HttpRequest, proposal: PackProposal | None) -> Typed:
    given = request.POST
    day = max(proposal.effective_from, clock.today()) if proposal else clock.today()
    return Typed(
        given.get("effective_from", day.isoformat()),
        given.get("reason", proposal.reason if proposal else "")[:2000],
        given.get("command_id") or str(new_command_id()),
    )


def _entry(
    request: HttpRequest, proposal: PackProposal | None, typed: Typed, faults: Mapping[str, Message]
) -> HttpResponse:
    heading = gettext("Send corrected files") if proposal else gettext("Propose a version")
    matters = [packs.of_version(row).matter for row in packs.all_current(clock.today())]
    context = {
        "proposal": proposal,
        "typed": typed,
        "faults": faults,
        "heading": heading,
        "megabytes": archives.LIMIT // archives.MEGABYTE,
        "matters": [] if proposal else matters,
        "crumbs": [*_crumbs(proposal), (heading, "")],
    }
    return render(request, "matters/conf/propose.html", context, status=Refusal.status if faults else 200)


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, actor: Actor, proposal_id: UUID) -> HttpResponse:
    """Change one file of a proposal of one's own as text; all of it goes through the gate again."""
    demand(actor, actions.MAY_PROPOSE)
    proposal = _proposal(proposal_id)
    kept = archives.open_archive(bytes(proposal.content))
    name = request.POST.get("file") or request.GET.get("file") or PROCESS
    text = kept.get(name, b"").decode(errors="replace")
    if request.method != "POST":
        return _editor(request, proposal, (name, text), sorted(kept))
    text = request.POST.get("text", "").replace("\r\n", "\n")
    typed = _typed(request, proposal)
    archive = archives.make_archive({**kept, name: text.encode()})
    command = actions.Propose(
        posted_id(typed.command_id), archive.hex(), typed.day, typed.reason, proposal.pk, request.POST.get("digest", "")
    )
    try:
        done = actions.propose(actor, command)
    except Refusal as refusal:
        if refusal.status not in (Refusal.status, Stale.status):
            raise
        return _editor(request, proposal, (name, text), sorted(kept), refusal)
    return _examined(request, done)


def _editor(
    request: HttpRequest,
    proposal: PackProposal,
    file: tuple[str, str],
    names: list[str],
    refusal: Refusal | None = None,
) -> HttpResponse:
    context = {
        "proposal": proposal,
        "file": file[0],
        "text": file[1],
        "names": names,
        "fault": refusal.says if refusal else None,
        "digest": request.POST.get("digest") or proposal.digest,
        "command_id": new_command_id(),
        "problems": [one for one in from_json(proposal.report) if one.file == file[0]],
        "crumbs": [*_crumbs(proposal), (gettext("Change a file"), "")],
    }
    return render(request, "matters/conf/proposal_edit.html", context, status=refusal.status if refusal else 200)


def _examined(request: HttpRequest, done: actions.Proposed) -> HttpResponse:
    """On to the report of what was just sent."""
    says = message("The gate passed. Another person can publish it now.")
    if done.state == ProposalState.FAULTY:
        says = message("The gate found faults. Correct them and send the files again.")
    return toast(request, redirect("conf-proposal", done.id), says, "red" if done.state == "faulty" else "green")


@for_officers
@require_GET
def report(request: HttpRequest, actor: Actor, proposal_id: UUID) -> HttpResponse:
    """What the gate says of a proposal."""
    return _report(request, actor, _readable(actor, proposal_id))


def _report(
    request: HttpRequest, actor: Actor, proposal: PackProposal, typed: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    problems = from_json(proposal.report)
    context = _about(actor, proposal, "conf-proposal") | {
        "files": [(file, list(found)) for file, found in groupby(sorted(problems, key=_place), lambda p: p.file)],
        "answer": typed,
        "fault": refusal.says if refusal else None,
    }
    return render(request, "matters/conf/proposal_report.html", context, status=refusal.status if refusal else 200)


def _place(problem: Any) -> tuple[str, int]:
    return problem.file, problem.line or 0


@for_officers
@require_GET
def process(request: HttpRequest, actor: Actor, proposal_id: UUID) -> HttpResponse:
    """Picture, steps and tables of a proposal."""
    proposal = _readable(actor, proposal_id)
    pack = _pack(proposal)
    context = _about(actor, proposal, "conf-proposal-process") | {
        "pack": pack,
        "picture": picture_of(pack.net, []) if pack else "",
        "steps": shown_steps(pack) if pack else [],
        "tables": [shown_table(table) for table in pack.tables.values()] if pack else [],
    }
    return render(request, "matters/conf/proposal_process.html", context)


@for_officers
@require_GET
def form(request: HttpRequest, actor: Actor, proposal_id: UUID) -> HttpResponse:
    """The form of a proposal as applicants would see it."""
    proposal = _readable(actor, proposal_id)
    pack = _pack(proposal)
    context = _about(actor, proposal, "conf-proposal-form") | {
        "pack": pack,
        "form": forms.draw(pack.form, {}) if pack else None,
    }
    return render(request, "matters/conf/proposal_form.html", context)


@for_officers
@require_GET
def compared(request: HttpRequest, actor: Actor, proposal_id: UUID) -> HttpResponse:
    """What would be different from the version in force."""
    proposal = _readable(actor, proposal_id)
    pack, other = _pack(proposal), _in_force(proposal)
    found = []
    if pack and other:
        speech = Speech("en" if get_language() == "en" else "zh", gettext, role_names())
        found = differences(packs.of_version(other), pack, speech)
    context = _about(actor, proposal, "conf-proposal-differences") | {
        "pack": pack,
        "other": other,
        "parts": [(PART_NAMES[part], rows) for part in PARTS if (rows := [one for one in found if one.part == part])],
    }
    return render(request, "matters/conf/proposal_differences.html", context)


@for_officers
@require_GET
def rehearsal(request: HttpRequest, actor: Actor, proposal_id: UUID) -> HttpResponse:
    """How past cases would come out; those that the reader may not see are only counted."""
    proposal = _readable(actor, proposal_id)
    pack, other, asked = _pack(proposal), _in_force(proposal), request.GET.get("n", "")
    count = int(asked) if asked in map(str, COUNTS) else 0
    context = _about(actor, proposal, "conf-proposal-rehearsal") | {
        "pack": pack, "other": other, "count": count or COUNTS[1], "counts": COUNTS,
    }  # fmt: skip
    if pack and other and count:
        found = rehearse(packs.of_version(other), pack, count)
        ids = [one.case.id for one in found.differing]
        visible = set(queries.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
        rows = [
            (one.case, words(one.table), _result(one.before), _result(one.after))
            for one in found.differing
            if one.case.id in visible
        ]
        tables = [words(table) for table in found.tables]
        context |= {"found": found, "rows": rows, "hidden": len(ids) - len(rows), "tables": tables}
    return render(request, "matters/conf/proposal_rehearsal.html", context)


def _result(said: str | Message) -> object:
    return RESULTS.get(said, said) if isinstance(said, str) else said


@for_officers
@require_GET
def files(_request: HttpRequest, actor: Actor, proposal_id: UUID) -> HttpResponse:
    """The complete files of a proposal."""
    proposal = _readable(actor, proposal_id)
    return _zip(bytes(proposal.content), f"{proposal.matter or 'pack'}-{proposal.version or 0}-proposed")


@for_officers
@require_GET
def published_files(_request: HttpRequest, actor: Actor, matter: str, version: int) -> HttpResponse:
    """The complete files of a published version, to begin a new one from."""
    demand(actor, "pack.read")
    found = PackVersion.objects.filter(matter=matter, version=version).first()
    if found is None:
        raise NotFound
    return _zip(bytes(found.content), f"{matter}-{version}")


def _zip(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(True, f"{name}.zip") or "attachment"}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@for_officers
@require_POST
def decide(request: HttpRequest, actor: Actor, proposal_id: UUID) -> HttpResponse:
    """Publish, send back, or withdraw."""
    proposal = _readable(actor, proposal_id)
    given = request.POST
    act, says = _ACTS.get(given.get("_op", ""), (None, None))
    if act is None or says is None:
        raise NotFound
    answer = given.get("answer", "")[:2000]
    command = actions.Decide(posted_id(given.get("command_id")), proposal.pk, given.get("digest", ""), answer)
    try:
        act(actor, command)
    except NotFound:
        raise
    except Refusal as refusal:
        return _report(request, actor, _proposal(proposal_id), answer, refusal)
    return toast(request, redirect("conf-proposal", proposal_id), says)


_ACTS = {
    "approve": (actions.approve, message("Published. New cases begin under it from its day on.")),
    "decline": (actions.decline, message("Sent back to the person who proposed it.")),
    "withdraw": (actions.withdraw_proposal, message("Withdrawn.")),
}


# --- what all pages of a proposal show


def _proposal(proposal_id: UUID) -> PackProposal:
    found = PackProposal.objects.filter(pk=proposal_id).first()
    if found is None:
        raise NotFound
    return found


def _readable(actor: Actor, proposal_id: UUID) -> PackProposal:
    demand(actor, "pack.read")
    return _proposal(proposal_id)


def _pack(proposal: PackProposal) -> Pack | None:
    """The pack of a proposal, where its files make one."""
    return from_archive(bytes(proposal.content)) if proposal.readable else None


def _in_force(proposal: PackProposal) -> PackVersion | None:
    """The version it is compared with: that in force, but never itself."""
    rows = PackVersion.objects.defer("content").filter(matter=proposal.matter, effective_from__lte=clock.today())
    return rows.exclude(digest=proposal.digest).order_by("-version").first()


def _crumbs(proposal: PackProposal | None) -> list[tuple[str, str]]:
    crumbs = [(gettext("Matters"), reverse("conf-matters")), (gettext("Proposals"), reverse("conf-proposals"))]
    return [*crumbs, (_name(proposal), reverse("conf-proposal", args=[proposal.pk]))] if proposal else crumbs


def _name(proposal: PackProposal) -> str:
    return f"{proposal.matter or '—'}/{proposal.version or '—'}"


def _about(actor: Actor, proposal: PackProposal, view: str) -> dict[str, Any]:
    tabs = {
        "conf-proposal": _("Report of the gate"),
        "conf-proposal-differences": _("Differences"),
        "conf-proposal-process": _("Process and rules"),
        "conf-proposal-form": _("Form"),
        "conf-proposal-rehearsal": _("Rehearsal"),
    }
    people = accounts.names({one for one in (proposal.proposed_by, proposal.decided_by) if one})
    is_open, mine = proposal.state in actions.OPEN, proposal.proposed_by == actor.id
    return {
        "proposal": proposal,
        "name": _name(proposal),
        "heading": words(pack.matter.name) if (pack := _pack(proposal)) else _name(proposal),
        "tone": TONES[ProposalState(proposal.state)],
        "proposer": people.get(proposal.proposed_by, ("", "")),
        "decider": people.get(proposal.decided_by, ("", "")) if proposal.decided_by else None,
        "tabs": [Tab(word, reverse(name, args=[proposal.pk]), current=name == view) for name, word in tabs.items()],
        "tabs_label": _("Proposal"),
        "is_open": is_open,
        "mine": mine,
        "may_correct": is_open and mine and actor.may(actions.MAY_PROPOSE),
        "may_decide": is_open and not mine and actor.may(actions.MAY_PUBLISH),
        "late": proposal.effective_from < clock.today(),
        "command_id": new_command_id(),
        "crumbs": [*_crumbs(None), (_name(proposal), "")],
    }
