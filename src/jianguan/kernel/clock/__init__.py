"""Working days 工作日 and the legal clock 法定时限: when something is due, and why."""

from jianguan.kernel.clock.duration import Limit, Unit, parse_limit
from jianguan.kernel.clock.legal_clock import (
    Clock,
    DayLine,
    Derivation,
    Due,
    Level,
    Stop,
    derive,
    derive_due,
    elapsed,
    explain,
    level,
)
from jianguan.kernel.clock.working_days import CalendarDay, WorkingCalendar

__all__ = [
    "CalendarDay",
    "Clock",
    "DayLine",
    "Derivation",
    "Due",
    "Level",
    "Limit",
    "Stop",
    "Unit",
    "WorkingCalendar",
    "derive",
    "derive_due",
    "elapsed",
    "explain",
    "level",
    "parse_limit",
]
