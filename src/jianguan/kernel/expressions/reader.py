"""The lexer and the literals of the house's FEEL, shared by conditions and by the cells of decision tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from jianguan.kernel.expressions.values import DIGITS, Value, read_date, read_number, read_text
from jianguan.kernel.messages import Message, message

LIMIT: Final = 500
"""The longest condition and the longest cell, in characters."""

RESERVED: Final = frozenset({"and", "or", "not", "in", "true", "false", "null", "date"})

_TOKEN = re.compile(
    r"""
      (?P<space>  [ \t\r\n]+)
    | (?P<number> -?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))
    | (?P<text>   "(?:[^"\\\x00-\x1f\x7f\ud800-\udfff]|\\["\\n])*")
    | (?P<name>   [A-Za-z_][A-Za-z0-9_]*)
    | (?P<mark>   <=|>=|!=|\.\.|[-=<>()\[\]{},:])
    """,
    re.VERBOSE,
)
_CONSTANTS: Final[dict[str, Value]] = {"true": True, "false": False, "null": None}


class ExpressionError(ValueError):
    """A text outside the grammar, or a condition that cannot be decided.

    `message` is the whole sentence, `position` the offset of the place in the text, in characters from 0.
    """

    def __init__(self, problem: Message, position: int) -> None:
        self.message = message("At character %(position)s: %(problem)s", position=position + 1, problem=problem)
        self.position = position
        super().__init__(self.message, position)

    def __str__(self) -> str:
        return self.message.render()


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the text; reserved words are marks, like operators and brackets."""

    kind: Literal["number", "text", "name", "mark", "end"]
    text: str
    position: int


class Reader:
    """A cursor over the words of one text: a recursive-descent parser consumes its input, hence the state."""

    def __init__(self, text: str, limit: int = LIMIT) -> None:
        if len(text) > limit:
            problem = message("the text is longer than %(limit)s characters.", limit=limit)
            raise ExpressionError(problem, limit)
        self._tokens = _tokens(text)
        self._index = 0

    @property
    def token(self) -> Token:
        """The next word, not yet consumed."""
        return self._tokens[self._index]

    def next(self) -> Token:
        """Consume the next word; the end stays where it is."""
        token = self.token
        if token.kind != "end":
            self._index += 1
        return token

    def take(self, *marks: str) -> str:
        """Consume the next word if it is one of `marks`, and return it; otherwise an empty text."""
        token = self.token
        return self.next().text if token.kind == "mark" and token.text in marks else ""

    def expect(self, mark: str) -> None:
        """Consume `mark`, or refuse the text."""
        if not self.take(mark):
            raise self.refusal(message("“%(mark)s”", mark=mark))

    def end(self) -> None:
        """Refuse anything that is left."""
        if self.token.kind != "end":
            raise self.refusal(message("the end of the text"))

    def literal(self) -> Value:
        """Consume a number, a quoted text, true, false, null or date("…"), and return its value."""
        token = self.token
        if token.kind == "number":
            return self._number(self.next())
        if token.kind == "text":
            return read_text(self.next().text)
        if word := self.take(*_CONSTANTS):
            return _CONSTANTS[word]
        if self.take("date"):
            return self._date()
        raise self.refusal(message("a value"))

    def refusal(self, expected: Message) -> ExpressionError:
        """The error that says what was expected in place of the next word."""
        token = self.token
        found = message("“%(text)s”", text=token.text) if token.text else message("the end of the text")
        problem = message("%(expected)s is expected, not %(found)s.", expected=expected, found=found)
        return ExpressionError(problem, token.position)

    def _number(self, token: Token) -> Value:
        number = read_number(token.text)
        if number is None:
            problem = message("a number has at most %(digits)s digits on each side of the point.", digits=DIGITS)
            raise ExpressionError(problem, token.position)
        return number

    def _date(self) -> Value:
        self.expect("(")
        token = self.token
        day = read_date(read_text(token.text)) if token.kind == "text" else None
        if day is None:
            raise self.refusal(message("a day such as “2026-01-31”"))
        self.next()
        self.expect(")")
        return day


def _tokens(text: str) -> list[Token]:
    tokens = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise ExpressionError(_unreadable(text[position]), position)
        if found.lastgroup != "space":
            tokens.append(_token(found))
        position = found.end()
    return [*tokens, Token("end", "", len(text))]


def _token(found: re.Match[str]) -> Token:
    text, position = found.group(), found.start()
    match found.lastgroup:
        case "number":
            return Token("number", text, position)
        case "text":
            return Token("text", text, position)
        case "name" if text not in RESERVED:
            return Token("name", text, position)
        case _:
            return Token("mark", text, position)


def _unreadable(character: str) -> Message:
    if character == '"':
        return message("a quoted text is not closed, or holds a character that must be escaped.")
    return message("the character “%(character)s” has no meaning here.", character=character)
