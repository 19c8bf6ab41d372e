"""Due dates derived a second."""

from __future__ import annotations

from datetime import date, timedelta

from jianguan.config.bench.ground import Ground
from jianguan.config.bench.measuring import in_turn, rate
from jianguan.config.bench.report import Figure, Report
from jianguan.kernel.clock import Clock, Limit, Stop, Unit, derive_due
from jianguan.platform.workdays.service import calendar

SENT_IN = date(2025, 9, 22)
STOPS = (
    Stop(date(2025, 9, 26), date(2025, 10, 15), "correction"),
    Stop(date(2025, 10, 17), date(2025, 10, 24), "correction"),
)
DUE = date(2025, 11, 13)  # the check value of process-and-rules.md


def measure(ground: Ground) -> Report:
    """Twenty working days, stopped twice, from a hundred days."""
    known, limit = calendar(), Limit(20, Unit.WORKING)
    assert derive_due(Clock(SENT_IN, limit, STOPS), known).day == DUE
    clocks = [Clock(SENT_IN - timedelta(days=back), limit, STOPS) for back in range(100)]

    def derive() -> None:
        for one in clocks:
            derive_due(one, known)

    count = ground.size(100, 1)
    taken = in_turn(ground.size(7, 1), {"clocks": lambda: len(clocks) * rate(derive, count)})
    return Report("clock", [Figure("due dates, 20 working days, stopped twice", taken.median("clocks"), "1/s")])
