"""Days and instants as people read them, in Beijing time."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from jianguan.kernel.clock import Limit, Unit
from jianguan.platform import clock
from jianguan.platform.web.numbers import MISSING


def moment(at: datetime | None) -> str:
    """An instant in Beijing time as people write it in lists: 06-11 08:31, with the year unless it is this one."""
    if at is None:
        return MISSING
    local = at.astimezone(clock.LEGAL_ZONE)
    return local.strftime("%m-%d %H:%M" if local.year == clock.today().year else "%Y-%m-%d %H:%M")


def moment_in_full(at: datetime | None) -> str:
    """An instant in Beijing time to the second: 2025-06-11 09:42:18."""
    return at.astimezone(clock.LEGAL_ZONE).strftime("%Y-%m-%d %H:%M:%S") if at else MISSING


def day(value: date | None) -> str:
    """A legal day: 2025-06-11; an instant gives the day it falls on in Beijing."""
    legal = clock.legal_day(value) if isinstance(value, datetime) else value
    return legal.isoformat() if legal else MISSING


def day_in_words(value: date) -> str:
    """A day with its weekday: 2025 年 6 月 11 日 星期三."""
    legal = clock.legal_day(value) if isinstance(value, datetime) else value
    return date_format(legal, "DATE_FORMAT")


def limit(value: Limit) -> str:
    """A time limit: 7 calendar days, 3 working days."""
    if value.unit is Unit.WORKING:
        words = ngettext("%(days)s working day", "%(days)s working days", value.days)
    else:
        words = ngettext("%(days)s calendar day", "%(days)s calendar days", value.days)
    return words % {"days": value.days}


def interval(start: date, end: date | None) -> str:
    """From a day until another, or since a day: 2025-06-11 至 2027-08-31, 2025-06-11 起."""
    if end is None:
        return gettext("since %(start)s") % {"start": day(start)}
    return gettext("%(start)s to %(end)s") % {"start": day(start), "end": day(end)}
