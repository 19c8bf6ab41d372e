"""Applications made by promise, in the hands of tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import pytest

from jianguan.config.demonstration import further, timeline
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case
from jianguan.licensing.promises import service as promises
from jianguan.licensing.promises.service import LaterCheck
from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id

WORDS = "到现场核查，已拍照留存。"


class Promised:
    """One application for a drainage permit, made by promise and moved by the people of the demonstration."""

    def __init__(self, world: Any, **row: Any) -> None:
        self.world, made = world, list[UUID]()
        row = {"matter": "drainage_permit", "by": "agent2", "project": "p05", "promise": "何大川", **row}
        further._apply(world, {key: value for key, value in row.items() if value is not None}, made)
        self.case_id = made[0]
        timeline.settle()

    @property
    def case(self) -> Case:
        return Case.objects.select_related("pack").get(pk=self.case_id)

    @property
    def check(self) -> LaterCheck:
        return LaterCheck.objects.select_related("promise").get(case_id=self.case_id)

    @property
    def certificate(self) -> certificates.Certificate:
        found = certificates.of_case(self.case_id)
        assert found
        return found

    def finish(self, step: str, username: str, outcome: str, **words: Any) -> Any:
        command = matters.FinishStep(
            new_command_id(), matters.open_step(self.case_id, step), outcome, **{"opinion": "同意。", **words}
        )
        answer = matters.finish_step(self.world.actor(username), command)
        timeline.settle()
        return answer

    def decided(self) -> Promised:
        """Approved, with its certificate and its check."""
        self.finish("acceptance", "window", "accept")
        self.finish("review", "urban", "pass")
        self.finish("examination", "head", "agree")
        self.finish("approval", "approver", "approve")
        return self

    def result(self, *, kept: bool, by: str = "urban", words: str = WORDS, command_id: UUID | None = None) -> Any:
        command = promises.EnterResult(command_id or new_command_id(), self.check.id, kept, words)
        answer = promises.enter_result(self.world.actor(by), command)
        timeline.settle()
        return answer

    def say(self, act: Callable[..., Any], words: str = "已补建检测井。", by: str = "agent2") -> Any:
        answer = act(self.world.actor(by), promises.Say(new_command_id(), self.check.id, words))
        timeline.settle()
        return answer

    def decide(
        self,
        *,
        sanction: bool,
        by: str = "approver",
        reason: str = "承诺不实，逾期未整改。",
        command_id: UUID | None = None,
    ) -> Any:
        command = promises.Decide(command_id or new_command_id(), self.check.id, sanction, reason)
        answer = promises.decide(self.world.actor(by), command)
        timeline.settle()
        return answer

    def announced(self) -> Promised:
        """Not kept, reported as mended, found not mended."""
        self.decided().result(kept=False)
        self.say(promises.report_mended)
        self.result(kept=False)
        return self

    def sanctioned(self) -> Promised:
        """Heard, and the decision revoked."""
        self.announced().say(promises.reply, "正在施工，请求延期。")
        self.decide(sanction=True)
        return self


@pytest.fixture
def promised(world: Any) -> Callable[..., Promised]:
    """Makes a submitted application; keyword arguments change the row it is made from."""
    return lambda **row: Promised(world, **row)


def noon(day: date) -> Any:
    """Let it be noon of a legal day."""
    return clock.standing_at(datetime.combine(day, time(12), clock.LEGAL_ZONE))
