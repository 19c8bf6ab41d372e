"""Electronic certificate identifier 电子证照标识 (GB/T 36904-2018).

Root, type (credit code of the body that defined it and three characters), issuing authority, serial, version, check.
Confidence: sourced, and the check (ISO 7064 MOD 37,36 over the segments after the root, without dots) computed
against five samples. A sixth does not fit, so other people's certificates are only marked, never refused for it.
"""

from __future__ import annotations

import re

from jianguan.kernel.identifiers import check_digits, uscc
from jianguan.kernel.identifiers.making import counted
from jianguan.kernel.identifiers.shape import Form, Shape, always, check_character, embedded
from jianguan.kernel.messages import message

ROOT = "1.2.156.3005.2"


def _payload(text: str) -> str:
    return text.removeprefix(ROOT).replace(".", "")


_SHAPE = Shape(
    "e_certificate",
    (
        Form(
            rf"{re.escape(ROOT)}\.(?P<definer>[0-9A-Z]{{18}})(?P<type>[0-9A-Z]{{3}})\.(?P<issuer>[0-9A-Z]{{18}})"
            r"\.(?P<serial>[0-9A-Z]{1,64})\.(?P<version>\d{3})\.(?P<check>[0-9A-Z])",
            soft=(
                check_character(check_digits.mod37_36, _payload),
                embedded("definer", uscc.parse),
                embedded("issuer", uscc.parse),
            ),
        ),
    ),
    always(
        message(
            "A certificate identifier has six parts with dots: %(root)s, type (21 characters), issuing authority "
            "(18), serial, version (3 digits) and check character.",
            root=ROOT,
        )
    ),
)
parse = _SHAPE.parse


def make(type_code: str, issuer: str, serial: str, version: int) -> str:
    """The identifier of a certificate; its first version is 1, and every change adds one.

    `type_code` has 21 characters, the first 18 the defining body's credit code; `issuer` is a credit code; of
    `serial` the letters and digits count. Raises `NumberError` where a part does not fit.
    """
    for code in (type_code[:18], issuer):
        uscc.parse(code).require()
    draft = parse(".".join((ROOT, type_code, issuer, serial, counted(version, 3), "0"))).require()[:-1]
    return draft + check_digits.mod37_36(_payload(draft))
