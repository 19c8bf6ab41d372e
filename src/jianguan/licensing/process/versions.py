"""Moving running processes to another version of their definition, as `kernel.process.plan_migration` planned it.

Ids stay: tokens, work items and timers are the same ones, at other nodes. Timers keep their instants and work items
their due days. What was done is kept under the names of the new version, because separation of people (审办分离) and the
picture ask for it by node; the journal and the acts of the case keep the old names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, F, TextField, Value, When

from jianguan.kernel.process import Item, ItemState, Marking, Net, Plan
from jianguan.kernel.process import Timer as ArmedTimer
from jianguan.kernel.process import Token as LiveToken
from jianguan.licensing.process.models import Instance, LogLine, Timer, Token, WorkItem
from jianguan.licensing.process.values import from_json, to_json

UNFINISHED = ("open", "queued")


@dataclass(frozen=True, slots=True)
class Past:
    """Where a process stands, and the nodes at which people finished work in it, in all rounds."""

    marking: Marking
    variables: Mapping[str, object]
    done_at: frozenset[str]


def pasts(instance_ids: Collection[UUID], definition: str, net: Net) -> dict[UUID, Past]:
    """Where running processes of one definition stand, in as many queries for many as for one. Nothing is locked."""
    running = Instance.objects.filter(pk__in=instance_ids, definition=definition, ended_at=None)
    variables = {row.id: from_json(row.variables) for row in running}
    tokens = Token.objects.filter(instance__in=variables).order_by("id")
    items = WorkItem.objects.filter(instance__in=variables).order_by("id")
    timers = Timer.objects.filter(instance__in=variables, state="armed").order_by("id")
    token_rows = _grouped(tokens.values_list("instance_id", "id", "node", "scope", "flow"))
    columns = ("instance_id", "id", "token_id", "node", "role", "element", "position", "state")
    item_rows = _grouped(items.filter(state__in=UNFINISHED).values_list(*columns))
    timer_rows = _grouped(timers.values_list("instance_id", "id", "token_id", "node"))
    done = _grouped(items.filter(state="done").values_list("instance_id", "node"))
    return {
        one: Past(
            Marking(
                tuple(LiveToken(*row) for row in token_rows[one]),
                tuple(_item(*row) for row in item_rows[one]),
                tuple(_timer(net, *row) for row in timer_rows[one]),
            ),
            variables[one],
            frozenset(node for (node,) in done[one]),
        )
        for one in variables
    }


def _item(*columns: Any) -> Item:
    *others, state = columns
    return Item(*others, ItemState(state))  # type: ignore[call-arg]  # in the order of its fields


def _timer(net: Net, id_: UUID, token: UUID, node: str) -> ArmedTimer:
    limit = net.nodes[node].timer
    assert limit is not None, f"{node} has a timer in the database but none in its definition"
    return ArmedTimer(id_, token, node, limit)


def _grouped(rows: Iterable[tuple[Any, ...]]) -> Mapping[UUID, list[tuple[Any, ...]]]:
    found = defaultdict(list)
    for one, *rest in rows:
        found[one].append(tuple(rest))
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """What a process becomes: its definition, its variables, and the nodes that are called differently there."""

    definition: str
    net: Net
    variables: Mapping[str, object]
    names: Mapping[str, str]


def change_definition(instance_id: UUID, plan: Plan, to: Change) -> None:
    """Store a planned move of a process the caller holds."""
    Instance.objects.filter(pk=instance_id).update(definition=to.definition, variables=to_json(to.variables))
    for token in plan.marking.tokens:
        Token.objects.filter(pk=token.id).update(node=token.node, flow=token.flow)
    for item in plan.marking.items:
        stage = to.net.nodes[item.node].stage or ""
        WorkItem.objects.filter(pk=item.id).update(node=item.node, stage=stage, role=item.role or "")
    for timer in plan.marking.timers:
        Timer.objects.filter(pk=timer.id).update(node=timer.node)
    if names := to.names:
        renamed = Case(
            *(When(node=old, then=Value(new)) for old, new in names.items()),
            default=F("node"),
            output_field=TextField(),
        )
        past = WorkItem.objects.filter(instance=instance_id, node__in=names).exclude(state__in=UNFINISHED)
        past.update(node=renamed)
        LogLine.objects.filter(instance=instance_id, node__in=names).update(node=renamed)
