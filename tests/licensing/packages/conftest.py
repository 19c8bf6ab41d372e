"""Packages in the hands of tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest

from jianguan.config.demonstration import cases, further, packages, timeline
from jianguan.licensing.matters import service as matters
from jianguan.licensing.packages.models import Member, Package
from jianguan.licensing.packages.queries import members_of
from jianguan.platform.commands.service import new_command_id

PERMIT = {
    "package": "construction_stage", "by": "agent2", "project": "p05", "builder": "builder_1", "manager": "manager_1",
    "chief": "chief_2", "price": 24650.00,
}  # fmt: skip
ROWS: Mapping[str, Mapping[str, Any]] = {
    "construction_stage": PERMIT,
    "completion_stage": {"package": "completion_stage", "by": "agent2", "project": "p05"},
    "design_stage": {"package": "design_stage", "by": "agent2", "project": "p05"},
}


class Handled:
    """One package, moved by the people of the demonstration."""

    def __init__(self, world: Any, row: Mapping[str, Any]) -> None:
        self.world = world
        self.id: UUID = packages.apply(world, row, cases.answers)
        timeline.settle()

    @property
    def package(self) -> Package:
        return Package.objects.get(pk=self.id)

    @property
    def members(self) -> dict[str, Member]:
        return {member.matter: member for member in members_of(self.package)}

    def case(self, matter: str) -> matters.Case:
        case = self.members[matter].case
        assert case is not None
        return case

    def complete(self, *wanted: str) -> Handled:
        """Let everybody finish their steps of these matters, in favour."""
        for matter in wanted:
            done = set[UUID]()
            while further.work_on(self.case(matter).id, done):
                timeline.settle()
        return self

    def refuse(self, matter: str) -> Handled:
        """The window does not accept it."""
        case = self.case(matter)
        command = matters.FinishStep(
            new_command_id(), matters.open_step(case.id, "acceptance"), "not_accept", opinion="不属于本机关职权范围。",
            clause="《行政许可法》第三十二条第一款第（二）项",
        )  # fmt: skip
        matters.finish_step(self.world.actor("window"), command)
        timeline.settle()
        return self


@pytest.fixture
def handled(world: Any) -> Callable[..., Handled]:
    """Makes a submitted package; keyword arguments change its row."""
    return lambda key="construction_stage", **changes: Handled(world, {**ROWS[key], **changes})
