"""Sentences of the kernel and the rules, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext

from jianguan.kernel.messages import Message


def say(message: Message) -> str:
    """The sentence in the language of the current request; what has no translation stays English."""
    return message.render(gettext)
