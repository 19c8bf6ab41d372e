"""Sentences of the kernel and the rules."""

from __future__ import annotations

from django.template import Context, Template
from django.utils.translation import override

from jianguan.kernel.messages import Message, message
from jianguan.platform.web.messages import say

REFUSED = message("You may not grant roles for %(region)s.", region="460105")


def test_a_sentence_is_said_in_the_language_of_the_request() -> None:
    with override("zh-hans"):
        assert say(REFUSED) == "您无权在460105授予角色。"
    with override("en"):
        assert say(REFUSED) == "You may not grant roles for 460105."


def test_sentences_within_sentences_are_said_too() -> None:
    with override("zh-hans"):
        assert say(message("%(title)s: %(says)s", title=message("Password"), says=REFUSED)) == (
            "密码：您无权在460105授予角色。"
        )


def test_what_has_no_translation_stays_english() -> None:
    assert say(Message("Unheard of.")) == "Unheard of."


def test_templates_say_messages_and_leave_text_alone() -> None:
    with override("zh-hans"):
        assert Template("{{ a|say }} {{ b|say }}").render(Context({"a": message("Password"), "b": "<x>"})) == (
            "密码 &lt;x&gt;"
        )
