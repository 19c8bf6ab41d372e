"""From rows to a marking and from a delta back to rows.

1. One transition is one database transaction. The row of the instance is locked first, always; tokens, items and timers
   are read in a second statement, because a statement that waited for the lock still sees the snapshot from before.
2. Lock order everywhere: instance, then its timers and items.
3. What a delta says is written in as many statements as it has kinds of change; nothing is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db import connection

from jianguan.kernel.clock import Limit
from jianguan.kernel.process import Delta, Item, ItemState, Marking, Net, Status
from jianguan.kernel.process import Timer as ArmedTimer
from jianguan.kernel.process import Token as LiveToken
from jianguan.licensing.process.models import Instance, LogLine, Timer, Token, WorkItem
from jianguan.licensing.process.values import from_json, to_json

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
    return Instance.objects.select_for_update().filter(pk=instance_id).first() is not None


def lock(instance_id: UUID, net_of: Callable[[str], Net]) -> Locked | None:
    """Lock an instance and read where it stands; None if there is no such instance.

    `net_of` gives the net of a definition; a case stays with the definition it began under.
    """
    assert connection.in_atomic_block
    row = Instance.objects.select_for_update().filter(pk=instance_id).first()
    if row is None:
        return None
    net = net_of(row.definition)
    return Locked(row.id, row.definition, net, row.region, row.status, from_json(row.variables), _marking(row.id, net))


def _marking(instance_id: UUID, net: Net) -> Marking:
    tokens = Token.objects.filter(instance=instance_id).order_by("id").values_list("id", "node", "scope", "flow")
    items = WorkItem.objects.filter(instance=instance_id, state__in=("open", "queued")).order_by("id")
    timers = Timer.objects.filter(instance=instance_id, state="armed").order_by("id")
    return Marking(
        tuple(LiveToken(*row) for row in tokens),
        tuple(
            Item(id_, token, node, role, element, position, ItemState(state))
            for id_, token, node, role, element, position, state in items.values_list(
                "id", "token_id", "node", "role", "element", "position", "state"
            )
        ),
        tuple(
            ArmedTimer(id_, token, node, _limit(net, node))
            for id_, token, node in timers.values_list("id", "token_id", "node")
        ),
    )


def _limit(net: Net, node: str) -> Limit:
    limit = net.nodes[node].timer
    assert limit is not None, f"{node} has a timer in the database but none in its definition"
    return limit


def create(instance_id: UUID, definition: str, region: str, delta: Delta, net: Net, stamp: Stamp) -> None:
    """Store a process that has just been started."""
    Instance.objects.create(
        id=instance_id,
        definition=definition,
        region=region,
        status=delta.status,
        variables=to_json(delta.variables),
        end=delta.end or "",
        started_at=stamp.at,
        ended_at=None if delta.status is Status.ACTIVE else stamp.at,
    )
    _write(instance_id, region, delta, net, stamp)


def save(before: Locked, delta: Delta, stamp: Stamp, outcome: str | None = None) -> None:
    """Store what a transition changed."""
    changes: dict[str, object] = {}
    if delta.variables:
        changes["variables"] = to_json({**before.variables, **delta.variables})
    if delta.status is not Status.ACTIVE:
        changes |= {"status": delta.status, "end": delta.end or "", "ended_at": stamp.at}
    if changes:
        Instance.objects.filter(pk=before.id).update(**changes)
    _close(delta, stamp, outcome)
    _write(before.id, before.region, delta, before.net, stamp)


def _close(delta: Delta, stamp: Stamp, outcome: str | None) -> None:
    """What ended: tokens, items, timers."""
    if delta.tokens_removed:
        Token.objects.filter(pk__in=_ids(delta.tokens_removed)).delete()
    if delta.items_done:
        done = {"state": "done", "closed_at": stamp.at, "closed_by": stamp.actor_id, "outcome": outcome}
        WorkItem.objects.filter(pk__in=_ids(delta.items_done)).update(**done)
    if delta.items_withdrawn:
        WorkItem.objects.filter(pk__in=_ids(delta.items_withdrawn)).update(state="withdrawn", closed_at=stamp.at)
    if delta.items_activated:
        WorkItem.objects.filter(pk__in=_ids(delta.items_activated)).update(state="open", opened_at=stamp.at)
    if delta.timers_fired:
        Timer.objects.filter(pk__in=_ids(delta.timers_fired)).update(state="fired")
    if delta.timers_disarmed:
        Timer.objects.filter(pk__in=_ids(delta.timers_disarmed)).update(state="disarmed")


def _write(instance_id: UUID, region: str, delta: Delta, net: Net, stamp: Stamp) -> None:
    """What began: tokens, items, timers; and the log."""
    if delta.tokens_added:
        Token.objects.bulk_create(
            [
                Token(id=t.id, instance_id=instance_id, node=t.node, scope=t.scope, flow=t.flow)
                for t in delta.tokens_added
            ]
        )
    if delta.items_opened:
        WorkItem.objects.bulk_create([_item_row(instance_id, region, item, net, stamp) for item in delta.items_opened])
    if delta.timers_armed:
        Timer.objects.bulk_create(
            [
                Timer(
                    id=t.id,
                    instance_id=instance_id,
                    token_id=t.token,
                    node=t.node,
                    due_at=stamp.timer_due_at(t.limit, stamp.at),
                )
                for t in delta.timers_armed
            ]
        )
    LogLine.objects.bulk_create(
        [
            LogLine(
                instance_id=instance_id,
                node=line.node,
                event=line.kind,
                data=_plain(line.data),
                actor_id=stamp.actor_id,
                at=stamp.at,
            )
            for line in delta.log
        ]
    )


def _item_row(instance_id: UUID, region: str, item: Item, net: Net, stamp: Stamp) -> WorkItem:
    return WorkItem(
        id=item.id,
        instance_id=instance_id,
        token_id=item.token,
        node=item.node,
        stage=net.nodes[item.node].stage or "",
        role=item.role or "",
        element=item.element,
        position=item.position,
        state=item.state,
        region=region,
        due_on=stamp.due_on,
        opened_at=stamp.at,
    )


def _plain(data: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value if value is None else cast("object", to_json({name: value})[name]) for name, value in data.items()
    }


def _ids(parts: Iterable[LiveToken | Item | ArmedTimer]) -> list[UUID | str]:
    return [part.id for part in parts]
