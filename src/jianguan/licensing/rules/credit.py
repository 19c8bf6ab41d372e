"""Credit of who applies 信用等级, on which shares of draws may depend.

Until the library of credit exists, nobody has a grade: tables have a row for `none`, which then decides for everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from jianguan.kernel.messages import message
from jianguan.licensing.rules.finding import Application, Finding, fact

NONE = "none"
GRADES = ("A", "B", "C", "D", NONE)
GradeOf = Callable[[str, date], str]


def _nobody_has_one(_uscc: str, _day: date) -> str:
    return NONE


_grade_of: GradeOf = _nobody_has_one


def know_grades(grade_of: GradeOf) -> None:
    """Let a room above tell the grade of an enterprise (by credit code) on a day; the rooms below do not know it."""
    global _grade_of  # noqa: PLW0603 - said once, when the room is loaded
    _grade_of = grade_of


@fact("text", *GRADES)
def credit_grade(application: Application) -> Finding:
    """Credit grade of the applicant; `none` where it has none."""
    grade = _grade_of(application.applicant, application.day)
    if grade == NONE:
        return Finding(NONE, message("The applicant has no credit grade."))
    return Finding(grade, message("Credit grade %(grade)s.", grade=grade))
