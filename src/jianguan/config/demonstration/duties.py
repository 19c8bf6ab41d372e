"""Who handles what in the demonstration: a step passed on, a late one that was held, a substitute, a recusal."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

from jianguan.config.demonstration.loading import World, at
from jianguan.config.demonstration.timeline import Step, working_day
from jianguan.licensing.duties import service as duties
from jianguan.licensing.matters import service as matters
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.commands.service import new_command_id

LATE, PASSED_ON, KEPT_OUT = "p16", "p26", "p27"  # projects whose permit is late, waits, waits


def road(world: World) -> Iterator[Step]:
    """What people settle among themselves, each with its instant."""
    begin: Callable[..., Callable[[], object]] = functools.partial
    yield at(working_day(4), 10, 20), begin(_claim, world, LATE, "approval", "approver")
    yield at(working_day(1), 10, 40), begin(_claim, world, PASSED_ON, "acceptance", "window")
    yield at(working_day(1), 10, 55), begin(_keep_out, world, KEPT_OUT, "window")
    yield at(working_day(1), 11, 5), begin(_leave, world, "safety", "quality")
    yield at(working_day(1), 11, 30), begin(_pass_on, world, PASSED_ON, "acceptance", "window", "window2")
    yield at(working_day(1), 16, 30), begin(_urge, world, LATE, "approval", "head")


def _case(world: World, project: str) -> UUID:
    rows = matters.Case.objects.filter(project_id=world.projects[project], matter="construction_permit")
    return rows.latest("id").id


def _item(world: World, project: str, step: str) -> UUID:
    return matters.open_step(_case(world, project), step)


def _claim(world: World, project: str, step: str, username: str) -> None:
    duties.claim(world.actor(username), duties.Claim(new_command_id(), _item(world, project, step)))


def _pass_on(world: World, project: str, step: str, username: str, to: str) -> None:
    command = duties.PassOn(
        new_command_id(), _item(world, project, step), world.accounts[to].id, "下午到海口江东新区参加踏勘，请代为受理。"
    )
    duties.pass_on(world.actor(username), command)


def _keep_out(world: World, project: str, username: str) -> None:
    actor = world.actor(username)
    words = "申请单位经办人系本人亲属。"
    duties.recuse(actor, duties.Recuse(new_command_id(), _case(world, project), actor.id, "kinship", words))


def _leave(world: World, username: str, substitute: str) -> None:
    first = clock.today()
    command = accounts.EnterAbsence(
        new_command_id(),
        world.accounts[username].id,
        world.accounts[substitute].id,
        first,
        first + timedelta(days=9),
        "年休假",
    )
    accounts.enter_absence(world.actor(username), command)


def _urge(world: World, project: str, step: str, username: str) -> None:
    duties.urge(
        world.actor(username),
        duties.Urge(new_command_id(), _item(world, project, step), "已超过承诺时限，请今日办结。"),
    )
