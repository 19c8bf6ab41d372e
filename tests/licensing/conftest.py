"""Applications in the hands of tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest

from jianguan.config.demonstration import cases, timeline
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.models import Case
from jianguan.platform.commands.service import new_command_id

ROW = {
    "project": "p05",
    "until": "x",
    "builder": "builder_1",
    "manager": "manager_1",
    "chief": "chief_2",
    "price": 24650.00,
}
CLAUSE = "《建筑工程施工许可管理办法》第四条第一款第（五）项"


class Road:
    """One application, moved step by step by the people of the demonstration."""

    def __init__(self, world: Any, row: Mapping[str, Any]) -> None:
        self.world = world
        self.case_id: UUID = cases.apply(world, row)
        timeline.settle()

    @property
    def case(self) -> Case:
        return Case.objects.select_related("pack").get(pk=self.case_id)

    def item(self, step: str) -> UUID:
        return matters.open_step(self.case_id, step)

    def finish(self, step: str, username: str, outcome: str, **words: Any) -> Any:
        command = matters.FinishStep(new_command_id(), self.item(step), outcome, **{"opinion": "同意。", **words})
        return self.act(username, command)

    def act(self, username: str, command: matters.FinishStep) -> Any:
        answer = matters.finish_step(self.world.actor(username), command)
        timeline.settle()
        return answer

    def through(self, *steps: str) -> Road:
        """Finish steps the usual way."""
        for step, username, outcome, words, *_ in cases.ROAD:
            if step in steps:
                self.finish(step, username, outcome, opinion=words)
        return self

    def to_approval(self) -> Road:
        return self.through("acceptance", "quality_review", "safety_review", "market_review", "examination")

    def to_certificate(self) -> Road:
        return self.to_approval().through("approval")


@pytest.fixture
def road(world: Any) -> Callable[..., Road]:
    """Makes a submitted application; keyword arguments change the row of the demonstration it is made from."""
    return lambda **changes: Road(world, {**ROW, **changes})
