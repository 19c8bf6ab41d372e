"""How promises look in templates."""

from __future__ import annotations

from django import template

from jianguan.licensing.promises.models import LaterCheck
from jianguan.licensing.promises.rules import TONES

register = template.Library()


@register.filter
def promise_tone(check: LaterCheck) -> str:
    """The colour of the state of a check."""
    return TONES[check.state]
