"""What becomes of a permit: its terms change, construction is suspended and resumed, works are completed, the permit ends.

Every act is part of the deciding transaction of a case, which has checked the permission.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from jianguan.kernel.messages import message
from jianguan.platform.errors import Conflict
from jianguan.platform.journal.service import SYSTEM, Kind, record
from jianguan.registry.projects import facts
from jianguan.registry.projects.actions import UNDER_CONSTRUCTION, lock_works, subject, under_permit
from jianguan.registry.projects.models import (
    FormerTerms,
    Participation,
    PermittedWorks,
    PermittedWorksItem,
    Project,
    Suspension,
)

STOPPED, FILED = "7", "9"  # dictionary project_stage


@dataclass(frozen=True, slots=True)
class ChangePermit:
    """What a permit says from a day on.

    Attributes:
        works_ids: the single works it allows; None leaves them as they are.
        units: role, credit code and name; a role that is not named stays as it is.
        planned_start, planned_finish: None leaves them as they are.
    """

    permit_number: str
    name: str
    contract_price: Decimal
    planned_start: date | None
    planned_finish: date | None
    works_ids: Sequence[UUID] | None
    units: Sequence[tuple[str, str, str]]
    day: date
    case_id: UUID


def change_permit(change: ChangePermit) -> None:
    """Let a permit say something else from a day on; what it said before stays beside it.

    Raises:
        Conflict: it has ended, or works it is to allow are under another permit.
    """
    permitted = _in_force(change.permit_number)
    terms = {
        "name": change.name, "contract_price": change.contract_price,
        "planned_start": change.planned_start or permitted.planned_start,
        "planned_finish": change.planned_finish or permitted.planned_finish,
    }  # fmt: skip
    former = {name: getattr(permitted, name) for name in terms}
    changed = {name: value for name, value in terms.items() if value != former[name]}
    if changed:
        FormerTerms.objects.create(permitted_works=permitted, until=change.day, case_id=change.case_id, **former)
        PermittedWorks.objects.filter(pk=permitted.pk).update(**terms)
    works = _change_works(permitted, change)
    units = _change_units(permitted, change)
    _note(facts.PERMIT_CHANGED, permitted, change.case_id, terms=sorted(changed), works=works, units=units)


def _change_works(permitted: PermittedWorks, change: ChangePermit) -> list[str]:
    """The single works under the permit; returns the codes of those that come or go."""
    if change.works_ids is None:
        return []
    items = permitted.items.filter(valid_until=None)
    allowed = set(items.values_list("works_id", flat=True))
    wanted = set(change.works_ids)
    works = lock_works([*(allowed ^ wanted)])
    if taken := under_permit([*(wanted - allowed)]):
        raise Conflict(taken)
    items.filter(works__in=allowed - wanted).update(valid_until=change.day)
    coming = [one for one in works if one.pk in wanted]
    PermittedWorksItem.objects.bulk_create(
        [PermittedWorksItem(permitted_works=permitted, works=one, valid_from=change.day) for one in coming]
    )
    return [one.code for one in works]


def _change_units(permitted: PermittedWorks, change: ChangePermit) -> list[str]:
    """Who takes part; returns the credit codes of those that come or go. The people of who goes are free."""
    roles = {role for role, _, _ in change.units}
    present = permitted.participations.filter(valid_until=None, role__in=roles)
    standing = set(present.values_list("role", "enterprise_uscc", "enterprise_name"))
    wanted = set(change.units)
    for role, uscc, name in standing - wanted:
        gone = present.filter(role=role, enterprise_uscc=uscc, enterprise_name=name)
        gone.update(valid_until=change.day)
    Participation.objects.bulk_create(
        [
            Participation(
                project_id=permitted.project_id, permitted_works=permitted, role=role, enterprise_uscc=uscc,
                enterprise_name=name, valid_from=change.day, case_id=change.case_id,
            )
            for role, uscc, name in sorted(wanted - standing)
        ]
    )  # fmt: skip
    here = permitted.participations.filter(valid_until=None).values("enterprise_uscc")
    left = {uscc for _, uscc, _ in standing - wanted}
    posts = permitted.key_posts.filter(valid_until=None, enterprise_uscc__in=left)
    posts.exclude(enterprise_uscc__in=here).update(valid_until=change.day)
    return sorted({uscc for _, uscc, _ in standing ^ wanted})


def suspend(permit_number: str, suspended_on: date, cause: str, case_id: UUID) -> None:
    """Record that construction under a permit is suspended since a day.

    Raises:
        Conflict: the permit has ended, or construction is suspended already.
    """
    permitted = _in_force(permit_number)
    if since := permitted.suspended_since:
        raise Conflict(message("Construction under this permit is suspended since %(day)s already.", day=since))
    Suspension.objects.create(permitted_works=permitted, suspended_on=suspended_on, cause=cause, case_id=case_id)
    _let_stage_follow(permitted.project_id)
    _note(facts.WORKS_SUSPENDED, permitted, case_id, since=suspended_on)


def resume(permit_number: str, suspended_on: date, resumed_on: date, case_id: UUID) -> None:
    """Record that construction goes on from a day; a suspension nobody reported is entered as it is told now.

    Raises:
        Conflict: the permit has ended.
    """
    permitted = _in_force(permit_number)
    ended = {"resumed_on": resumed_on, "resumed_by": case_id}
    if not permitted.suspensions.filter(resumed_on=None).update(**ended):
        Suspension.objects.create(permitted_works=permitted, suspended_on=suspended_on, case_id=case_id, **ended)
    _let_stage_follow(permitted.project_id)
    _note(facts.WORKS_RESUMED, permitted, case_id, on=resumed_on)


def complete(project_id: UUID, works_ids: Collection[UUID], day: date, case_id: UUID) -> None:
    """Record that works passed completion acceptance on a day, and its filing 竣工验收备案.

    They are under their permit no longer. Where it allows no others, it is completed: key people are free, and the
    works count in the track record of who took part. Works that were merged count with those they came from.
    """
    assert connection.in_atomic_block
    works = lock_works([*works_ids])
    built = {one.pk for one in works} | {ancestor for one in works for ancestor in one.ancestors}
    items = PermittedWorksItem.objects.filter(works__in=built, valid_until=None)
    permits = PermittedWorks.objects.select_for_update().filter(project=project_id, items__in=items).order_by("pk")
    affected = list({one.pk: one for one in permits}.values())
    items.update(valid_until=day)
    for permitted in affected:
        whole = not permitted.items.filter(valid_until=None).exists()
        if whole:
            _complete(permitted, day, case_id)
        done = [one.code for one in works]
        _note(facts.WORKS_COMPLETED, permitted, case_id, on=day, works=done, whole=whole)
    if affected:
        _let_stage_follow(project_id)


def _complete(permitted: PermittedWorks, day: date, case_id: UUID) -> None:
    PermittedWorks.objects.filter(pk=permitted.pk).update(completed_on=day)
    permitted.suspensions.filter(resumed_on=None).update(resumed_on=day, resumed_by=case_id)
    permitted.key_posts.filter(valid_until=None).update(valid_until=day)
    permitted.participations.filter(valid_until=None).update(valid_until=day)


def end_permit(permit_number: str, day: date, case_id: UUID) -> None:
    """End what a permit allows: its works are free for another one, its people for other projects.

    Part of the deciding transaction of the case, which has checked the permission. Repeating it changes nothing.
    """
    assert connection.in_atomic_block
    permitted = PermittedWorks.objects.select_for_update().filter(permit_number=permit_number, ended_on=None).first()
    if permitted is None:
        return
    PermittedWorks.objects.filter(pk=permitted.pk).update(ended_on=day)
    permitted.items.filter(valid_until=None).update(valid_until=day)
    permitted.participations.filter(valid_until=None).update(valid_until=day)
    permitted.key_posts.filter(valid_until=None).update(valid_until=day)
    record(facts.PERMIT_ENDED, subject(permitted.project), SYSTEM, {"number": permit_number, "case": case_id})


@dataclass(frozen=True, slots=True)
class ChangeKeyPerson:
    """That somebody else holds a key post under a permit from a day on."""

    permit_number: str
    post: str
    enterprise_uscc: str
    leaving: UUID
    coming: tuple[UUID, str]
    day: date
    case_id: UUID


def change_key_person(change: ChangeKeyPerson) -> None:
    """Unlock one person from a key post and lock another to it.

    Raises:
        Conflict: the person does not hold that post there any more.
    """
    assert connection.in_atomic_block
    permitted = PermittedWorks.objects.select_for_update().get(permit_number=change.permit_number)
    held = permitted.key_posts.filter(role=change.post, person_id=change.leaving, valid_until=None)
    if not held.update(valid_until=change.day):
        raise Conflict(message("The person to be replaced does not hold this post under this permit any more."))
    person_id, name = change.coming
    permitted.key_posts.create(
        project_id=permitted.project_id, role=change.post, person_id=person_id, person_name=name,
        enterprise_uscc=change.enterprise_uscc, valid_from=change.day, case_id=change.case_id,
    )  # fmt: skip
    data = {"permit": change.permit_number, "post": change.post, "leaving": change.leaving, "coming": person_id}
    record(facts.KEY_PERSON_CHANGED, subject(permitted.project), SYSTEM, data | {"case": change.case_id})


def _in_force(permit_number: str) -> PermittedWorks:
    """The works of a permit, locked."""
    assert connection.in_atomic_block
    of_permit = Project.objects.filter(permitted_works__permit_number=permit_number)
    list(of_permit.select_for_update(no_key=True).values_list("pk"))  # first, as in every act on the tree
    rows = PermittedWorks.objects.select_for_update(of=("self",)).select_related("project")
    permitted = rows.filter(permit_number=permit_number, ended_on=None, completed_on=None).first()
    if permitted is None:
        raise Conflict(message("The works of permit %(number)s are completed, or it has ended.", number=permit_number))
    return permitted


def _let_stage_follow(project_id: UUID) -> None:
    """The stage of the project as its permits in force tell it: building, stopped where all are suspended, or filed."""
    going_on = PermittedWorks.objects.filter(project=project_id, ended_on=None, completed_on=None)
    suspended = Suspension.objects.filter(permitted_works=OuterRef("pk"), resumed_on=None)
    building = going_on.filter(~Exists(suspended)).exists()
    stage = UNDER_CONSTRUCTION if building else STOPPED if going_on.exists() else FILED
    Project.objects.filter(pk=project_id).update(stage=stage)


def _note(kind: Kind, permitted: PermittedWorks, case_id: UUID, **data: Any) -> None:
    record(kind, subject(permitted.project), SYSTEM, {"number": permitted.permit_number, "case": case_id, **data})
