"""From rows to a marking and from a delta back to rows.

1. One transition is one database transaction. The row of the instance is locked first, always; tokens, items and timers
   are read in a second statement, because a statement that waited for the lock still sees the snapshot from before.
2. Lock order everywhere: instance, then its timers and items.
3. What a delta says is written in one statement; nothing is read again.

Reading and writing are SQL, not the ORM: a move is what the product does all day (`platform.database.writing`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection

from jianguan.kernel.clock import Limit
from jianguan.kernel.process import Delta, Item, ItemState, Marking, Net, Status
from jianguan.kernel.process import Timer as ArmedTimer
from jianguan.kernel.process import Token as LiveToken
from jianguan.licensing.process.values import from_json, to_json
from jianguan.platform.database.writing import Writing

DueAt = Callable[[Limit, datetime], datetime]


@dataclass(frozen=True, slots=True)
class Locked:
    """An instance whose row this transaction holds, and where it stands."""

    id: UUID
    definition: str
    net: Net
    region: str
    status: str
    variables: Mapping[str, object]
    marking: Marking


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who moved the process, when, and what the legal clock says about work items opened by it."""

    actor_id: UUID | None
    at: datetime
    due_on: date | None
    timer_due_at: DueAt


def hold(instance_id: UUID) -> bool:
    """Lock an instance before anything else of its case is locked; returns whether there is one."""
    assert connection.in_atomic_block
    return bool(_rows("SELECT 1 FROM process_instance WHERE id = %s FOR UPDATE", [instance_id]))


def hold_of(item_id: UUID) -> UUID | None:
    """Lock the instance a work item belongs to, as `hold` does; None if there is no such item."""
    assert connection.in_atomic_block
    found = _rows(
        "SELECT id FROM process_instance WHERE id = (SELECT instance_id FROM process_workitem WHERE id = %s) FOR UPDATE",
        [item_id],
    )
    return cast("UUID", found[0][0]) if found else None


def lock(instance_id: UUID, net_of: Callable[[str], Net]) -> Locked | None:
    """Lock an instance and read where it stands; None if there is no such instance.

    `net_of` gives the net of a definition; a case stays with the definition it began under.
    """
    assert connection.in_atomic_block
    found = _rows(
        "SELECT definition, region, status, variables FROM process_instance WHERE id = %s FOR UPDATE", [instance_id]
    )
    if not found:
        return None
    definition, region, status, variables = found[0]
    net = net_of(definition)
    marking = _standing(instance_id, net)
    return Locked(instance_id, definition, net, region, status, from_json(json.loads(variables)), marking)


_STANDING = """
SELECT 't', id, node, scope, flow, NULL, NULL, 0 FROM process_token WHERE instance_id = %(id)s
UNION ALL SELECT 'i', id, node, token_id, role, element, state, position FROM process_workitem
  WHERE instance_id = %(id)s AND state IN ('open', 'queued')
UNION ALL SELECT 'c', id, node, token_id, NULL, NULL, NULL, 0 FROM process_timer
  WHERE instance_id = %(id)s AND state = 'armed'
ORDER BY id
"""


def _standing(instance_id: UUID, net: Net) -> Marking:
    """Where an instance stands."""
    tokens, items, timers = [], [], []
    for kind, id_, node, token, text, element, state, position in _rows(_STANDING, {"id": instance_id}):
        match kind:
            case "t":
                tokens.append(LiveToken(id_, node, token, text))
            case "i":
                items.append(Item(id_, token, node, text, element, position, ItemState(state)))
            case _:
                timers.append(ArmedTimer(id_, token, node, _limit(net, node)))
    return Marking(tuple(tokens), tuple(items), tuple(timers))


def _limit(net: Net, node: str) -> Limit:
    limit = net.nodes[node].timer
    assert limit is not None, f"{node} has a timer in the database but none in its definition"
    return limit


def create(instance_id: UUID, definition: str, region: str, delta: Delta, net: Net, stamp: Stamp) -> None:
    """Store a process that has just been started."""
    writing = Writing()
    row = (instance_id, definition, region, delta.status, _json(delta.variables), delta.end or "", stamp.at)
    columns = 'process_instance (id, definition, region, status, variables, "end", started_at, ended_at)'
    writing.insert(columns, [(*row, _ended_at(delta, stamp))])
    _begin(writing, instance_id, region, delta, net, stamp)
    writing.carry_out()


def save(before: Locked, delta: Delta, stamp: Stamp, outcome: str | None = None) -> None:
    """Store what a transition changed."""
    writing = Writing()
    if delta.variables or delta.status is not Status.ACTIVE:
        writing.add(
            'UPDATE process_instance SET variables = %s, status = %s, "end" = %s, ended_at = %s WHERE id = %s',
            _json({**before.variables, **delta.variables}), delta.status, delta.end or "", _ended_at(delta, stamp), before.id,
        )  # fmt: skip
    _close(writing, delta, stamp, outcome)
    _begin(writing, before.id, before.region, delta, before.net, stamp)
    writing.carry_out()


def _ended_at(delta: Delta, stamp: Stamp) -> datetime | None:
    return None if delta.status is Status.ACTIVE else stamp.at


def _close(writing: Writing, delta: Delta, stamp: Stamp, outcome: str | None) -> None:
    """What ended: tokens, items, timers."""
    if gone := _ids(delta.tokens_removed):
        writing.add("DELETE FROM process_token WHERE id = ANY(%s)", gone)
    if done := _ids(delta.items_done):
        writing.add(
            "UPDATE process_workitem SET state = 'done', closed_at = %s, closed_by = %s, outcome = %s WHERE id = ANY(%s)",
            stamp.at, stamp.actor_id, outcome, done,
        )  # fmt: skip
    if withdrawn := _ids(delta.items_withdrawn):
        writing.add(
            "UPDATE process_workitem SET state = 'withdrawn', closed_at = %s WHERE id = ANY(%s)", stamp.at, withdrawn
        )
    if opened := _ids(delta.items_activated):
        writing.add("UPDATE process_workitem SET state = 'open', opened_at = %s WHERE id = ANY(%s)", stamp.at, opened)
    for timers, state in ((delta.timers_fired, "fired"), (delta.timers_disarmed, "disarmed")):
        if ended := _ids(timers):
            writing.add("UPDATE process_timer SET state = %s WHERE id = ANY(%s)", state, ended)


def _ids(parts: Iterable[LiveToken | Item | ArmedTimer]) -> list[UUID | str]:
    return [part.id for part in parts]


def _begin(writing: Writing, instance_id: UUID, region: str, delta: Delta, net: Net, stamp: Stamp) -> None:
    """What began: tokens, items, timers; and the log."""
    writing.insert(
        "process_token (id, instance_id, node, scope, flow)",
        [(t.id, instance_id, t.node, t.scope, t.flow) for t in delta.tokens_added],
    )
    writing.insert(
        "process_workitem (id, instance_id, token_id, node, stage, role, element, position, state, region, due_on, opened_at)",
        [
            (
                item.id, instance_id, item.token, item.node, net.nodes[item.node].stage or "", item.role or "",
                item.element, item.position, item.state, region, stamp.due_on, stamp.at,
            )
            for item in delta.items_opened
        ],
    )  # fmt: skip
    writing.insert(
        "process_timer (id, instance_id, token_id, node, due_at, state)",
        [
            (t.id, instance_id, t.token, t.node, stamp.timer_due_at(t.limit, stamp.at), "armed")
            for t in delta.timers_armed
        ],
    )
    writing.insert(
        "process_logline (instance_id, node, event, data, actor_id, at)",
        [(instance_id, line.node, line.kind, _json(line.data), stamp.actor_id, stamp.at) for line in delta.log],
    )


def _json(data: Mapping[str, object]) -> str:
    return json.dumps(to_json(data), ensure_ascii=False)


def _rows(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cast("list[tuple[Any, ...]]", cursor.fetchall())
