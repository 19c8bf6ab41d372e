"""What may be shown of people's numbers and names (脱敏); what is too short to mask is hidden whole."""

from __future__ import annotations

import re

from jianguan.kernel.identifiers.hygiene import tidy

_COMPOUND_SURNAMES = (
    "欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|长孙|宇文|独孤|南宫|西门|端木|轩辕|百里|呼延|司空"
)


def mask_id(number: str, head: int = 6, tail: int = 4) -> str:
    """Keep the first `head` and last `tail` characters of an identity number; usual are 6 and 4, or 3 and 4."""
    hidden = len(number) - head - tail
    if hidden <= 0:
        return "*" * len(number)
    return number[:head] + "*" * hidden + number[head + hidden :]


def mask_phone(number: str) -> str:
    """A mobile number as 138****0000, also where it has a country code; of others the last four digits stay."""
    digits = re.sub("[^0-9]", "", tidy(number))
    mobile = re.fullmatch(r"(?:86)?(1\d{10})", digits)
    return mask_id(mobile[1], 3) if mobile else mask_id(digits, 0)


def mask_name(name: str, hidden: str = "*") -> str:
    """Keep the surname: 张三丰 becomes 张**, with `hidden="某"` 张某某."""
    shown = 2 if len(name) > 2 and re.match(_COMPOUND_SURNAMES, name) else 1
    return name[:shown] + hidden * len(name[shown:])
