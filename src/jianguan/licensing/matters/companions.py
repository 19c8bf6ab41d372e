"""What other rooms of this floor keep beside a case: they stand on matters, and matters never names them.

A room declares its part in `companion.py`, so that it holds in whatever process a case is moved.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.module_loading import autodiscover_modules

from jianguan.kernel.messages import Message
from jianguan.licensing.matters.models import Case
from jianguan.licensing.process.service import WorkItem
from jianguan.platform.accounts.service import Actor
from jianguan.platform.web.service import Event


@dataclass(frozen=True, slots=True)
class Beside:
    """What a room shows on the page of a case: HTML of its section (empty where there is none), lines of the timeline.

    `aside` is HTML for the column of the decision, on the page of officers.
    """

    section: str
    events: Sequence[Event]
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Companion:
    """The part of a room in every case.

    Attributes:
        holds: why a step may not be decided for or against now; asked with the case locked, where
            its clock does not run or has run out.
        shows: its part of the page of a case, for officers and for the applicant.
    """

    holds: Callable[[Case, WorkItem], Message | None]
    shows: Callable[[HttpRequest, Actor, Case], Beside]


_companions: list[Companion] = []


def accompany(companion: Companion) -> None:
    """Add the part of a room; called by its `companion.py` when it is loaded."""
    _companions.append(companion)


@functools.cache
def companions() -> tuple[Companion, ...]:
    """The parts of all rooms."""
    autodiscover_modules("companion")
    return tuple(_companions)


def why_held(case: Case, item: WorkItem) -> Message | None:
    """Why a step of a case may not be decided for or against now."""
    return next((says for one in companions() if (says := one.holds(case, item))), None)
