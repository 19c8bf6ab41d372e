"""Numbers of drawing reviews and completion filings; the national platform's own record numbers are read too."""

from __future__ import annotations

from jianguan.kernel.identifiers.hygiene import bare_if, tidy
from jianguan.kernel.identifiers.project import record
from jianguan.kernel.identifiers.shape import YEAR, Form, real_day, tolerant
from jianguan.kernel.messages import message

DRAWING_REVIEW = tolerant(
    "drawing_review",
    message(
        "A drawing review number is written like %(example)s: the review institution's number or 琼Z, the last six "
        "characters of the project code, 1 and the year.",
        example="琼Z-001234-1-2026",
    ),
    record("TX"),
    Form(rf"(?P<institution>[0-9A-Z一-龥()\[\]-]{{1,40}})-(?P<project>[0-9A-Z]{{6}})-1-{YEAR}"),
    clean=tidy,
)
"""Drawing review certificate 施工图审查合格书: the Hainan form is sourced; other provinces have their own."""

COMPLETION_FILING = tolerant(
    "completion_filing",
    message(
        "A completion filing number has 20 digits: division, category, day and serial, like %(example)s.",
        example="37080001202411010001",
    ),
    record("JX"),
    Form(r"(?P<region>\d{6})(?P<category>\d\d)(?P<date>\d{8})(?P<serial>\d{4})", soft=(real_day,)),
    clean=bare_if(r"\d{20}"),
)
"""Completion filing 竣工验收备案: the form of 20 digits is observed in one city's test data."""
