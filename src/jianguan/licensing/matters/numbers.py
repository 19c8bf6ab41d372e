"""Numbers by a format of the pack: `AX{city}{year}{serial:05}` → AX4601202600007.

    {division}  the six digits of the place       {city}  its first four       {province}  its first two
    {year}      of the day                        {date}  the day              {serial:05} counts, five digits at least

What stands around `{serial}` is the series it counts in; a number that is issued is never issued again.
"""

from __future__ import annotations

import re
from datetime import date

from jianguan.platform.numbering.service import next_in

_PART = re.compile(r"\{(division|city|province|year|date|serial)(?::0(\d))?\}")


def unknown_parts(pattern: str) -> list[str]:
    """Parts in braces that no number knows."""
    return re.findall(r"\{[^}]*\}", _PART.sub("", pattern))


def issue(series: str, pattern: str, region: str, day: date) -> str:
    """The next number of a format; part of the caller's transaction."""
    known = {
        "division": region[:6], "city": region[:4], "province": region[:2], "year": f"{day:%Y}", "date": f"{day:%Y%m%d}",
    }  # fmt: skip
    around = _PART.sub(lambda part: known.get(part[1], "#"), pattern)
    serial = next_in(f"{series}:{around}")
    return _PART.sub(lambda part: known.get(part[1]) or f"{serial:0{part[2] or 1}}", pattern)
