"""Acts on supervision files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count

from jianguan.kernel.messages import message
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Account, Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal.service import SYSTEM, Subject, record
from jianguan.platform.notices import service as notices
from jianguan.platform.notices.service import Recipient
from jianguan.platform.numbering.service import next_in
from jianguan.sites.oversight import facts
from jianguan.sites.oversight.models import Assignment, SupervisionFile
from jianguan.sites.oversight.rules import SPECIALITIES, least_loaded


@dataclass(frozen=True, slots=True)
class OpenFile:
    """What a permit says about the works to be supervised.

    Attributes:
        chosen: supervisors named in the review of the application, by speciality.
    """

    case_id: UUID
    project_id: UUID
    permit_number: str
    works_name: str
    owner_name: str
    region: str
    chosen: dict[str, Sequence[UUID]]


def open_file(command: OpenFile) -> SupervisionFile:
    """Open the supervision file of a permit and bind its supervisors; opening it again changes nothing.

    Supervisors are those named in the review; where none was named, the one with the fewest files of those who hold the
    role there. A place without supervisors gets a file without them, which its station head sees.
    """
    assert connection.in_atomic_block
    known = SupervisionFile.objects.filter(case_id=command.case_id).first()
    if known:
        return known
    at = clock.now()
    division, year = command.region[:6], clock.legal_day(at).year
    file = SupervisionFile.objects.create(
        case_id=command.case_id, project_id=command.project_id, permit_number=command.permit_number,
        works_name=command.works_name, owner_name=command.owner_name, region=command.region, opened_at=at,
        quality_number=f"ZJ{division}{year}{next_in(f'quality:{division}:{year}'):04d}",
        safety_number=f"AJ{division}{year}{next_in(f'safety:{division}:{year}'):04d}",
    )  # fmt: skip
    bound = {s: [str(i) for i in _bind(file, s, command.chosen.get(s, ()))] for s in SPECIALITIES}
    data = {
        "permit": command.permit_number, "quality_number": file.quality_number, "safety_number": file.safety_number,
        "supervisors": bound,
    }  # fmt: skip
    record(facts.FILE_OPENED, subject(file), SYSTEM, data)
    return file


def _bind(file: SupervisionFile, speciality: str, chosen: Sequence[UUID]) -> list[UUID]:
    eligible = {account.id: account for account in accounts.holders(SPECIALITIES[speciality], file.region)}
    named = [account_id for account_id in chosen if account_id in eligible]
    if not named and (lightest := least_loaded(list(eligible), _load(list(eligible)))):
        named = [lightest]
    for account_id in named:
        _assign(file, speciality, account_id, eligible[account_id].name, "")
    return named


def _load(account_ids: list[UUID]) -> dict[UUID, int]:
    open_now = Assignment.objects.filter(account_id__in=account_ids, valid_until=None, file__status="open")
    return dict(open_now.values_list("account_id").annotate(files=Count("id")).order_by())


def _assign(file: SupervisionFile, speciality: str, account_id: UUID, name: str, reason: str) -> Assignment:
    assignment = Assignment.objects.create(
        file=file, speciality=speciality, account_id=account_id, name=name, valid_from=clock.now(), reason=reason
    )
    says = message(
        "You supervise %(works)s (permit %(number)s) from now on.", works=file.works_name, number=file.permit_number
    )
    notices.send(Recipient(account_id=account_id), says, f"/g/supervision/{file.id}/", f"assignment:{assignment.id}")
    return assignment


@dataclass(frozen=True, slots=True)
class ChangeSupervisor:
    """Hand a file over from one supervisor to another."""

    command_id: UUID
    assignment_id: UUID
    successor_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The file whose supervisor changed."""

    id: str


@action
def change_supervisor(actor: Actor, command: ChangeSupervisor) -> Changed:
    """Hand a file over: the rights on the project move at this instant, the history stays.

    Raises:
        Forbidden: the actor does not assign supervisors there.
        Conflict: the binding has ended already.
        Refusal: the successor does not hold the role there, or no reason was given.
    """
    assignment = Assignment.objects.select_for_update().select_related("file").filter(pk=command.assignment_id).first()
    if assignment is None:
        raise NotFound
    file = assignment.file
    if not actor.may("oversight.assign", file.region):
        raise Forbidden(message("You may not assign supervisors here."))
    if assignment.valid_until is not None:
        raise Conflict(message("This supervisor was already replaced."))
    successor, reason = _chosen(file, assignment.speciality, command.successor_id), _said(command.reason)
    if file.assignments.filter(
        speciality=assignment.speciality, account_id=successor.id, valid_until=None
    ).exists():  # the same person, or another supervisor of the file
        says = message("%(name)s supervises this file already.", name=successor.name)
        raise Conflict(says, {"successor": says})
    Assignment.objects.filter(pk=assignment.pk).update(valid_until=clock.now())
    _assign(file, assignment.speciality, successor.id, successor.name, reason)
    data = {
        "speciality": assignment.speciality,
        "from": assignment.account_id,
        "to": successor.id,
        "reason": reason,
    }
    record(facts.SUPERVISOR_CHANGED, subject(file), actor, data)
    return Changed(str(file.id))


@dataclass(frozen=True, slots=True)
class AssignSupervisor:
    """Bind a supervisor to a file that has none of a speciality."""

    command_id: UUID
    file_id: UUID
    speciality: str
    account_id: UUID
    reason: str


@action
def assign_supervisor(actor: Actor, command: AssignSupervisor) -> Changed:
    """Bind a supervisor where nobody is bound: the place had none when the permit was issued.

    Raises:
        Forbidden: the actor does not assign supervisors there.
        Conflict: somebody is bound already; then the supervisor is changed instead.
        Refusal: the person does not hold the role there, or no reason was given.
    """
    file = SupervisionFile.objects.select_for_update().filter(pk=command.file_id).first()
    if file is None or command.speciality not in SPECIALITIES:
        raise NotFound
    if not actor.may("oversight.assign", file.region):
        raise Forbidden(message("You may not assign supervisors here."))
    if file.assignments.filter(speciality=command.speciality, valid_until=None).exists():
        raise Conflict(message("A supervisor of this speciality is bound to the file already."))
    chosen, reason = _chosen(file, command.speciality, command.account_id), _said(command.reason)
    _assign(file, command.speciality, chosen.id, chosen.name, reason)
    data = {"speciality": command.speciality, "from": None, "to": chosen.id, "reason": reason}
    record(facts.SUPERVISOR_CHANGED, subject(file), actor, data)
    return Changed(str(file.id))


def _chosen(file: SupervisionFile, speciality: str, account_id: UUID) -> Account:
    found = accounts.holders(SPECIALITIES[speciality], file.region).filter(pk=account_id).first()
    if found is None:
        says = message("Choose another supervisor of this speciality who is competent here.")
        raise Refusal(says, {"successor": says})
    return found


def _said(reason: str) -> str:
    if not reason.strip():
        says = message("Say why the supervisor changes.")
        raise Refusal(says, {"reason": says})
    return reason.strip()


def subject(file: SupervisionFile) -> Subject:
    """The file as a journal subject."""
    return Subject("supervision", file.id, file.region)
