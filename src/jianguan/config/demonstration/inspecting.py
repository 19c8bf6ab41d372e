"""Inspections in the demonstration: two submitted, one of them with a table of zero points, one under way, one draw."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from jianguan.config.demonstration.loading import World, at
from jianguan.config.demonstration.timeline import Step, working_day
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import new_command_id
from jianguan.sites.inspections import service as inspections
from jianguan.sites.inspections.service import Inspection, PlanLine, Sheet
from jianguan.sites.oversight.service import SupervisionFile

Sheets = Mapping[tuple[str, str], Mapping[str, Any]]
GOOD: Sheets = {
    ("B.1", ""): {"responsibility_system": ["1"], "safety_signs": ["1"]}, ("B.2", ""): {},
    ("B.3", "1号楼"): {}, ("B.3", "2号楼"): {}, ("B.11", ""): {}, ("B.13", ""): {}, ("B.14", ""): {},
    ("B.17", "1#塔吊"): {}, ("B.17", "2#塔吊"): {}, ("B.19", ""): {},
}  # fmt: skip
ZERO: Sheets = {
    ("B.1", ""): {"responsibility_system": ["3"], "safety_education": ["1"]}, ("B.2", ""): {}, ("B.3", ""): {},
    ("B.13", ""): {}, ("B.14", ""): {}, ("B.17", "1#塔吊"): {}, ("B.19", ""): {},
}  # fmt: skip
BEGUN: Sheets = {("B.1", ""): {"technical_disclosure": ["0"]}, ("B.14", ""): {}}
ABSENT = {
    "foundation_pit": "基坑已回填。", "formwork_support": "主体已封顶，无模板支架。", "hoist": "现场未安装物料提升机和施工升降机。",
}  # fmt: skip


def road(world: World) -> Iterator[Step]:
    """What supervisors do on sites, each act with its instant."""
    begin: Callable[..., Callable[[], object]] = functools.partial
    yield at(working_day(3), 9, 30), begin(_plan, world)
    yield at(working_day(2), 9, 40), begin(_inspect, 0, "routine", GOOD, submit=True)
    yield at(working_day(2), 15, 10), begin(_inspect, 1, "special", ZERO, submit=True)
    yield at(working_day(1), 9, 5), begin(_inspect, 2, "patrol", BEGUN, submit=False)
    yield at(working_day(1), 15, 30), begin(_draw, world)


def _files() -> list[SupervisionFile]:
    return list(SupervisionFile.objects.order_by("opened_at", "id").prefetch_related("assignments"))


def _plan(world: World) -> None:
    deputy, today = world.actor("station2"), clock.today()
    command = inspections.Plan(
        new_command_id(),
        "460100",
        f"{today.month}月例行检查",
        "routine",
        today.replace(day=1),
        today + timedelta(days=20),
        6,
    )
    inspections.plan(deputy, command)
    for file in _files()[:2]:
        inspections.set_quota(deputy, inspections.SetQuota(new_command_id(), file.id, 3))


def _inspect(which: int, kind: str, sheets: Sheets, *, submit: bool) -> None:
    files = _files()
    if which >= len(files):
        return
    file = files[which]
    bound = [one.account_id for one in file.assignments.all() if one.valid_until is None]
    actor = accounts.actor_by_id(bound[-1])
    assert actor is not None
    line = PlanLine.objects.filter(kind=kind).first()
    command = inspections.Begin(
        new_command_id(), file.id, kind, "jgj59", clock.today(), tuple(bound), line.id if line else None
    )
    made = UUID(inspections.begin(actor, command).id)
    for (table, label), items in sheets.items():
        _fill(actor, made, table, label, items)
    if not submit:
        return
    tables = {table for table, _ in sheets}
    absent = {
        one.key: ABSENT.get(one.key, "现场无此项。")
        for one in inspections.standard("jgj59").categories if not tables & set(one.tables)
    }  # fmt: skip
    clauses = {str(one.id): ("mended", "已按审查意见施工。") for one in Inspection.objects.get(pk=made).clauses.all()}
    cover = inspections.SaveCover(new_command_id(), made, 1, clock.today(), "", absent, clauses)
    inspections.save_cover(actor, cover)
    inspections.submit(actor, inspections.Submit(new_command_id(), made))


def _fill(actor: Actor, made: UUID, table: str, label: str, items: Mapping[str, Any]) -> None:
    added = inspections.add_sheet(actor, inspections.AddSheet(new_command_id(), made, table, label))
    sheet = Sheet.objects.get(pk=added.id)
    usual = inspections.standard("jgj59").tables[table].items
    entries = {
        key: {
            "state": "seen",
            "deductions": [{"key": n, "points": str(usual[key].deductions[int(n)].least)} for n in numbers],
        }
        for key, numbers in items.items()
    }
    inspections.save_sheet(actor, inspections.SaveSheet(new_command_id(), sheet.id, sheet.revision, entries, rest=True))


def _draw(world: World) -> None:
    deputy, today = world.actor("station2"), clock.today()
    people = tuple(world.accounts[f"supervisor{n}"].id for n in (1, 2, 3, 4))
    command = inspections.SealDraw(
        new_command_id(), "460100", f"{today.year}年第{(today.month + 2) // 3}季度建筑施工安全双随机检查", "jgj59", today,
        today + timedelta(days=20), min(2, len(_files())), people,
    )  # fmt: skip
    draw = inspections.seal_draw(deputy, command)
    inspections.hold_draw(deputy, inspections.HoldDraw(new_command_id(), UUID(draw.id)))
