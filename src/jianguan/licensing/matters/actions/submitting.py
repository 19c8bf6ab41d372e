"""Submitting an application, and submitting its correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jianguan.kernel.messages import Message, message
from jianguan.kernel.process import Transition
from jianguan.kernel.transparency.canonical import digest
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import facts, materials, moving, packs, promising, twins
from jianguan.licensing.matters.actions.drafting import editable
from jianguan.licensing.matters.competence import APPLICANT
from jianguan.licensing.matters.models import Act, Case, CorrectionNotice, Draft, Submission
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.prefill import known_of
from jianguan.licensing.matters.statuses import ENDED, Status
from jianguan.licensing.process import service as process
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict, Refusal, Stale
from jianguan.platform.journal.service import Subject, record
from jianguan.platform.numbering.service import next_in
from jianguan.registry.projects import service as projects


@dataclass(frozen=True, slots=True)
class Submit:
    """Submit the draft of a case as it was last saved."""

    command_id: UUID
    case_id: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class Submitted:
    """The case and its number 办件编号."""

    id: str
    number: str


@action
def submit(actor: Actor, command: Submit) -> Submitted:
    """Submit an application, or the correction that was asked for.

    Raises:
        Stale: the draft was changed in another window after this page was opened.
        Refusal: answers or documents are missing or wrong; all of them are named, the draft stays as it is.
        Conflict: works applied for have a permit or another open application.
    """
    process.hold(command.case_id)  # the lock of a case is its process, where it has one; everything else comes after
    case = editable(actor, command.case_id, lock=True)
    draft = Draft.objects.select_for_update().get(case=case)
    if draft.revision != command.revision:
        raise Stale(message("This application was changed in another window. Reload the page and check it again."))
    pack = packs.of_version(case.pack)
    answers = forms.open_record(pack.form, draft.record)
    promising.refuse_unsound(case, pack)
    _refuse_incomplete(case, pack, answers)
    if twins.for_works(pack):
        _refuse_same_works(case, answers)
    else:
        _refuse_same_object(case, pack, answers)
    submission = _keep_submission(case, draft, actor)
    case.title = str(answers.get(pack.matter.subject.title) or case.title)
    if case.status == Status.DRAFT:
        return _first(case, pack, answers, actor, submission)
    return _corrected(case, pack, actor, submission)


def _first(case: Case, pack: Pack, answers: Mapping[str, Any], actor: Actor, submission: Submission) -> Submitted:
    at = clock.now()
    day = clock.legal_day(at)
    case.region = str(answers.get(pack.matter.subject.region) or case.region)
    case.number = f"{pack.matter.number_prefix}{day:%Y%m%d}{next_in(f'case:{pack.matter.number_prefix}:{day}'):04d}"
    case.submitted_at = at
    case.save(update_fields=["number", "region", "submitted_at", "title", "object_key"])
    _note(case, actor, "submit")
    promising.sign(actor, case, pack)
    moving.begin(case, actor.id, answers)
    record(facts.SUBMITTED, subject(case), actor, _said(case, submission), documents=_hashes(submission))
    return Submitted(str(case.id), case.number)


def _corrected(case: Case, pack: Pack, actor: Actor, submission: Submission) -> Submitted:
    item = next((i for i in process.items_of(case.id) if i.state == "open" and i.role == APPLICANT), None)
    if item is None:
        raise Stale(moving.already_done())
    case.save(update_fields=["title", "object_key"])
    _note(case, actor, item.node)
    promising.sign(actor, case, pack)
    version = case.submissions.latest("version").version
    answered = {"answered_at": clock.now(), "answered_version": version}
    CorrectionNotice.objects.filter(case=case, answered_at=None).update(**answered)

    def finish(transition: Transition) -> Any:
        return transition.complete(item.id, "submit")

    moving.move(case, finish, actor.id, "submit")
    record(facts.CORRECTED, subject(case), actor, _said(case, submission), documents=_hashes(submission))
    return Submitted(str(case.id), case.number or "")


def _refuse_incomplete(case: Case, pack: Pack, answers: Mapping[str, Any]) -> None:
    problems = forms.errors(pack.form, answers, known_of(case))
    wrong: dict[str, Message] = {name: problem.says for name, problem in problems.items()}
    wrong |= materials.missing(case, pack, answers)
    if wrong:
        raise Refusal(
            message("The application is not complete: %(count)s places need your attention.", count=len(wrong)), wrong
        )


def _refuse_same_works(case: Case, answers: Mapping[str, Any]) -> None:
    """One permit and one open application for the same works (同一单体同一时点一张有效许可)."""
    works_ids = [UUID(works_id) for works_id in answers.get("works_ids") or []]
    works = projects.lock_works(works_ids)
    if taken := projects.no_longer_standing(works) or projects.under_permit(works_ids):
        raise Conflict(taken)
    others = Case.objects.filter(project_id=case.project_id, matter=case.matter).exclude(pk=case.pk)
    for other in others.exclude(status__in=[*ENDED, Status.DRAFT]):
        newest = Submission.objects.filter(case=other).order_by("-version").first()
        applied = set((newest.record if newest else {}).get("works_ids") or [])
        if applied & {str(works_id) for works_id in works_ids}:
            raise Conflict(twins.still_open(other))


def _refuse_same_object(case: Case, pack: Pack, answers: Mapping[str, Any]) -> None:
    """One open application for the same thing; permits have a rule of their own. The database holds it too."""
    case.object_key = twins.key_of(case, pack, answers)
    same = Case.objects.select_for_update(of=("self",)).filter(object_key=case.object_key, ended_at=None)
    if other := same.exclude(pk=case.pk).first():
        raise Conflict(twins.still_open(other))


def _keep_submission(case: Case, draft: Draft, actor: Actor) -> Submission:
    attached = documents.of_subject("case", case.id)
    last = Submission.objects.filter(case=case).order_by("-version").values_list("version", flat=True).first() or 0
    return Submission.objects.create(
        case=case, version=last + 1, record=draft.record, digest=digest(draft.record).hex(), submitted_by=actor.id,
        documents=[{"id": str(d.id), "slot": d.slot, "name": d.filename, "sha256": d.blob_id} for d in attached],
        submitted_at=clock.now(),
    )  # fmt: skip


def _note(case: Case, actor: Actor, node: str) -> None:
    Act.objects.create(case=case, node=node, stage="submission", outcome="submit", actor_id=actor.id, at=clock.now())


def _said(case: Case, submission: Submission) -> dict[str, Any]:
    return {
        "number": case.number,
        "matter": case.matter,
        "pack": case.pack.digest,
        "version": submission.version,
        "form": submission.digest,
    }


def _hashes(submission: Submission) -> Sequence[str]:
    return [document["sha256"] for document in submission.documents]


def subject(case: Case) -> Subject:
    """The case as a journal subject."""
    return Subject("case", case.id, case.region)
