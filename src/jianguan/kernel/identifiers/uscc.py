"""Unified social credit code 统一社会信用代码 (GB 32100-2015): 18 characters.

Confidence: the check is recalled and computed against ten public codes, so it refuses. The organisation code in
positions 9 to 17 (GB 11714) only warns. The region is where the body was first registered; nothing follows from it
for where the body is now.
"""

from __future__ import annotations

from jianguan.kernel.identifiers import check_digits, org_code
from jianguan.kernel.identifiers.shape import Form, Shape, check_character, embedded, mismatch
from jianguan.kernel.messages import Message, message

_CHARACTER = f"[{check_digits.USCC_ALPHABET}]"

_mismatch = mismatch(
    message(
        "A unified social credit code has 18 digits or capital letters, never I, O, S, V or Z, and digits in "
        "positions 3 to 8."
    ),
    18,
    _CHARACTER,
)


def _explain(text: str) -> Message:
    if org_code.parse(text).valid:
        return message("This is an old organisation code; the unified social credit code of 18 characters is expected.")
    return _mismatch(text)


_SHAPE = Shape(
    "uscc",
    (
        Form(
            rf"(?P<authority>{_CHARACTER})(?P<category>{_CHARACTER})(?P<region>\d{{6}})"
            rf"(?P<subject>{_CHARACTER}{{9}})(?P<check>{_CHARACTER})",
            hard=(check_character(check_digits.mod31),),
            soft=(embedded("subject", org_code.parse),),
        ),
    ),
    _explain,
)
parse = _SHAPE.parse
