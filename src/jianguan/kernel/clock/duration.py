from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from jianguan.kernel.messages import message

_LONGEST = 9999
_ISO_DAYS = re.compile(r"P([0-9]{1,4})(W?)D")


class Unit(StrEnum):
    """What a limit counts: working days 工作日 (行政许可法 第八十二条) or calendar days 日 (建筑法 第八条: 七日)."""

    WORKING = "working"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit 法定时限 or 承诺时限 in days; 0 days is a matter decided on the spot 即办件.

    `extend_to_working`: a limit in calendar days whose last day is a holiday ends with the next working day
    (民法典 第二百零三条; 节假日顺延). A limit in working days ends on a working day whatever the flag.
    """

    days: int
    unit: Unit
    extend_to_working: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.days <= _LONGEST:
            raise ValueError(
                message("A time limit has 0 to %(longest)s days, not %(days)s.", longest=_LONGEST, days=self.days)
            )

    @property
    def ends_on_working_day(self) -> bool:
        """Whether the due day depends on which days are working days."""
        return self.unit is Unit.WORKING or self.extend_to_working


def parse_limit(text: str) -> Limit:
    """Read the duration of a BPMN timer: `P5D` is ISO 8601 for 5 calendar days, `P5WD` is ours for 5 working days."""
    found = _ISO_DAYS.fullmatch(text)
    if not found:
        raise ValueError(
            message(
                "The time limit “%(text)s” is not understood: write P5D for 5 calendar days or P5WD for 5 working days.",
                text=text,
            )
        )
    days, working = found.groups()
    return Limit(int(days), Unit.WORKING if working else Unit.CALENDAR)
