"""Inspections in templates: `{% load inspections %}{% grade row %} {{ score|points }}`."""

from __future__ import annotations

from fractions import Fraction

from django import template
from django.utils.safestring import SafeString

from jianguan.kernel.scoring import shown
from jianguan.platform.web.service import tag, words
from jianguan.sites.inspections import results
from jianguan.sites.inspections.checklists import standard
from jianguan.sites.inspections.models import Inspection, State
from jianguan.sites.inspections.results import Line, Loss

register = template.Library()
_GRADES = {"excellent": "green", "qualified": "blue", "unqualified": "red"}
_STATES = {State.DRAFT: "neutral", State.SUBMITTED: "green", State.CORRECTING: "orange"}


@register.simple_tag
def grade(checklist: str, key: str) -> SafeString | str:
    """A grade as a tag; nothing where there is none yet."""
    names = {one.key: one.name for one in standard(checklist).grades}
    return tag(words(names[key]), _GRADES.get(key, "neutral")) if key in names else ""


@register.simple_tag
def inspection_state(row: Inspection) -> SafeString:
    """Where an inspection stands."""
    return tag(str(row.get_state_display()), _STATES[State(row.state)])


@register.filter
def points(score: Fraction) -> str:
    """A score with two decimals."""
    return str(shown(score))


@register.filter
def checklist_name(key: str) -> str:
    """The name of a checklist."""
    return words(standard(key).name)


@register.filter
def losses(line: Line) -> list[Loss]:
    """The items of a sheet that lost points or are absent."""
    return results.losses(line)
