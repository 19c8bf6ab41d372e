"""Where a case stands: tokens, work items and timers; and what one transition changed in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from jianguan.kernel.clock import Limit

Id: TypeAlias = UUID | str
"""Made by the port: UUIDs where cases are stored, short texts in tests and in the explorer."""

NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Token:
    """One place where the case stands.

    A token at a sub-process is the instance of its scope: the tokens inside name it as their `scope`, those of the
    outermost level have none. A token that waits at a join keeps the `flow` it came by.
    """

    id: Id
    node: str
    scope: Id | None = None
    flow: str | None = None


class ItemState(StrEnum):
    """A work item is open, waits for its turn, was finished by a person, or was taken back."""

    OPEN = "open"
    QUEUED = "queued"
    DONE = "done"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Item:
    """Work for a person 待办 at a user task; the items of a multi-instance task have an element and a position each."""

    id: Id
    token: Id
    node: str
    role: str | None = None
    element: str | None = None
    position: int = 0
    state: ItemState = ItemState.OPEN


@dataclass(frozen=True, slots=True)
class Timer:
    """An armed timer of the event `node`, due `limit` after it was armed; it hangs on its token."""

    id: Id
    token: Id
    node: str
    limit: Limit


@dataclass(frozen=True, slots=True)
class Marking:
    """All live tokens, open or queued items, and armed timers of a case, oldest first."""

    tokens: tuple[Token, ...] = ()
    items: tuple[Item, ...] = ()
    timers: tuple[Timer, ...] = ()


class Status(StrEnum):
    """Whether a case still runs."""

    ACTIVE = "active"
    DONE = "done"
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What a line of the log says about its node.

    entered, requested, called: a token came to rest at a task, a waiting service task, a call activity.
    completed: one work item was finished; left: the last one of several was, or a sub-process ended.
    withdrawn: the token was taken away from outside, by a timer, a terminate end or a cancellation.
    """

    STARTED = "started"
    ENTERED = "entered"
    COMPLETED = "completed"
    LEFT = "left"
    DECIDED = "decided"
    SERVED = "served"
    REQUESTED = "requested"
    SIGNALLED = "signalled"
    CALLED = "called"
    RETURNED = "returned"
    CHOSE = "chose"
    JOINED = "joined"
    FIRED = "fired"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    TERMINATED = "terminated"
    CANCELLED = "cancelled"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class LogLine:
    """What happened at a node (None: to the case as a whole); `data` holds texts, numbers, dates and lists only."""

    node: str | None
    kind: Event
    data: Mapping[str, object] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a service task asks for. If it waits, `token` is the address of the answer (`Transition.signal`)."""

    code: str
    node: str
    token: Id | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A child process to start; its end is told with `Transition.child_ended(token, …)`."""

    token: Id
    node: str
    process: str


@dataclass(frozen=True, slots=True)
class Delta:
    """Everything one transition changed, and nothing else: what was made and unmade within it does not appear.

    `log`, `effects` and `calls` are in the order of events. `abandoned` are tokens of call activities and waiting service
    tasks that were taken away: their child process or request is to be cancelled. `stops_begun` and `stops_ended` are the
    reasons for which the legal clock stops or runs again. `end` is the end event that finished the case. `flows` is the
    way taken. A delta without log lines changed nothing.
    """

    tokens_added: tuple[Token, ...] = ()
    tokens_removed: tuple[Token, ...] = ()
    items_opened: tuple[Item, ...] = ()
    items_activated: tuple[Item, ...] = ()
    items_done: tuple[Item, ...] = ()
    items_withdrawn: tuple[Item, ...] = ()
    timers_armed: tuple[Timer, ...] = ()
    timers_fired: tuple[Timer, ...] = ()
    timers_disarmed: tuple[Timer, ...] = ()
    variables: Mapping[str, object] = field(default_factory=lambda: NOTHING)
    effects: tuple[Effect, ...] = ()
    calls: tuple[Call, ...] = ()
    abandoned: tuple[Token, ...] = ()
    stops_begun: tuple[str, ...] = ()
    stops_ended: tuple[str, ...] = ()
    status: Status = Status.ACTIVE
    end: str | None = None
    log: tuple[LogLine, ...] = ()
    flows: tuple[str, ...] = field(default=(), repr=False)

    def apply(self, marking: Marking) -> Marking:
        """The marking after this change, for those who keep it in memory."""
        gone: set[Id] = {token.id for token in self.tokens_removed}
        gone.update(item.id for item in (*self.items_done, *self.items_withdrawn, *self.items_activated))
        gone.update(timer.id for timer in (*self.timers_fired, *self.timers_disarmed))
        return Marking(
            (*(token for token in marking.tokens if token.id not in gone), *self.tokens_added),
            (*(i for i in marking.items if i.id not in gone), *self.items_activated, *self.items_opened),
            (*(timer for timer in marking.timers if timer.id not in gone), *self.timers_armed),
        )
