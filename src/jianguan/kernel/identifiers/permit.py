"""Construction permit number 施工许可证编号: 18 digits.

Division of the issuing authority, day, serial of the day from 01 to 99, category of works. Confidence: the structure
is sourced, so an impossible day or the serial 00 refuses; the categories are recalled and only warn. The platform's
own number of the permit (`PrjNum-SX-001`) is the same permit's second number and is read too. Older and local
numbers, 21 digits among them, are accepted with a warning.
"""

from __future__ import annotations

import re
from datetime import date

from jianguan.kernel.identifiers.hygiene import bare_if
from jianguan.kernel.identifiers.making import counted, digits
from jianguan.kernel.identifiers.project import record
from jianguan.kernel.identifiers.shape import HAN, LOCAL, Form, Shape, always, known, local, mismatch, real_day
from jianguan.kernel.messages import Message, message

# The older list runs from 01 to 19; today's is 01 buildings, 02 municipal works, 99 other (recalled).
_CATEGORIES = r"0[1-9]|1\d|99"
_NUMBER = r"(?P<region>\d{6})(?P<date>\d{8})(?P<serial>\d\d)(?P<category>\d\d)"
_EXPECTED = message("A construction permit number has 18 digits.")


def _serial_from_one(match: re.Match[str]) -> Message | None:
    return message("The serial of the day in digits 15 and 16 starts at 01.") if match["serial"] == "00" else None


_HARD = (real_day, _serial_from_one)
_SOFT = (known("category", _CATEGORIES, lambda code: message("%(code)s is not a known category.", code=code)),)
_SHAPE = Shape(
    "permit",
    (
        Form(_NUMBER, _HARD, _SOFT),
        Form(
            _NUMBER + r"(?P<supplement>[SJZA]\d{1,2})",
            _HARD,
            (*_SOFT, always(message("This is the local number of a supplement for specialist works."))),
        ),
        record("SX"),
        local(_EXPECTED, rf"\d{{21}}|(?=.*{HAN}){LOCAL}"),
    ),
    mismatch(_EXPECTED, 18, "[0-9]"),
    bare_if(r"\d{18}(?:[SJZA]\d{1,2})?|\d{21}"),
)
parse = _SHAPE.parse


def make(division: str, day: date, *, serial: int, category: str) -> str:
    """A new permit number; `NumberError` where the 99 serials of the day are used up."""
    return digits(division, 6) + f"{day:%Y%m%d}" + counted(serial, 2) + digits(category, 2)
