"""Tags and filters of the templates; built in, nothing needs to be loaded."""

from __future__ import annotations

from typing import Protocol

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from jianguan.kernel.identifiers.masks import mask_id, mask_name, mask_phone
from jianguan.kernel.messages import Message
from jianguan.platform.web import assets, messages, moments, numbers

register = template.Library()

register.filter(numbers.area)
register.filter(numbers.thousands)
register.filter(numbers.wan)
register.filter(numbers.wan_yuan)
register.filter(moments.day)
register.filter(moments.day_in_words)
register.filter(moments.limit)
register.filter(moments.moment)
register.filter(moments.moment_in_full)
register.filter(messages.words)
register.filter(mask_id)
register.filter(mask_name)
register.filter(mask_phone)
register.simple_tag(assets.asset_url, name="asset")
register.simple_tag(moments.interval)


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


_CONFIDENCE = {
    "sourced": (gettext_lazy("sourced"), "green"),
    "observed": (gettext_lazy("observed"), "teal"),
    "recalled": (gettext_lazy("recalled"), "yellow"),
    "proposal": (gettext_lazy("proposed"), "neutral"),
}


@register.simple_tag
def confidence(mark: str) -> SafeString:
    """How sure the reference is of a piece of configuration."""
    words, tone = _CONFIDENCE[mark]
    return tag(str(words), tone)


class Deadline(Protocol):
    """What a lamp shows: a level of `kernel.clock.Level` or "none", and the days left, or over when overdue.

    `working` says that they are working days.
    """

    @property
    def level(self) -> str: ...

    @property
    def days(self) -> int: ...

    @property
    def working(self) -> bool: ...


@register.simple_tag
def lamp(deadline: Deadline) -> SafeString:
    """How urgent something is: shape, colour and word."""
    match deadline.level:
        case "overdue" | "ok" | "soon":
            words = _days_left(deadline) % {"days": deadline.days}
        case "today":
            words = gettext("due today")
        case "stopped":
            words = gettext("clock stopped")
        case _:
            words = gettext("no time limit")
    return format_html('<span class="lamp lamp-{}">{}</span>', deadline.level, words)


def _days_left(deadline: Deadline) -> str:
    match deadline.level == "overdue", deadline.working:
        case True, True:
            return ngettext("%(days)s working day overdue", "%(days)s working days overdue", deadline.days)
        case True, False:
            return ngettext("%(days)s day overdue", "%(days)s days overdue", deadline.days)
        case False, True:
            return ngettext("%(days)s working day left", "%(days)s working days left", deadline.days)
    return ngettext("%(days)s day left", "%(days)s days left", deadline.days)


@register.filter
def say(message: Message | str) -> str:
    """A sentence of the kernel or the rules in the reader's language; text stays as it is."""
    return messages.say(message) if isinstance(message, Message) else str(message)
