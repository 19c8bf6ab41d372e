"""Sentences for people, made where no language is known yet.

The kernel and the rules know what is wrong, but not who reads it. They say it as a `Message`: an English
template with named parameters. A face translates the template with gettext and fills in the parameters; the
template itself is the key in the catalogue (`tools/messages.py` extracts every call of `message`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence: an English template in `%(name)s` style and its parameters."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.render()

    def render(self, translate: Callable[[str], str] = str) -> str:
        """The sentence in the language of `translate`, with its parameters filled in."""
        text = translate(self.template)
        values = {k: v.render(translate) if isinstance(v, Message) else v for k, v in self.params.items()}
        return text % values if values else text


def message(template: str, /, **params: object) -> Message:
    """Mark `template` for translation and make the sentence; parameters may be sentences themselves."""
    return Message(template, params)
