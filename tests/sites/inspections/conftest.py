"""Supervision files and inspections in the hands of tests."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id
from jianguan.registry.projects import service as projects
from jianguan.sites.inspections import service as inspections
from jianguan.sites.inspections.models import Inspection, Sheet
from jianguan.sites.oversight.actions import OpenFile, open_file
from jianguan.sites.oversight.service import SupervisionFile

OUT = {"foundation_pit", "formwork_support", "hoist", "tower_crane_lifting", "construction_machines", "scaffold"}
KEPT = ("B.1", "B.2", "B.13", "B.14")  # tables of the categories that are there


def file_of(world: Any, project: str, number: str) -> SupervisionFile:
    """A supervision file, bound to supervisor1 and supervisor3."""
    row = projects.by_id(world.projects[project])
    chosen = {"quality": [world.accounts["supervisor1"].id], "safety": [world.accounts["supervisor3"].id]}
    with transaction.atomic():
        return open_file(OpenFile(uuid4(), row.id, number, row.name, row.owner_name, row.region, chosen))


@pytest.fixture
def file(world: Any) -> SupervisionFile:
    return file_of(world, "p05", "460100202611200101")


class Desk:
    """An inspection and the people who act on it."""

    def __init__(self, world: Any, file: SupervisionFile) -> None:
        self.world, self.file = world, file
        self.id: UUID | None = None

    def begin(
        self,
        username: str = "supervisor3",
        inspectors: tuple[str, ...] = ("supervisor1", "supervisor3"),
        **changes: Any,
    ) -> Inspection:
        people = tuple(self.world.accounts[one].id for one in inspectors)
        given = {"kind": "routine", "checklist": "jgj59", "planned_on": clock.today(), **changes}
        command = inspections.Begin(new_command_id(), self.file.id, inspectors=people, **given)
        self.id = UUID(inspections.begin(self.world.actor(username), command).id)
        return self.inspection

    @property
    def inspection(self) -> Inspection:
        return Inspection.objects.get(pk=self.id)

    def sheet(self, table: str, label: str = "", username: str = "supervisor3") -> Sheet:
        command = inspections.AddSheet(new_command_id(), self.id, table, label)
        return Sheet.objects.get(pk=inspections.add_sheet(self.world.actor(username), command).id)

    def save(
        self,
        sheet: Sheet,
        entries: dict[str, Any] | None = None,
        *,
        username: str = "supervisor3",
        rest: bool = True,
        revision: int = 0,
    ) -> Sheet:
        command = inspections.SaveSheet(
            new_command_id(), sheet.id, revision or sheet.revision, entries or {}, rest=rest
        )
        inspections.save_sheet(self.world.actor(username), command)
        sheet.refresh_from_db()
        return sheet

    def cover(self, username: str = "supervisor3", **changes: Any) -> None:
        given = {"held_on": clock.today(), "absent": dict.fromkeys(OUT, "现场无此项。"), **changes}
        command = inspections.SaveCover(new_command_id(), self.id, self.inspection.revision, **given)
        inspections.save_cover(self.world.actor(username), command)

    def fill(self, **entries: dict[str, Any]) -> None:
        """Sheets of four tables without deductions, but for those given by table (B_1=…)."""
        for table in KEPT:
            self.save(self.sheet(table), entries.get(table.replace(".", "_")))
        self.cover()

    def submit(self, username: str = "supervisor3") -> Inspection:
        inspections.submit(self.world.actor(username), inspections.Submit(new_command_id(), self.id))
        return self.inspection


def lost(points: str, text: str = "现场发现问题。") -> dict[str, Any]:
    """An entry that loses points in one's own words."""
    return {"state": "seen", "deductions": [{"key": "other", "text": text, "points": points}]}


def absent(why: str = "现场无此项。") -> dict[str, Any]:
    return {"state": "absent", "why": why}


@pytest.fixture
def desk(world: Any, file: SupervisionFile) -> Desk:
    return Desk(world, file)


def day(month: int, number: int) -> date:
    return date(2026, month, number)
