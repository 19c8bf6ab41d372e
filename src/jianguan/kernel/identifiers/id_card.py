"""Citizen's identity number 公民身份号码 (GB 11643-1999): 18 characters.

Confidence: the method is recalled and computed against the standard's examples, so the date of birth and the check
refuse. The region is not looked up: it is the code of the time, and many such codes no longer exist. Numbers of
other papers (residents of Hong Kong, Macao and Taiwan, foreigners) do not follow this rule.
"""

from __future__ import annotations

from dataclasses import replace

from jianguan.kernel.identifiers import check_digits
from jianguan.kernel.identifiers.shape import Form, Shape, always, check_character, mismatch, real_day
from jianguan.kernel.identifiers.verdict import Verdict
from jianguan.kernel.messages import message

_SHAPE = Shape(
    "id_card",
    (
        Form(
            r"(?P<region>\d{6})(?P<date>\d{8})(?P<serial>\d{3})(?P<check>[0-9X])",
            hard=(real_day, check_character(check_digits.mod11_2)),
        ),
        Form(
            r"(?P<region>\d{6})(?P<date>\d{6})(?P<serial>\d{3})",
            hard=(
                always(
                    message(
                        "This is an old number of 15 digits; the number of 18 characters on today's identity card "
                        "is expected."
                    )
                ),
            ),
        ),
    ),
    mismatch(message("An identity number has 17 digits and then a digit or X."), 18, "[0-9X]"),
)


def parse(given: str) -> Verdict:
    """Read an identity number; the parts are region, date of birth, serial, check and `sex`, male or female.

    An old number of 15 digits is refused; its part `upgraded` is the 18-character number it became.
    """
    verdict = _SHAPE.parse(given)
    parts = dict(verdict.parts)
    if not parts:
        return verdict
    if "check" not in parts:
        parts["date"] = "19" + parts["date"]
        body = parts["region"] + parts["date"] + parts["serial"]
        parts["upgraded"] = body + check_digits.mod11_2(body)
    parts["sex"] = "male" if int(parts["serial"]) % 2 else "female"
    return replace(verdict, parts=parts)
