"""Cases with procedures beside them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from jianguan.licensing.proceedings import service as proceedings
from jianguan.licensing.proceedings.models import Proceeding
from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id


def at(month: int, day: int, hour: int = 10) -> datetime:
    """An instant of 2026 in Beijing."""
    return datetime(2026, month, day, hour, tzinfo=clock.LEGAL_ZONE)


def on(month: int, day: int) -> date:
    return date(2026, month, day)


def order(application: Any, username: str = "window", **changes: Any) -> Proceeding:
    """Let somebody order a survey of five days."""
    words = {"kind": "survey", "reason": "核实现场条件。", "asked": "场地是否具备施工条件。", "expected_days": 5}
    command = proceedings.Order(command_id=new_command_id(), case_id=application.case_id, **{**words, **changes})
    done = proceedings.order(application.world.actor(username), command)
    return Proceeding.objects.get(pk=done.id)


def enter_record(application: Any, made: Proceeding, username: str = "window", **changes: Any) -> Any:
    """Let somebody enter the record of a procedure that took place today."""
    words = {"held_on": clock.today(), "participants": "王芳、赵立新", "findings": "场地具备施工条件。", **changes}
    command = proceedings.EnterRecord(new_command_id(), made.id, **words)
    return proceedings.enter_record(application.world.actor(username), command)


@pytest.fixture
def begun(road: Callable[..., Any]) -> Any:
    """An application received on Monday 2 November 2026: promised within 3 working days, by law within 7 days."""
    with clock.standing_at(at(11, 2, 9)):
        return road()


@pytest.fixture
def refused(road: Callable[..., Any]) -> Any:
    """An application the section head refused today."""
    from tests.licensing.conftest import CLAUSE

    application = road().through("acceptance", "quality_review", "safety_review", "market_review")
    application.finish("examination", "head", "deny", opinion="资金未落实。", clause=CLAUSE)
    return application


def objection(application: Any, **changes: Any) -> UUID:
    """Let the applicant object to the refusal of its application."""
    key = f"refused:{application.case.number}"
    words = {"key": key, "reasons": "资金证明已于申请前到账，见附件。", **changes}
    command = proceedings.Object(new_command_id(), application.case_id, **words)
    return UUID(proceedings.object_(application.world.actor("agent2"), command).id)
