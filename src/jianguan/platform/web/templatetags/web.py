"""Tags and filters of the templates; built in, nothing needs to be loaded."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from jianguan.kernel.identifiers.masks import mask_id, mask_name, mask_phone
from jianguan.kernel.messages import Message
from jianguan.platform import clock
from jianguan.platform.web import assets, messages, numbers

register = template.Library()

register.filter(numbers.area)
register.filter(numbers.thousands)
register.filter(numbers.wan)
register.filter(mask_id)
register.filter(mask_name)
register.filter(mask_phone)
register.simple_tag(assets.asset_url, name="asset")


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A Tabler icon as decoration: `{% icon "bell" %}`; sizes are "" (16), "lg" (20) and "xl" (30 pixels)."""
    return format_html(
        '<svg class="ico {}" aria-hidden="true"><use href="{}#{}"/></svg>', size, assets.asset_url("icons.svg"), name
    )


@register.simple_tag
def tag(label: str, tone: str = "neutral") -> SafeString:
    """A state: its word on the ground of its tone. "solid" is the red one that calls for attention (督办)."""
    return format_html('<span class="st st-{}">{}</span>', tone, label)


class Deadline(Protocol):
    """What a lamp shows: a level of `kernel.clock.Level` or "none", and the days left, or over when overdue."""

    @property
    def level(self) -> str: ...

    @property
    def days(self) -> int: ...


@register.simple_tag
def lamp(deadline: Deadline) -> SafeString:
    """How urgent something is: shape, colour and word."""
    match deadline.level:
        case "overdue":
            words = ngettext("%(days)s day overdue", "%(days)s days overdue", deadline.days) % {"days": deadline.days}
        case "ok" | "soon":
            words = ngettext("%(days)s day left", "%(days)s days left", deadline.days) % {"days": deadline.days}
        case "today":
            words = gettext("due today")
        case "stopped":
            words = gettext("clock stopped")
        case _:
            words = gettext("no time limit")
    return format_html('<span class="lamp lamp-{}">{}</span>', deadline.level, words)


@register.filter
def say(message: Message | str) -> str:
    """A sentence of the kernel or the rules in the reader's language; text stays as it is."""
    return messages.say(message) if isinstance(message, Message) else str(message)


@register.filter
def moment(at: datetime | None) -> str:
    """An instant in Beijing time as people write it in lists: 06-11 08:31, with the year unless it is this one."""
    if at is None:
        return numbers.MISSING
    local = at.astimezone(clock.LEGAL_ZONE)
    return local.strftime("%m-%d %H:%M" if local.year == clock.today().year else "%Y-%m-%d %H:%M")


@register.filter
def moment_in_full(at: datetime | None) -> str:
    """An instant in Beijing time to the second: 2025-06-11 09:42:18."""
    return at.astimezone(clock.LEGAL_ZONE).strftime("%Y-%m-%d %H:%M:%S") if at else numbers.MISSING


@register.filter
def day(value: date | None) -> str:
    """A legal day: 2025-06-11; an instant gives the day it falls on in Beijing."""
    legal = clock.legal_day(value) if isinstance(value, datetime) else value
    return legal.isoformat() if legal else numbers.MISSING


@register.filter
def day_in_words(value: date) -> str:
    """A day with its weekday: 2025 年 6 月 11 日 星期三."""
    legal = clock.legal_day(value) if isinstance(value, datetime) else value
    return date_format(legal, "DATE_FORMAT")
