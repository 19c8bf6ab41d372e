"""What happens beside applications of the demonstration: a survey with a phone call, an objection."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from jianguan.config.demonstration.loading import at
from jianguan.config.demonstration.timeline import Step
from jianguan.licensing.matters import service as matters
from jianguan.licensing.proceedings import service as proceedings
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.workdays import service as workdays


def survey(officer: Actor, case_id: UUID, day: date) -> Iterator[Step]:
    """A survey of the site is ordered on the next working day and announced by phone."""
    day = workdays.calendar().add(day, 1)
    command = proceedings.Order(
        new_command_id(), case_id, "survey", "改造涉及既有管线，申请材料未能说明保护措施的现场条件。",
        "核实既有燃气、供电管线位置及保护措施。", 5, planned_on=workdays.calendar().add(day, 2), place="海府路片区项目现场",
        invited="建设单位、施工单位项目负责人",
    )  # fmt: skip
    yield at(day, 10), functools.partial(proceedings.order, officer, command)
    yield at(day, 11), functools.partial(_call, officer, case_id)


def _call(officer: Actor, case_id: UUID) -> None:
    said = "已告知踏勘时间、地点，请通知施工单位项目负责人到场。"
    called_at = clock.now() - timedelta(minutes=5)
    command = proceedings.NoteCall(
        new_command_id(), case_id, incoming=False, name="何文静", number="13900000098", called_at=called_at, said=said
    )
    proceedings.note_call(officer, command)


def objection(agent: Actor, case_id: UUID, day: date) -> Iterator[Step]:
    """The applicant objects to the refusal on the next working day; nobody has answered yet."""
    number = matters.Case.objects.get(pk=case_id).number
    reasons = "建设资金已于申请之日前足额到位，银行出具的证明在受理时未能上传，现提出异议，请予核实。"
    command = proceedings.Object(new_command_id(), case_id, f"refused:{number}", reasons)
    yield at(workdays.calendar().add(day, 1), 9, 30), functools.partial(proceedings.object_, agent, command)
