"""Drafts: opening one, saving what is typed, adding and removing documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from jianguan.kernel.messages import message
from jianguan.licensing.certificates.service import Certificate
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import naming, packs, promising, queries
from jianguan.licensing.matters.models import Case, Draft
from jianguan.licensing.matters.pack import Matter
from jianguan.licensing.matters.prefill import known_of
from jianguan.licensing.matters.statuses import Status
from jianguan.licensing.promises import service as promises
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal, Stale
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.service import Project

EDITABLE = frozenset({Status.DRAFT, Status.CORRECTION})
DOCUMENTS_PER_SLOT = 20
NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Opened:
    """The case an act made or changed."""

    id: str


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """Begin an application, for a project or about a certificate where the matter wants one.

    `version_id` is the version it was written under already, as part of a package; otherwise the one in force counts.
    `proof` is that of `naming.named`, where the certificate is not held by the enterprise that applies.
    """

    command_id: UUID
    matter: str
    project_id: UUID | None = None
    certificate_id: UUID | None = None
    version_id: UUID | None = None
    proof: str = ""


@action
def open_draft(actor: Actor, command: OpenDraft) -> Opened:
    """Begin an application, with everything the libraries know already filled in.

    Raises:
        Forbidden: the actor does not act for an enterprise, or what is applied for is not that enterprise's.
    """
    if not actor.is_enterprise or not actor.may("case.apply"):
        raise Forbidden(message("Your account may not apply for this matter."))
    version = packs.pinned(command.version_id) if command.version_id else packs.current(command.matter, clock.today())
    pack = packs.of_version(version)
    about = _about(actor, pack.matter, command)
    at = clock.now()
    case = Case.objects.create(
        pack=version, matter=pack.matter.key, region=about.region, applicant_id=actor.organisation_id,
        applicant_name=actor.organisation_name, created_by=actor.id, title=about.title, created_at=at,
        project_id=about.project.id if about.project else None,
        certificate_id=about.certificate.id if about.certificate else None,
    )  # fmt: skip
    record = forms.start(pack.form, known_of(case))
    Draft.objects.create(case=case, record=forms.seal(pack.form, record), saved_at=at)
    return Opened(str(case.id))


@dataclass(frozen=True, slots=True)
class _About:
    """What an application is about, and the place whose authority decides it."""

    region: str
    title: str
    project: Project | None = None
    certificate: Certificate | None = None


def _about(actor: Actor, matter: Matter, command: OpenDraft) -> _About:
    """What the application is about, if the enterprise may apply for it."""
    subject = matter.subject
    if subject.kind == "certificate":
        chosen = command.certificate_id or NO_ID
        held = queries.held_certificates(actor, subject.certificates).filter(pk=chosen).first()
        if held is None and subject.by == naming.NUMBER and command.proof:
            held = naming.proven(actor, chosen, command.proof)
        if held is None:
            raise Forbidden(message("Choose a valid certificate that your enterprise holds."))
        return _About(held.region, held.subject_name, _project(held.project_id), held)
    if subject.kind == "project":
        found = projects.applicable(actor.uscc or "", subject.by).filter(pk=command.project_id or NO_ID).first()
        if found is None:
            raise Forbidden(message("Choose a project that your enterprise owns or takes part in."))
        return _About(_deciding(matter, found.region), found.name, found)
    return _About(_deciding(matter, actor.region), actor.organisation_name)


def _project(project_id: UUID | None) -> Project | None:
    return projects.by_id(project_id) if project_id else None


def _deciding(matter: Matter, region: str) -> str:
    return f"{region[:2]}0000" if matter.level == "province" else region


def save_draft(actor: Actor, case_id: UUID, record: Mapping[str, Any], revision: int, window: str = "") -> int:
    """Keep what is typed; returns the new revision.

    No command id: saving the same again changes nothing. `revision` is the one the page was opened with and `window` a
    token of that page: two pages cannot overwrite each other, while one page may save again and again.

    Raises:
        Stale: the draft was saved in another window since this page was opened; the page keeps what was typed.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(case=case_id).first()  # submitting holds it to its end
        case = editable(actor, case_id)
        assert draft is not None
        if draft.revision != revision and not (window and draft.window == window):
            raise Stale(
                message(
                    "This application was changed in another window. Reload the page to see it; what you typed here is not saved."
                )
            )
        pack = packs.of_version(case.pack)
        draft.record = forms.seal(pack.form, record)
        draft.revision, draft.window, draft.saved_at = draft.revision + 1, window, clock.now()
        draft.save()
    return draft.revision


def choose_way(actor: Actor, case_id: UUID, *, promised: bool, confirmed: Sequence[str] = (), signer: str = "") -> None:
    """Keep whether an application is made by promise 告知承诺, what of it is confirmed, and who signs.

    Raises:
        Refusal: nothing may be promised in this matter.
    """
    with transaction.atomic():
        case = editable(actor, case_id)
        if packs.of_version(case.pack).matter.promise is None:
            raise Refusal(message("Nothing may be promised in this matter."))
        promises.keep_way(promising.application_of(case), promised=promised, confirmed=confirmed, signer=signer)


def attach(actor: Actor, case_id: UUID, slot: str, filename: str, data: bytes) -> documents.Document:
    """Add a document to a draft.

    Raises:
        Refusal: the matter does not ask for it, or the file is not acceptable; nothing is kept then.
    """
    with transaction.atomic():
        case = editable(actor, case_id)
        material = next((m for m in packs.of_version(case.pack).matter.materials if m.key == slot), None)
        if material is None:
            raise Refusal(message("This matter does not ask for such a document."))
        if documents.of_subject("case", case.id).filter(slot=slot).count() >= DOCUMENTS_PER_SLOT:
            raise Refusal(message("At most %(count)s files are accepted here.", count=DOCUMENTS_PER_SLOT))
        return documents.attach_upload(data, filename, ("case", case.id), slot, actor.id)


def detach(actor: Actor, case_id: UUID, document_id: UUID) -> None:
    """Take a document off a draft."""
    with transaction.atomic():
        case = editable(actor, case_id)
        if not documents.remove(document_id, ("case", case.id)):
            raise NotFound


def editable(actor: Actor, case_id: UUID, *, lock: bool = False) -> Case:
    """The case, if the actor may edit its form now; its row locked, where the caller wants to change it.

    Raises:
        NotFound: no such case of the actor's enterprise.
        Conflict: it was submitted and no correction is asked for.
    """
    rows = Case.objects.with_pack().filter(pk=case_id, applicant_id=actor.organisation_id)
    case = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if case is None or not actor.is_enterprise:
        raise NotFound
    if case.status not in EDITABLE:
        raise Conflict(message("This application was submitted and cannot be edited."))
    return case
