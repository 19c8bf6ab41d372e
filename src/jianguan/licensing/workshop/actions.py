"""All writes of this room: opening a working copy, changing its files, sending it for approval, discarding it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import yaml
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length

from jianguan.kernel.messages import message
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import MATTER, MAY_PROPOSE, PackVersion
from jianguan.licensing.workshop import facts, judging
from jianguan.licensing.workshop.models import CopyState, WorkingCopy, WorkingFile
from jianguan.licensing.workshop.yamltext import with_section, with_value
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal, Stale
from jianguan.platform.journal.service import Kind, Subject, record

LONGEST = 1_000_000  # characters of a file; the largest shipped one has 40,000
ALL = 4_000_000  # characters of all files
MOST_FILES = 200
OPTIONAL = ("rules/", "tests/")  # folders of which files may be taken away


@dataclass(frozen=True, slots=True)
class OpenCopy:
    """Begin the next version of a matter from a published one."""

    command_id: UUID
    matter: str
    base: int


@dataclass(frozen=True, slots=True)
class SubmitCopy:
    """Send a working copy for approval; `seen` is the digest of the files as they were looked at."""

    command_id: UUID
    copy_id: UUID
    effective_from: date
    reason: str
    seen: str


@dataclass(frozen=True, slots=True)
class OfCopy:
    """Discard a working copy, or change one further that was sent for approval."""

    command_id: UUID
    copy_id: UUID


@dataclass(frozen=True, slots=True)
class AcceptExpectation:
    """Let a scenario expect what is found now; `revision` is that of its file as the misses were looked at."""

    command_id: UUID
    copy_id: UUID
    file: str
    number: int
    revision: int


@dataclass(frozen=True, slots=True)
class Copied:
    """The working copy."""

    id: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """The proposal it became."""

    proposal_id: str


@action
def open_copy(actor: Actor, command: OpenCopy) -> Copied:
    """Open a working copy of a published version; its number is the next one.

    Raises:
        Forbidden: no permission.
        NotFound: there is no such version.
        Conflict: the person has a working copy of this matter already.
    """
    _demand(actor)
    versions = PackVersion.objects.filter(matter=command.matter)
    base = versions.filter(version=command.base).first()
    if base is None:
        raise NotFound
    if WorkingCopy.objects.filter(owner_id=actor.id, matter=command.matter, state=CopyState.OPEN).exists():
        raise Conflict(message("You have a working copy of this matter already. Go on with it, or discard it first."))
    now = clock.now()
    copy = WorkingCopy.objects.create(
        matter=command.matter, base=command.base, version=_next_version(command.matter), owner_id=actor.id,
        opened_at=now, changed_at=now,
    )  # fmt: skip
    texts = {name: content.decode() for name, content in matters.open_archive(bytes(base.content)).items()}
    texts[MATTER] = with_section(texts[MATTER], "version", copy.version)
    WorkingFile.objects.bulk_create(WorkingFile(copy=copy, name=name, text=text) for name, text in texts.items())
    _record(facts.OPENED, copy, actor, {"base": command.base})
    return Copied(str(copy.id))


def save_file(actor: Actor, copy_id: UUID, name: str, text: str, revision: int) -> int:
    """Keep a file as it is now, faults and all; returns its new revision.

    No command id: saving the same again changes nothing. `revision` is the one that was seen, 0 for a new file.

    Raises:
        Stale: the file was changed in another window meanwhile; nothing is kept, the page keeps what was typed.
        Refusal: a pack has no file of this name, or it is too large.
    """
    with transaction.atomic():
        copy = _own(actor, copy_id)
        file = WorkingFile.objects.filter(copy=copy, name=name).first()
        if (file.revision if file else 0) != revision:
            raise Stale(
                message(
                    "This file was changed in another window. Load the page again to see it; what is here is not saved."
                )
            )
        text = text.replace("\r\n", "\n")
        if file and file.text == text:
            return revision
        _refuse_unfit(copy, name, text)
        WorkingFile.objects.update_or_create(copy=copy, name=name, defaults={"text": text, "revision": revision + 1})
        _touch(copy)
    return revision + 1


def remove_file(actor: Actor, copy_id: UUID, name: str) -> None:
    """Take a table or a file of scenarios out of a working copy.

    Raises:
        Refusal: a pack cannot do without it.
    """
    with transaction.atomic():
        copy = _own(actor, copy_id)
        if not name.startswith(OPTIONAL):
            raise Refusal(message("A pack cannot do without this file."))
        WorkingFile.objects.filter(copy=copy, name=name).delete()
        _touch(copy)


@action
def submit_copy(actor: Actor, command: SubmitCopy) -> Submitted:
    """Send a working copy for approval: a proposal another person decides on, if the gate finds no fault.

    Raises:
        Stale: the files were changed since they were looked at.
        Refusal: the gate finds faults, or the day lies in the past.
    """
    copy = _own(actor, command.copy_id)
    if judging.digest(_texts(copy)) != command.seen:
        raise Stale(message("The files were changed since you opened this page. Look at them again."))
    _renumber(copy)
    archive = matters.make_archive(judging.as_bytes(_texts(copy)))
    correcting = copy.proposal_id if copy.proposal_id and matters.may_be_corrected(copy.proposal_id) else None
    proposed = matters.propose(
        actor,
        matters.Propose(
            uuid5(command.command_id, "propose"), archive.hex(), command.effective_from, command.reason, correcting
        ),
    )
    if proposed.state == matters.ProposalState.FAULTY:
        raise Refusal(message("The gate finds faults. Correct them first; they are listed on this page."))
    copy.state, copy.proposal_id = CopyState.SUBMITTED, UUID(proposed.id)
    copy.save(update_fields=["state", "proposal_id"])
    _record(facts.SUBMITTED, copy, actor, {"proposal": proposed.id})
    return Submitted(proposed.id)


@action
def resume_copy(actor: Actor, command: OfCopy) -> Copied:
    """Change a working copy further that was sent for approval; the proposal stays as it is until it is sent again.

    Raises:
        Conflict: it was published, or there is another working copy of the matter.
    """
    copy = _own(actor, command.copy_id, CopyState.SUBMITTED)
    if PackVersion.objects.filter(matter=copy.matter, version__gte=copy.version).exists():
        raise Conflict(message("This version was published. Begin the next one from it."))
    if WorkingCopy.objects.filter(owner_id=actor.id, matter=copy.matter, state=CopyState.OPEN).exists():
        raise Conflict(message("You have a working copy of this matter already. Go on with it, or discard it first."))
    copy.state = CopyState.OPEN
    copy.save(update_fields=["state"])
    return Copied(str(copy.id))


@action
def discard_copy(actor: Actor, command: OfCopy) -> Copied:
    """Throw a working copy away; its files are gone."""
    copy = _own(actor, command.copy_id)
    _record(facts.DISCARDED, copy, actor, {"digest": judging.digest(_texts(copy))})
    copy.files.all().delete()
    copy.state = CopyState.DISCARDED
    copy.save(update_fields=["state"])
    return Copied(str(copy.id))


@action
def accept_expectation(actor: Actor, command: AcceptExpectation) -> Copied:
    """Write what a scenario finds now into what it expects; the journal keeps both.

    Raises:
        Stale: the file was changed since.
        Refusal: nothing in it is otherwise than expected, or what fails is no expectation.
    """
    copy = _own(actor, command.copy_id)
    file = WorkingFile.objects.filter(copy=copy, name=command.file).first()
    if file is None or file.revision != command.revision:
        raise Stale(message("The files were changed since you opened this page. Look at them again."))
    played = next(
        (one for one in judging.played(_texts(copy)) if (one.file, one.number) == (command.file, command.number)), None
    )
    if played is None or not played.misses:
        raise Refusal(message("This scenario finds nothing else than it expects."))
    text = file.text
    for miss in played.misses:
        text = with_value(text, (command.number, *miss.place), miss.found)
    _refuse_unfit(copy, file.name, text)
    file.text, file.revision = text, file.revision + 1
    file.save(update_fields=["text", "revision"])
    _touch(copy)
    changes = [
        {"at": "/".join(map(str, miss.place)), "before": _plain(miss.wanted), "after": _plain(miss.found)}
        for miss in played.misses
    ]
    _record(facts.EXPECTATION_ACCEPTED, copy, actor, {"file": file.name, "scenario": played.name, "changes": changes})
    return Copied(str(copy.id))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _demand(actor: Actor) -> None:
    if not actor.may(MAY_PROPOSE):
        raise Forbidden(message("You have no permission for this."))


def _own(actor: Actor, copy_id: UUID, state: CopyState = CopyState.OPEN) -> WorkingCopy:
    """A working copy of one's own, locked: what follows sees its files as they are."""
    _demand(actor)
    copy = WorkingCopy.objects.select_for_update().filter(pk=copy_id, owner_id=actor.id).first()
    if copy is None:
        raise NotFound
    if copy.state != state:
        raise Conflict(message("This working copy was sent for approval or discarded; it cannot be changed now."))
    return copy


def _texts(copy: WorkingCopy) -> dict[str, str]:
    return dict(copy.files.values_list("name", "text"))


def _touch(copy: WorkingCopy) -> None:
    copy.changed_at = clock.now()
    copy.save(update_fields=["changed_at"])


def _next_version(matter: str) -> int:
    newest = PackVersion.objects.filter(matter=matter).order_by("-version").values_list("version", flat=True).first()
    return (newest or 0) + 1


def _renumber(copy: WorkingCopy) -> None:
    """Give it the next number, where another version was published meanwhile or someone changed it by hand."""
    copy.version = _next_version(copy.matter)
    copy.save(update_fields=["version"])
    file = copy.files.get(name=MATTER)
    try:
        told = yaml.safe_load(file.text)["version"]
    except (yaml.YAMLError, KeyError, TypeError):
        return  # the gate says what is wrong with it
    if told != copy.version:
        file.text, file.revision = with_section(file.text, "version", copy.version), file.revision + 1
        file.save(update_fields=["text", "revision"])


def _refuse_unfit(copy: WorkingCopy, name: str, text: str) -> None:
    if not matters.FILE_NAMES.fullmatch(name):
        raise Refusal(message("A pack has no file called %(name)s.", name=name[:200]))
    others = copy.files.exclude(name=name)
    size = others.aggregate(size=Sum(Length("text")))["size"] or 0
    if len(text) > LONGEST or size + len(text) > ALL or others.count() >= MOST_FILES:
        raise Refusal(message("The file is too large, or there are too many of them."))


def _record(entry: Kind, copy: WorkingCopy, actor: Actor, data: Mapping[str, Any]) -> None:
    about = {"matter": copy.matter, "version": copy.version}
    record(entry, Subject("working_copy", copy.id, ""), actor, {**about, **data})
