"""Sentences of the kernel and the rules, in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from jianguan.kernel.messages import Message
from jianguan.kernel.tables import Localized


def say(message: Message) -> str:
    """The sentence in the language of the current request; what has no translation stays English."""
    return message.render(gettext)


def words(text: Localized) -> str:
    """A text of a pack in the language of the current request."""
    return text.text(get_language() or "zh")
