"""Where a case stands, for people: main steps, the picture of the process, how urgent it is, the clock day by day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from jianguan.kernel.clock import DayLine, Derivation, Unit, derive, explain, level
from jianguan.kernel.process import Dated, Net, Wording, draw, steps
from jianguan.kernel.process import Step as MainStep
from jianguan.licensing.matters import moving, packs, promising
from jianguan.licensing.matters.models import Case
from jianguan.licensing.matters.pack import MatterLimit, Pack
from jianguan.licensing.matters.rules import running_clock
from jianguan.licensing.matters.statuses import Status
from jianguan.licensing.process import service as process
from jianguan.platform import clock
from jianguan.platform.web.service import Step, moment
from jianguan.platform.workdays import service as workdays

_STATES = {"done": "done", "now": "now", "stopped": "now", "next": "todo"}


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a lamp shows: level and days left (or over), in working days where the promised limit is in working days."""

    level: str
    days: int = 0
    working: bool = False


def deadline(case: Case) -> Deadline | None:
    """How urgent a case is, from its row alone; None before it is submitted and after it is decided."""
    if case.submitted_at is None or case.decided_on or case.ended_at:
        return None
    matter = packs.of_version(case.pack).matter
    if case.due_on is None:
        begun = matter.clock == "receipt" or case.accepted_on or case.status == Status.CORRECTION
        return Deadline("stopped" if begun else "none")
    limit, today = matter.promised.limit, clock.today()
    working = limit.unit is Unit.WORKING
    days = days_between(min(today, case.due_on), max(today, case.due_on), working=working)
    if case.due_on < today:
        return Deadline("overdue", max(1, days), working)
    return Deadline(level(case.due_on, days, today).value, days, working)


def days_between(first: date, last: date, *, working: bool) -> int:
    """The days after one day up to another, as limits count them."""
    return workdays.calendar().count(first, last) if working else (last - first).days


def log_of(case: Case) -> list[Dated]:
    """What happened in the process of a case; empty for a draft."""
    return process.log_of(case.id)


def steps_of(case: Case, log: Sequence[Dated]) -> list[Step]:
    """The main steps of a case 办理环节, with the instant each was done."""
    return [_shown(step) for step in steps(packs.of_version(case.pack).net, log)]


def steps_of_pack(pack: Pack) -> list[Step]:
    """The main steps of a matter, none of them taken yet."""
    return [_shown(step) for step in steps(pack.net, [])]


def _shown(step: MainStep) -> Step:
    note = {"now": gettext("in progress"), "stopped": gettext("clock stopped"), "next": ""}.get(step.state.value)
    if note is None:
        note = moment(step.at) if step.at else ""
    return Step(wording().name(step), _STATES[step.state.value], note)  # type: ignore[arg-type]  # the three of Step


def picture_of(net: Net, log: Sequence[Dated], faulty: Collection[str] = frozenset()) -> SafeString:
    """The process as a drawing with the way a case took; with an empty log the process as such. `faulty` is marked."""
    return mark_safe(draw(net, log, wording(), faulty=faulty))  # noqa: S308 - made by the kernel, which escapes every text of the file


def wording() -> Wording:
    """How the kernel writes texts for the reader of this request."""
    return Wording("en" if get_language() == "en" else "zh", gettext, moment)


def node_name(pack: Pack, node_id: str) -> str:
    """Name of a step of the process in the reader's language."""
    return wording().name(pack.net.nodes[node_id])


@dataclass(frozen=True, slots=True)
class ClockStory:
    """A limit of a case, where its clock stands (or stood when the case ended), and why, day by day."""

    limit: MatterLimit
    derivation: Derivation
    days: Sequence[DayLine]


def clocks_of(case: Case) -> list[ClockStory]:
    """The statutory and the promised limit of a submitted case; none before the event they run from."""
    course, calendar, pack = moving.course_of(case), workdays.calendar(), packs.of_version(case.pack)
    matter, promised = pack.matter, promising.limit_of(case, pack)
    until = course.decided_on or clock.legal_day(case.ended_at or clock.now())
    stories = []
    for limit in (matter.statutory, promised) if matter.statutory else (promised,):
        running = running_clock(replace(course, decided_on=None), matter.clock, limit.limit)
        if running:
            stories.append(ClockStory(limit, derive(running, calendar, until), explain(running, calendar, until)))
    return stories
