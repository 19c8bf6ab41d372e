"""Dictionaries in templates: `{% load dictionaries %}{{ works.structure|term:"structure" }}`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import template
from django.utils.safestring import SafeString

from jianguan.platform import clock
from jianguan.platform.web.service import tag
from jianguan.registry.dictionaries import service as dictionaries
from jianguan.registry.dictionaries.rules import standing

register = template.Library()


@register.filter
def term(code: str, dictionary: str) -> str:
    """The name of an item."""
    return dictionaries.name(dictionary, code)


@register.filter
def terms(codes: Iterable[str], dictionary: str) -> list[str]:
    """The names of several items."""
    return [dictionaries.name(dictionary, code) for code in codes]


@register.simple_tag
def certificate_status(status: str, valid_until: date | None) -> SafeString:
    """How a recorded certificate stands today: `{% certificate_status row.status row.valid_until %}`."""
    found = standing(status, valid_until, clock.today())
    return tag(dictionaries.name("certificate_status", found.code), found.tone)
