"""Supervision in templates: `{% load oversight %}{% for supervisor in file|bound %}{{ supervisor|speciality }}`."""

from __future__ import annotations

from django import template

from jianguan.platform.web.service import say
from jianguan.sites.oversight.models import Assignment, SupervisionFile
from jianguan.sites.oversight.rules import TITLES

register = template.Library()


@register.filter
def bound(file: SupervisionFile) -> list[Assignment]:
    """Who is bound to a file now; the assignments have been read with it."""
    return [assignment for assignment in file.assignments.all() if assignment.valid_until is None]


@register.filter
def speciality(assignment: Assignment) -> str:
    """What a supervisor is bound for."""
    return say(TITLES[assignment.speciality])
