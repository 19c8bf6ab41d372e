"""The one way numbers are read: clean the text, find the form it is written in, apply the rules of that form.

Rules and patterns are data; the numbers differ only in them. Patterns are matched in ASCII mode, so that a digit
is 0-9, against the whole text; their named groups become the parts of the verdict.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from jianguan.kernel.identifiers.hygiene import bare
from jianguan.kernel.identifiers.verdict import Verdict
from jianguan.kernel.messages import Message, message

Rule = Callable[[re.Match[str]], Message | None]

HAN = "[一-龥]"
YEAR = r"(?P<year>(?:19|20)\d\d)"
LOCAL = r"(?=(?:\D*\d){3})[0-9A-Z一-龥()\[\]/-]{4,40}"  # no known rule, yet it could be somebody's register number


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing a number. `hard` rules refuse it, `soft` rules only warn."""

    pattern: str
    hard: tuple[Rule, ...] = ()
    soft: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of number: its forms, the first that matches counts, and the sentence for a text that matches none."""

    kind: str
    forms: tuple[Form, ...]
    explain: Callable[[str], Message]
    clean: Callable[[str], str] = bare

    def parse(self, given: str) -> Verdict:
        """Read `given`; whatever the text, the answer is a verdict."""
        text = self.clean(given)
        for form in self.forms:
            if match := re.fullmatch(form.pattern, text, re.ASCII):
                problems = _apply(form.hard, match)
                parts = {name: part for name, part in match.groupdict().items() if part is not None}
                normal = None if problems else text
                return Verdict(self.kind, given, normal, problems, _apply(form.soft, match), parts)
        return Verdict(self.kind, given, problems=(self.explain(text),))


def _apply(rules: tuple[Rule, ...], match: re.Match[str]) -> tuple[Message, ...]:
    return tuple(sentence for rule in rules if (sentence := rule(match)) is not None)


def always(sentence: Message) -> Callable[[object], Message]:
    """Say the same sentence whatever the text."""
    return lambda _text: sentence


def local(expected: Message, pattern: str) -> Form:
    """Accept, with a warning, what an older or local rule may have issued in another form than `expected`."""
    sentence = message("%(expected)s This one is written differently and accepted unchecked.", expected=expected)
    return Form(pattern, soft=(always(sentence),))


def tolerant(
    kind: str, expected: Message, *forms: Form, otherwise: str = LOCAL, clean: Callable[[str], str] = bare
) -> Shape:
    """A kind whose rules are not binding everywhere: what fits `otherwise` is accepted as older or local."""
    return Shape(kind, (*forms, local(expected, otherwise)), always(expected), clean)


def mismatch(expected: Message, length: int, allowed: str) -> Callable[[str], Message]:
    """Say how a text differs from what is `expected`: `length` characters of the class `allowed`."""

    def explain(text: str) -> Message:
        if len(text) != length:
            return message("%(expected)s This one has %(count)s characters.", expected=expected, count=len(text))
        if strange := "".join(dict.fromkeys(c for c in text if not re.match(allowed, c, re.ASCII))):
            return message("%(expected)s This one contains %(strange)s.", expected=expected, strange=strange)
        return message("%(expected)s This one has a character in the wrong place.", expected=expected)

    return explain


def real_day(match: re.Match[str]) -> Message | None:
    """The part `date`, YYYYMMDD or YYMMDD, is a day of the calendar."""
    digits = match["date"]
    try:
        date.fromisoformat("20" + digits if len(digits) == 6 else digits)
    except ValueError:
        return message("%(digits)s should be a day (year, month, day), but there is no such day.", digits=digits)
    return None


def known(part: str, pattern: str, sentence: Callable[[str], Message]) -> Rule:
    """The part is one of those that `pattern` names, else what `sentence` says about it."""
    return lambda match: None if re.fullmatch(pattern, match[part]) else sentence(match[part])


def check_character(compute: Callable[[str], str], payload: Callable[[str], str] = lambda text: text) -> Rule:
    """The last character is the one that `compute` finds for the payload, which is taken from the text before it."""
    doubt = message("The last character does not agree with the others; compare the number with the original.")
    return lambda match: None if compute(payload(match[0][:-1])) == match[0][-1] else doubt


def embedded(part: str, parse: Callable[[str], Verdict]) -> Rule:
    """The part is a number of its own and has neither problems nor warnings."""

    def rule(match: re.Match[str]) -> Message | None:
        verdict = parse(match[part])
        for sentence in verdict.problems + verdict.warnings:
            return message("In the part %(part)s: %(problem)s", part=match[part], problem=sentence)
        return None

    return rule
