"""Acts that happen once: the frame every action of the product runs in.

An action takes the actor and a typed command, and returns a small frozen dataclass of plain values. The frame gives
it one transaction, and makes it idempotent by the command's id: a second click, a repeated request after a lost
answer and two connections racing with the same id all get the first answer.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import typing
from collections.abc import Callable
from typing import Any, ParamSpec, Protocol, TypeVar
from uuid import UUID

from django.db import connection, transaction
from uuid6 import uuid7

from jianguan.kernel.messages import message
from jianguan.kernel.transparency.canonical import canonical
from jianguan.platform import clock
from jianguan.platform.commands.models import Receipt
from jianguan.platform.errors import Conflict

P = ParamSpec("P")
AnswerT = TypeVar("AnswerT")


class Command(Protocol):
    """What an action is told: a frozen dataclass of plain values with the id of this one attempt."""

    @property
    def command_id(self) -> UUID: ...


class Acting(Protocol):
    """Whoever acts: a person's account, or the system itself (None)."""

    @property
    def id(self) -> UUID | None: ...


def new_command_id() -> UUID:
    """A fresh id; a page puts it into its form so that submitting twice is one act."""
    return uuid7()


def action(function: Callable[[Any, Any], AnswerT]) -> Callable[[Any, Any], AnswerT]:
    """Run `function(actor, command)` in one transaction, once per command id.

    Raises:
        Conflict: the command id was used before for something else.
        Refusal: whatever the action itself refuses; nothing is then kept, not even the receipt.
    """
    name = f"{function.__module__.removeprefix('jianguan.').removesuffix('.actions')}.{function.__name__}"

    @functools.wraps(function)
    def run(actor: Acting, command: Command) -> AnswerT:
        with transaction.atomic():
            digest = _digest(name, command)
            if not _claim(name, actor, command, digest):
                return _earlier_answer(function, actor, command, digest)
            answer = function(actor, command)
            _keep_answer(command, answer)
        return answer

    return run


def _claim(name: str, actor: Acting, command: Command, digest: bytes) -> bool:
    """Write the receipt; False when it is there already. A racing transaction waits here for the first to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO commands_receipt (command_id, action, actor_id, digest, at) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (command_id) DO NOTHING",
            [command.command_id, name, actor.id, digest, clock.now()],
        )
        return cursor.rowcount == 1


def _keep_answer(command: Command, answer: Any) -> None:
    with connection.cursor() as cursor:
        said = json.dumps(dataclasses.asdict(answer))
        cursor.execute("UPDATE commands_receipt SET answer = %s WHERE command_id = %s", [said, command.command_id])


def _earlier_answer(function: Callable[..., AnswerT], actor: Acting, command: Command, digest: bytes) -> AnswerT:
    receipt = Receipt.objects.get(pk=command.command_id)
    if receipt.actor_id != actor.id or bytes(receipt.digest) != digest:
        raise Conflict(message("This form was already used for something else. Reload the page and try again."))
    return_type = typing.get_type_hints(function)["return"]
    return typing.cast("AnswerT", return_type(**(receipt.answer or {})))


def _digest(name: str, command: Command) -> bytes:
    values = dataclasses.asdict(typing.cast("Any", command))
    values.pop("command_id")
    return hashlib.sha256(name.encode() + canonical(values)).digest()
