from __future__ import annotations

import pytest

from jianguan.kernel.clock import WorkingCalendar
from jianguan.kernel.clock.seed import from_chinese_calendar


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    """The State Council calendar of 2024 to 2026."""
    return WorkingCalendar(from_chinese_calendar(2024, 2026))
