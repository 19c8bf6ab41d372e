"""Organisation code 组织机构代码 (GB 11714-1997): eight characters and a check character.

Older records have it where newer ones have a unified social credit code. It is shown with a dash before the check
character and stored without. Confidence: the method is recalled and computed against the codes inside ten public
credit codes, so the check refuses.
"""

from __future__ import annotations

from jianguan.kernel.identifiers import check_digits
from jianguan.kernel.identifiers.shape import Form, Shape, check_character, mismatch
from jianguan.kernel.messages import message

_SHAPE = Shape(
    "org_code",
    (
        Form(
            r"(?P<body>[0-9A-Z]{8})(?P<check>[0-9X])",
            hard=(check_character(check_digits.org_code),),
        ),
    ),
    mismatch(
        message("An organisation code is eight digits or letters and a check character, such as 00612224-4."),
        9,
        "[0-9A-Z]",
    ),
)
parse = _SHAPE.parse
