"""Applying for packages: the draft of the one form, its submission, and what follows when matters are decided."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import translation
from django.utils.translation import pgettext

from jianguan.kernel.messages import Message, message
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Status
from jianguan.licensing.packages import catalogue, facts, queries
from jianguan.licensing.packages.desk import Desk, desk_of
from jianguan.licensing.packages.models import Member, Package, Standing
from jianguan.licensing.packages.rules import AGAINST, APPLY, DROP, FOR, OPEN, follows
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.documents import service as documents
from jianguan.platform.documents.service import Document
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal, Stale
from jianguan.platform.journal.service import SYSTEM, Kind, Subject, record
from jianguan.platform.notices import service as notices
from jianguan.platform.notices.service import Recipient
from jianguan.platform.numbering.service import next_in
from jianguan.platform.web.service import say

SUBJECT = "package"
PREFIX = "YJS"
DOCUMENTS_PER_SLOT = 20
FEWEST = 2  # matters of a package


@dataclass(frozen=True, slots=True)
class OpenPackage:
    """Begin an application for a package, for a project."""

    command_id: UUID
    key: str
    project_id: UUID


@dataclass(frozen=True, slots=True)
class Opened:
    """The application."""

    id: str


@action
def open_package(actor: Actor, command: OpenPackage) -> Opened:
    """Begin an application for a package, with everything the libraries know already filled in.

    Raises:
        NotFound: the package is not on offer.
        Forbidden: the actor may not apply, or the project is not one it may apply for.
    """
    offer = catalogue.offer(command.key)
    if not actor.is_enterprise or not actor.may("case.apply"):
        raise Forbidden(message("Your account may not apply for this package."))
    project = queries.applicable(actor, offer).filter(pk=command.project_id).first()
    if project is None:
        raise Forbidden(message("Choose a project that your enterprise owns or takes part in."))
    at, definition = clock.now(), offer.definition
    package = Package.objects.create(
        key=definition.key, definition=dict(definition.document), title=project.name, region=project.region,
        project_id=project.id, applicant_id=actor.organisation_id, applicant_name=actor.organisation_name,
        created_at=at, saved_at=at,
    )  # fmt: skip
    chosen = definition.chosen(())
    Member.objects.bulk_create(
        Member(package=package, matter=matter, position=n, pack=offer.versions[matter], chosen=matter in chosen)
        for n, matter in enumerate(definition.matters)
    )
    desk = desk_of(package)
    package.record = forms.seal(desk.whole.form, forms.start(desk.whole.form, desk.known))
    package.save(update_fields=["record"])
    return Opened(str(package.id))


def save_draft(
    actor: Actor, package_id: UUID, answers: Mapping[str, Any], wanted: Collection[str], revision: int, window: str = ""
) -> int:
    """Keep what is typed, and which matters are to take part; returns the new revision.

    Answers to questions of matters that do not take part stay as they were. `revision` and `window` are those of the page,
    as with a single matter.

    Raises:
        Stale: the draft was saved in another window since this page was opened.
    """
    with transaction.atomic():
        package = _editable(actor, package_id)
        if package.revision != revision and not (window and package.window == window):
            raise Stale(
                message(
                    "This application was changed in another window. Reload the page to see it; what you typed here is not saved."
                )
            )
        desk = desk_of(package)
        drawn = {field.key for field in desk.union.form.fields}
        kept = {key: answer for key, answer in desk.record.items() if key not in drawn}
        package.record = forms.seal(desk.whole.form, {**kept, **answers})
        package.revision, package.window, package.saved_at = package.revision + 1, window, clock.now()
        package.save(update_fields=["record", "revision", "window", "saved_at"])
        chosen = desk.definition.chosen(wanted)
        for member in desk.members.values():
            if member.chosen != (member.matter in chosen):
                member.chosen = not member.chosen
                member.save(update_fields=["chosen"])
    return package.revision


def attach(actor: Actor, package_id: UUID, slot: str, filename: str, data: bytes) -> Document:
    """Add a document to a draft, once for all matters that ask for it.

    Raises:
        Refusal: no matter asks for it, or the file is not acceptable; nothing is kept then.
    """
    with transaction.atomic():
        package = _editable(actor, package_id)
        if not any(wanted.key == slot for wanted in desk_of(package).whole.materials):
            raise Refusal(message("This package does not ask for such a document."))
        if documents.of_subject(SUBJECT, package.id).filter(slot=slot).count() >= DOCUMENTS_PER_SLOT:
            raise Refusal(message("At most %(count)s files are accepted here.", count=DOCUMENTS_PER_SLOT))
        return documents.attach_upload(data, filename, (SUBJECT, package.id), slot, actor.id)


def detach(actor: Actor, package_id: UUID, document_id: UUID) -> None:
    """Take a document off a draft."""
    with transaction.atomic():
        if not documents.remove(document_id, (SUBJECT, _editable(actor, package_id).id)):
            raise NotFound


def discard(actor: Actor, package_id: UUID) -> None:
    """Throw a draft away."""
    with transaction.atomic():
        _editable(actor, package_id).delete()


def _editable(actor: Actor, package_id: UUID) -> Package:
    """The package, locked, if the actor may still edit it."""
    package = Package.objects.select_for_update().filter(pk=package_id, applicant_id=actor.organisation_id).first()
    if package is None or not actor.is_enterprise:
        raise NotFound
    if package.submitted_at is not None:
        raise Conflict(message("This application was submitted and cannot be edited."))
    return package


@dataclass(frozen=True, slots=True)
class SubmitPackage:
    """Submit the draft of a package as it was last saved."""

    command_id: UUID
    package_id: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class Submitted:
    """The application and its number."""

    id: str
    number: str


@action
def submit(actor: Actor, command: SubmitPackage) -> Submitted:
    """Submit a package: every matter that waits for nothing becomes a case of its own, all of them or none.

    Raises:
        Stale: the draft was changed in another window.
        Refusal: answers or documents are missing or wrong, or one of the matters refuses; the sentence names it.
    """
    package = _editable(actor, command.package_id)
    if package.revision != command.revision:
        raise Stale(message("This application was changed in another window. Reload the page and check it again."))
    desk = desk_of(package)
    if len(desk.taking_part) < FEWEST:
        raise Refusal(message("Choose at least two matters. A single one is applied for by itself."))
    if wrong := {name: problem.says for name, problem in desk.problems().items()}:
        raise Refusal(
            message("The application is not complete: %(count)s places need your attention.", count=len(wrong)), wrong
        )
    at = clock.now()
    day = clock.legal_day(at)
    package.number = f"{PREFIX}{day:%Y%m%d}{next_in(f'case:{PREFIX}:{day}'):04d}"
    package.submitted_at, package.submitted_by = at, actor.id
    package.save(update_fields=["number", "submitted_at", "submitted_by"])
    for member in (one for one in desk.taking_part if not desk.after(one)):
        with _naming(desk, member):
            _apply(actor, desk, member, command.command_id)
    members = [{"matter": m.matter, "case": m.case.number if m.case else None} for m in desk.taking_part]
    record(
        facts.SUBMITTED, _subject(package), actor, {"number": package.number, "key": package.key, "members": members}
    )
    return Submitted(str(package.id), package.number)


def _apply(actor: Actor, desk: Desk, member: Member, attempt: UUID) -> None:
    """Apply for a matter with its part of the answers and the documents it asks for."""
    part = desk.part(member)
    application = matters.Application(
        attempt=uuid5(attempt, member.matter), version=member.pack, project_id=desk.package.project_id,
        record=part.record(desk.record, desk.known), fill_in=part.later, uploads=list(_uploads(desk, member)),
    )  # fmt: skip
    member.case = matters.apply(actor, application)
    member.standing, member.held_by = Standing.APPLIED, None
    member.save(update_fields=["case", "standing", "held_by"])


def _uploads(desk: Desk, member: Member) -> Iterator[tuple[str, Document]]:
    for wanted in desk.union.materials:
        material = dict(wanted.uses).get(member.matter)
        if material:
            yield from ((material.key, document) for document in desk.files.get(wanted.key, ()))


@contextmanager
def _naming(desk: Desk, member: Member) -> Iterator[None]:
    """Refusals of a matter, with its name before them and their fields under the names of the one form."""
    try:
        yield
    except Refusal as error:
        name = desk.matter(member).short
        says = message("%(matter)s: %(why)s", matter=forms.Text(name.zh, name.en), why=error.says)
        kind = Conflict if error.status == Conflict.status else Refusal
        raise kind(says, dict(desk.named(member, error.fields))) from error


# --- what follows


def follow(package_id: UUID) -> None:
    """Let what was decided have its consequences: apply for what waited, drop what cannot come, end the package.

    It looks at how things stand, so doing it again changes nothing.
    """
    with transaction.atomic():
        package = Package.objects.select_for_update().get(pk=package_id)
        if package.submitted_at is None or package.ended_at is not None:
            return
        desk = desk_of(package)
        while _one_step(desk):
            pass
        if all(_is_settled(member) for member in desk.taking_part):
            _end(desk)


@dataclass(frozen=True, slots=True)
class ApplyAgain:
    """Apply once more for a matter that could not be applied for when its turn came."""

    command_id: UUID
    package_id: UUID
    matter: str


@action
def apply_again(actor: Actor, command: ApplyAgain) -> Submitted:
    """Apply for a matter that was held.

    Raises:
        NotFound: it is not held, or not the actor's.
        Refusal: it is still refused, and why.
    """
    package = (
        Package.objects.select_for_update().filter(pk=command.package_id, applicant_id=actor.organisation_id).first()
    )
    desk = desk_of(package) if package and actor.is_enterprise else None
    member = desk.members.get(command.matter) if desk else None
    if desk is None or member is None or member.standing != Standing.HELD:
        raise NotFound
    with _naming(desk, member):
        _apply(actor, desk, member, command.command_id)
    _note(facts.APPLIED, desk, member, {"case": member.case.number if member.case else None})
    return Submitted(str(desk.package.id), desk.package.number or "")


def _one_step(desk: Desk) -> bool:
    """Move the first waiting matter that can move; whether one could."""
    for member in desk.taking_part:
        if member.standing != Standing.WAITING or not (after := desk.after(member)):
            continue
        step, because = follows({other: _result(desk.members[other]) for other in after})
        if step == DROP:
            _drop(desk, member, because)
            return True
        if step == APPLY:
            _take_turn(desk, member)
            return True
    return False


def _result(member: Member) -> str:
    if member.standing == Standing.CANCELLED:
        return AGAINST
    case = member.case
    if case is None:
        return OPEN
    if case.decision == Status.COMPLETED and case.status != Status.WITHDRAWN:
        return FOR
    return AGAINST if case.ended_at or case.decided_on else OPEN


def _drop(desk: Desk, member: Member, because: str) -> None:
    member.standing, member.because = Standing.CANCELLED, because
    member.save(update_fields=["standing", "because"])
    _note(facts.DROPPED, desk, member, {"because": because})
    says = message(
        "%(matter)s of your package %(number)s is not applied for: %(other)s was not decided in favour.",
        matter=desk.matter(member).short.zh, number=desk.package.number, other=desk.matter(desk.members[because]).short.zh,
    )  # fmt: skip
    _tell(desk, member, says)


def _take_turn(desk: Desk, member: Member) -> None:
    """Apply for a matter whose turn has come, in the name of the person who submitted the package."""
    assert desk.package.submitted_by is not None
    try:
        with transaction.atomic():
            _apply(accounts.actor_by_id(desk.package.submitted_by), desk, member, uuid5(desk.package.id, "turn"))
    except Refusal as refusal:
        member.standing, member.case, member.held_by = Standing.HELD, None, _reason(desk, member, refusal)
        member.save(update_fields=["standing", "held_by"])
        _note(facts.HELD, desk, member, {"why": str(refusal.says)})
        says = message(
            "%(matter)s of your package %(number)s could not be applied for. Read why.",
            matter=desk.matter(member).short.zh, number=desk.package.number,
        )  # fmt: skip
        _tell(desk, member, says)
        return
    number = member.case.number if member.case else None
    _note(facts.APPLIED, desk, member, {"case": number})
    says = message(
        "%(matter)s of your package %(number)s was applied for: case %(case)s.",
        matter=desk.matter(member).short.zh, number=desk.package.number, case=number,
    )  # fmt: skip
    _tell(desk, member, says)


def _reason(desk: Desk, member: Member, refusal: Refusal) -> dict[str, str]:
    """Why a matter was refused, with the questions at fault, in both languages."""
    asked = [
        field for name in refusal.fields if (field := desk.part(member).form.field(name.split("-", maxsplit=1)[0]))
    ]
    spoken = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            titles = [str(field.title) for field in asked]
            spoken[key] = " ".join([say(refusal.says), pgettext("between answers", ", ").join(titles)]).strip()
    return spoken


def _is_settled(member: Member) -> bool:
    return member.standing == Standing.CANCELLED or bool(
        member.case and (member.case.decided_on or member.case.ended_at)
    )


def _end(desk: Desk) -> None:
    """Everything is decided: say what it took, where every matter that takes part was decided."""
    package, saved = desk.package, queries.saving_of(desk.package, desk.taking_part)
    package.ended_at = clock.now()
    data: dict[str, Any] = {"number": package.number, "key": package.key}
    if saved and all(member.case and member.case.decided_on for member in desk.taking_part):
        package.serial_days, package.parallel_days = saved.serial, saved.parallel
        data |= {"serial_days": saved.serial, "parallel_days": saved.parallel}
    package.save(update_fields=["ended_at", "serial_days", "parallel_days"])
    record(facts.ENDED, _subject(package), SYSTEM, data)


def _note(kind: Kind, desk: Desk, member: Member, data: Mapping[str, Any]) -> None:
    record(kind, _subject(desk.package), SYSTEM, {"number": desk.package.number, "matter": member.matter, **data})


def _tell(desk: Desk, member: Member, says: Message) -> None:
    package = desk.package
    notices.send(
        Recipient(organisation_id=package.applicant_id), says, f"/e/packages/{package.id}/",
        f"package:{member.id}:{member.standing}",
    )  # fmt: skip


def _subject(package: Package) -> Subject:
    return Subject(SUBJECT, package.id, package.region)
