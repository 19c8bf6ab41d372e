"""The pieces new numbers are put together from; whatever does not fit is refused, never cut or wrapped."""

from __future__ import annotations

import re

from jianguan.kernel.identifiers.verdict import NumberError
from jianguan.kernel.messages import message


def counted(number: int, width: int) -> str:
    """A serial from 1 up, with leading zeros; `NumberError` where the series is used up."""
    most = 10**width - 1
    if not 1 <= number <= most:
        raise NumberError(
            message(
                "A serial here runs from 1 to %(most)s and never starts again; %(number)s does not fit. "
                "Use another series, such as the next day's, or ask the administrator to extend this one.",
                most=most,
                number=number,
            )
        )
    return f"{number:0{width}}"


def digits(code: str, width: int) -> str:
    """A code of exactly `width` digits, else `NumberError`."""
    if not re.fullmatch(rf"[0-9]{{{width}}}", code):
        raise NumberError(message("The code %(code)s must have %(width)s digits.", code=code, width=width))
    return code
