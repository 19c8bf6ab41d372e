"""Project numbers: of the national platform, of its records and works, and of the investment register.

- National project number 项目编号 PrjNum (data standard of the national construction market platform, 2014 and
  2018): 16 digits are sourced; what they mean is observed, so a strange date or category only warns.
- Node record number 节点编号: `PrjNum-SX-001`, or `YJ-PrjNum-001` for a performance record; sourced, the list of
  nodes is not complete.
- Works code 单项/单体编码: the project number, a dash, three digits of the single works and two more of the unit works;
  a proposal, other forms are accepted with a warning.
- Investment project code 投资项目统一代码 (GB/T 40058-2021): 24 characters are sourced; its check digit fits the only
  sample there is and only warns. The form of 2016 to 2020 is recalled.
"""

from __future__ import annotations

import re
from datetime import date

from jianguan.kernel.identifiers import check_digits
from jianguan.kernel.identifiers.hygiene import bare, tidy
from jianguan.kernel.identifiers.making import counted, digits
from jianguan.kernel.identifiers.shape import (
    Form,
    Shape,
    always,
    check_character,
    embedded,
    known,
    mismatch,
    real_day,
    tolerant,
)
from jianguan.kernel.messages import Message, message

# Observed: 01 buildings, 02 municipal works, 99 other; 00 since about 2019.
_CATEGORIES = "00|01|02|99"
# Award of contract, drawing review, labour contract, construction contract (recalled), construction permit,
# completion, performance record.
_NODES = "BD|TX|HL|HZ|SX|JX|YJ"

_PROJECT = Shape(
    "project",
    (
        Form(
            r"(?P<region>\d{6})(?P<date>\d{6})(?P<category>\d\d)(?P<serial>\d\d)",
            soft=(
                real_day,
                known("category", _CATEGORIES, lambda code: message("%(code)s is not a known category.", code=code)),
            ),
        ),
    ),
    mismatch(message("A national project number has 16 digits."), 16, "[0-9]"),
)
parse = _PROJECT.parse


def make(division: str, day: date, *, category: str, serial: int) -> str:
    """A new national project number; `NumberError` where the day's 99 numbers of the category are used up."""
    return digits(division, 6) + f"{day:%y%m%d}" + digits(category, 2) + counted(serial, 2)


def record(node: str) -> Form:
    """The form of the platform's record numbers of `node`, a pattern of two letters."""
    return Form(
        rf"(?P<project>\d{{16}})-(?P<node>{node})-(?P<serial>\d{{3}})",
        soft=(
            embedded("project", parse),
            known("node", _NODES, lambda code: message("%(code)s is not a known kind of record.", code=code)),
        ),
    )


_RECORD = Shape(
    "node_record",
    (
        record("[A-Z]{2}"),
        Form(r"(?P<node>YJ)-(?P<project>\d{16})-(?P<serial>\d{3})", soft=(embedded("project", parse),)),
    ),
    always(message("A record number is written like %(example)s.", example="1100000509019901-SX-001")),
    tidy,
)
parse_record = _RECORD.parse


def make_record(project: str, node: str, serial: int) -> str:
    """The number of record `serial` (1-999) of a project at a node, such as SX or YJ."""
    number, count = digits(project, 16), counted(serial, 3)
    made = f"YJ-{number}-{count}" if node == "YJ" else f"{number}-{node}-{count}"
    return parse_record(made).require()


_WORKS = tolerant(
    "works",
    message("A works code is written like %(example)s.", example="4601052604150103-00101"),
    Form(r"(?P<project>\d{16})-(?P<single>\d{3})(?P<unit>\d{2})?", soft=(embedded("project", parse),)),
    clean=tidy,
)
parse_works = _WORKS.parse


def make_works(project: str, single: int, unit: int | None = None) -> str:
    """The code of single works (1-999) of a project, or of unit works (1-99) within them."""
    return f"{digits(project, 16)}-{counted(single, 3)}" + ("" if unit is None else counted(unit, 2))


def _with_dashes(text: str) -> str:
    without = bare(text)
    if re.fullmatch("[0-9]{20}", without):
        return "-".join((without[:4], without[4:10], without[10:12], without[12:14], without[14:]))
    return tidy(text)


def _month(match: re.Match[str]) -> Message | None:
    if "01" <= match["month"][2:] <= "12":
        return None
    return message("The first four digits %(digits)s should be a year and a month.", digits=match["month"])


_INVESTMENT = Shape(
    "investment_project",
    (
        Form(
            r"(?P<year>20(?:1[6-9]|20))-(?P<region>\d{6})-(?P<industry>\d\d)-(?P<type>\d\d)-(?P<serial>\d{6})",
        ),
        Form(
            r"(?P<month>\d{4})-(?P<region>\d{6})-(?P<department>\d\d)-(?P<type>\d\d)-(?P<random>\d{5})(?P<check>\d)",
            soft=(
                _month,
                check_character(check_digits.mod11_10, lambda text: text.replace("-", "")),
            ),
        ),
    ),
    mismatch(
        message(
            "An investment project code has 20 digits and four dashes, like %(example)s.",
            example="2509-320193-89-01-544060",
        ),
        24,
        "[0-9-]",
    ),
    _with_dashes,
)
parse_investment = _INVESTMENT.parse
