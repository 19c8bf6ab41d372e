"""Proposing packs, and what the second person makes of a proposal 双人发布."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from jianguan.kernel.messages import Message, message
from jianguan.licensing.matters import facts
from jianguan.licensing.matters.actions.publishing import publish
from jianguan.licensing.matters.archives import make_archive, open_archive
from jianguan.licensing.matters.examining import Examined, examine, to_json
from jianguan.licensing.matters.gate import MATTER
from jianguan.licensing.matters.models import PackProposal, PackVersion, ProposalState
from jianguan.licensing.matters.pack import digest_of
from jianguan.licensing.matters.reading import PackError, Problem, from_archive
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal, Stale
from jianguan.platform.journal.service import Kind, Subject, record

MAY_PROPOSE, MAY_PUBLISH = "pack.write", "pack.publish"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,79}")
OPEN = frozenset({ProposalState.FAULTY, ProposalState.WAITING})


@dataclass(frozen=True, slots=True)
class Propose:
    """Propose a pack, or send corrected files for a proposal of one's own.

    Attributes:
        archive: the ZIP as it was sent, in hexadecimal digits (commands are plain values).
        proposal_id: the proposal that is corrected; None for a new one.
        digest: of the files that were changed, where they were changed here; others make the page stale.
    """

    command_id: UUID
    archive: str
    effective_from: date
    reason: str = ""
    proposal_id: UUID | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Decide:
    """Say yes or no to a proposal as it was seen.

    Attributes:
        digest: of the files that were looked at; others make the page stale.
        answer: why it is sent back.
    """

    command_id: UUID
    proposal_id: UUID
    digest: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The proposal and how far it is."""

    id: str
    state: str


@action
def propose(actor: Actor, command: Propose) -> Proposed:
    """Keep a pack as a proposal with what the gate says of it; one with faults waits for its correction.

    Raises:
        Forbidden: no permission, or the proposal is someone else's.
        Refusal: the archive is none, or the day lies in the past.
        Conflict: the proposal has been decided.
    """
    _demand(actor, MAY_PROPOSE)
    if command.effective_from < clock.today():
        says = message("A version comes into force today at the earliest.")
        raise Refusal(says, {"effective_from": says})
    examined = examine(_files(command.archive), settings.PACKS_ROOT / "stencils")
    found = _with_history(examined)
    values = {
        **_named(found), "content": make_archive(found.files), "digest": digest_of(found.files),
        "readable": found.pack is not None, "report": to_json(found.problems), "faults": found.faults,
        "state": ProposalState.FAULTY if found.faults else ProposalState.WAITING,
        "effective_from": command.effective_from, "reason": command.reason, "proposed_at": clock.now(),
    }  # fmt: skip
    if command.proposal_id is None:
        proposal = PackProposal.objects.create(proposed_by=actor.id, **values)
    else:
        proposal = _own(actor, command.proposal_id)
        if command.digest and proposal.digest != command.digest:
            raise Stale(_changed())
        for name, value in values.items():
            setattr(proposal, name, value)
        proposal.save(update_fields=list(values))
    _record(facts.PACK_PROPOSED, proposal, actor, {"faults": proposal.faults})
    return Proposed(str(proposal.id), proposal.state)


@action
def approve(actor: Actor, command: Decide) -> Proposed:
    """Publish what another person proposed, from the day proposed; from today where that day has passed.

    Raises:
        Forbidden: no permission, or one's own proposal.
        Stale: the files were changed since they were looked at.
        Conflict: it has faults or was decided already, or this version was published with other files.
    """
    proposal = _proposal_of_another(actor, command)
    if proposal.state != ProposalState.WAITING:
        raise Conflict(message("A pack with faults cannot be published. Its proposer has to correct it first."))
    day = max(proposal.effective_from, clock.today())
    pack = from_archive(bytes(proposal.content))
    try:
        publish(pack, day, actor, proposal.proposed_by)
    except PackError as error:
        says = message("The gate finds faults now: %(why)s", why=error.problems[0].says)
        raise Conflict(says) from error
    _decide(proposal, ProposalState.PUBLISHED, actor.id, effective_from=day)
    return Proposed(str(proposal.id), proposal.state)


@action
def decline(actor: Actor, command: Decide) -> Proposed:
    """Send a proposal back with the reason."""
    proposal = _proposal_of_another(actor, command)
    if not command.answer.strip():
        says = message("Write the reason.")
        raise Refusal(says, {"answer": says})
    _decide(proposal, ProposalState.DECLINED, actor.id, answer=command.answer.strip())
    _record(facts.PACK_DECLINED, proposal, actor, {"answer": proposal.answer})
    return Proposed(str(proposal.id), proposal.state)


@action
def withdraw_proposal(actor: Actor, command: Decide) -> Proposed:
    """Take back a proposal of one's own."""
    _demand(actor, MAY_PROPOSE)
    proposal = _own(actor, command.proposal_id)
    _decide(proposal, ProposalState.WITHDRAWN, None)
    _record(facts.PACK_WITHDRAWN, proposal, actor, {})
    return Proposed(str(proposal.id), proposal.state)


def _demand(actor: Actor, permission: str) -> None:
    if not actor.may(permission):
        raise Forbidden(message("You have no permission for this."))


def _files(archive: str) -> dict[str, bytes]:
    try:
        return open_archive(bytes.fromhex(archive))
    except Refusal as refusal:
        raise Refusal(refusal.says, {"archive": refusal.says}) from refusal


def _with_history(found: Examined) -> Examined:
    """With what the versions published so far say against it: numbers only rise, and a new one has something new."""
    if found.pack is None:
        return found
    matter = found.pack.matter
    newest = (
        PackVersion.objects.filter(matter=matter.key).order_by("-version").values_list("version", flat=True).first()
    )
    if newest is None or matter.version > newest:
        return found
    says = message("Version %(newest)s is published already. Raise the version number.", newest=newest)
    line = next((n for n, text in enumerate(found.files[MATTER].splitlines(), 1) if text.startswith(b"version:")), None)
    return Examined(found.files, found.pack, (Problem(MATTER, line, says), *found.problems))


def _named(found: Examined) -> dict[str, Any]:
    """Which matter and version the files say they are, as far as that can be read."""
    if found.pack:
        return {"matter": found.pack.matter.key, "version": found.pack.matter.version}
    try:
        document = yaml.safe_load(found.files[MATTER])
    except yaml.YAMLError:
        document = None
    told: Mapping[str, Any] = document if isinstance(document, dict) else {}
    key, version = told.get("key"), told.get("version")
    return {
        "matter": key if isinstance(key, str) and _KEY.fullmatch(key) else "",
        "version": version if isinstance(version, int) and 0 < version < 10_000 else None,
    }


def _locked(proposal_id: UUID) -> PackProposal:
    """A proposal that is still open, with all others of its matter locked: two may want the same number."""
    found = PackProposal.objects.filter(pk=proposal_id).values_list("matter", flat=True).first()
    if found is None:
        raise NotFound
    rows = {row.pk: row for row in PackProposal.objects.select_for_update().filter(matter=found).order_by("pk")}
    proposal = rows.get(proposal_id)
    if proposal is None or proposal.state not in OPEN:
        raise Conflict(message("This proposal has been decided."))
    return proposal


def _own(actor: Actor, proposal_id: UUID) -> PackProposal:
    proposal = _locked(proposal_id)
    if proposal.proposed_by != actor.id:
        raise Forbidden(message("Only the person who proposed it may change or withdraw it."))
    return proposal


def _proposal_of_another(actor: Actor, command: Decide) -> PackProposal:
    _demand(actor, MAY_PUBLISH)
    proposal = _locked(command.proposal_id)
    if proposal.proposed_by == actor.id:
        raise Forbidden(message("You proposed this pack: another person has to decide on it."))
    if proposal.digest != command.digest:
        raise Stale(_changed())
    return proposal


def _changed() -> Message:
    return message("The files were changed since you opened this page. Look at them again.")


def _decide(proposal: PackProposal, state: ProposalState, decided_by: UUID | None, **values: Any) -> None:
    changes = {"state": state, "decided_by": decided_by, "decided_at": clock.now(), **values}
    for name, value in changes.items():
        setattr(proposal, name, value)
    proposal.save(update_fields=list(changes))


def _record(entry: Kind, proposal: PackProposal, actor: Actor, data: Mapping[str, Any]) -> None:
    about = {"matter": proposal.matter, "version": proposal.version, "digest": proposal.digest}
    record(entry, Subject("pack", proposal.id, ""), actor, {**about, **data})
