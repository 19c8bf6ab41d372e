"""How a document stands in its box: `{% load archives %}{% version use %}{% filed_by people use.put_by %}`."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext

from jianguan.licensing.archives.rules import Use
from jianguan.licensing.archives.schedule import CERTIFICATE, MATERIAL

register = template.Library()


@register.simple_tag
def version(use: Use) -> str:
    """In which submissions of its case a document stands, or which edition of a certificate it is."""
    first, last = use.versions[0], use.versions[-1]
    if use.what == CERTIFICATE:
        return gettext("edition %(number)s") % {"number": last}
    if use.what != MATERIAL:
        return ""
    if first == last:
        return gettext("submission %(number)s of %(newest)s") % {"number": last, "newest": use.newest}
    return gettext("submissions %(first)s to %(last)s of %(newest)s") % {
        "first": first, "last": last, "newest": use.newest,
    }  # fmt: skip


@register.simple_tag
def filed_by(people: Mapping[UUID, tuple[str, str]], account_id: UUID | None) -> str:
    """Who put a document into the box, with their unit; certificates the platform files itself."""
    if account_id is None:
        return gettext("The platform")
    return format_html('{}<span class="second">{}</span>', *people.get(account_id, ("—", "")))
