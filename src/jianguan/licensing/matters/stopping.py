"""Stopping the legal clock of a case for what the law does not count 不计入期限, and letting it run again.

The process stops the clock by itself while the applicant corrects; this is for hearings, surveys and the like, which
happen beside the process. Whoever calls opens the transaction, locks the case here first, and journals why.
"""

from __future__ import annotations

from uuid import UUID

from jianguan.kernel.messages import message
from jianguan.licensing.matters import moving, packs, promising
from jianguan.licensing.matters.models import Case, ClockStop
from jianguan.licensing.matters.rules import due_day
from jianguan.licensing.process import service as process
from jianguan.platform import clock
from jianguan.platform.errors import Conflict, NotFound
from jianguan.platform.workdays import service as workdays


def locked(case_id: UUID) -> Case:
    """A submitted case, locked by its process until the transaction ends."""
    if not process.hold(case_id):
        raise NotFound
    return Case.objects.with_pack().get(pk=case_id)


def stop_clock(case: Case, reason: str) -> int:
    """Let the clock of a locked case stand still from today on; returns the stop.

    Raises:
        Conflict: the case is decided.
    """
    if case.decided_on or case.ended_at:
        raise Conflict(message("This case is decided: its clock does not run any more."))
    stop = ClockStop.objects.create(case=case, reason=reason, first_day=clock.today())
    _set_due(case)
    return int(stop.pk)


def run_clock(case: Case, stop_id: int) -> None:
    """End a stop of a locked case today: counting goes on the day after."""
    ClockStop.objects.filter(pk=stop_id, case=case, last_day=None).update(last_day=clock.today())
    if not case.decided_on and not case.ended_at:
        _set_due(case)


def _set_due(case: Case) -> None:
    course, calendar = moving.course_of(case), workdays.calendar()
    pack = packs.of_version(case.pack)
    matter = pack.matter
    case.due_on = due_day(course, matter.clock, promising.limit_of(case, pack), calendar)
    case.statutory_due_on = due_day(course, matter.clock, matter.statutory, calendar)
    case.save(update_fields=["due_on", "statutory_due_on"])
    process.set_due([case.id], case.due_on)
