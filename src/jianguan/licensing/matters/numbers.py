"""Numbers by a format of the pack: `AX{city}{year}{serial:05}` → AX4601202600007.

    {division}  the six digits of the place       {city}  its first four       {province}  its first two
    {year}      of the day                        {date}  the day              {serial:05} counts, five digits at least
    {project}   code of the project               {answer}  the code chosen in answer to a question of the form

What stands around `{serial}` is the series it counts in; a number that is issued is never issued again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType

from jianguan.platform.numbering.service import next_in

PROJECT = "project"
_KNOWN = {"division", "city", "province", "year", "date", "serial", PROJECT}
_PART = re.compile(r"\{([a-z][a-z0-9_]*)(?::0(\d))?\}")


def unknown_parts(pattern: str, answers: Collection[str] = ()) -> list[str]:
    """Parts in braces that are neither known to every number nor among the answers."""
    rest = _PART.sub(lambda part: "" if part[1] in _KNOWN or part[1] in answers else part[0], pattern)
    return re.findall(r"\{[^}]*\}", rest)


def issue(series: str, pattern: str, region: str, day: date, further: Mapping[str, str] = MappingProxyType({})) -> str:
    """The next number of a format; part of the caller's transaction. `further` tells answers and the project."""
    known = {
        **further, "division": region[:6], "city": region[:4], "province": region[:2], "year": f"{day:%Y}",
        "date": f"{day:%Y%m%d}",
    }  # fmt: skip
    around = _PART.sub(lambda part: known.get(part[1], "#"), pattern)
    serial = next_in(f"{series}:{around}")
    return _PART.sub(lambda part: known.get(part[1]) or f"{serial:0{part[2] or 1}}", pattern)
