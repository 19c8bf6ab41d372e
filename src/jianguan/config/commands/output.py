"""How commands answer: words for people, one JSON document for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn, TypeVar
from uuid import UUID

import click

from jianguan.kernel.messages import Message

GOOD, BAD, WRONG_USE, SOME_BAD = 0, 1, 2, 3
FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


def json_option(function: FunctionT) -> FunctionT:
    """Give a command the option `--json` (parameter `as_json`)."""
    return click.option("--json", "as_json", is_flag=True, help="print one JSON document and nothing else")(function)


def answer(document: Any, words: str, *, as_json: bool, status: int = GOOD) -> NoReturn:
    """Print the answer and end with an exit status."""
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))
    else:
        click.echo(words)
    sys.exit(status)


def _plain(value: object) -> object:
    if isinstance(value, Message):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    raise TypeError(f"{type(value).__name__} does not belong into an answer")
