"""The door of the process engine: start a process, move it, see where it stands.

Who may act, what a case is and what follows from an effect is the caller's business (the matters room). The caller
opens the transaction, locks the instance, moves it once, and writes its own rows and the journal entry in the same
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from jianguan.kernel.process import Dated, Delta, Event, Marking, Net, Ports, Transition
from jianguan.kernel.process import LogLine as Line
from jianguan.licensing.process.holding import (
    hand_over,
    handovers_of,
    left_out,
    locked_item,
    recused,
)
from jianguan.licensing.process.models import Handover, Instance, LogLine, Recusal, Timer, Way, WorkItem
from jianguan.licensing.process.storing import Locked, Stamp, create, hold, hold_of, lock, save
from jianguan.licensing.process.versions import Change, Past, change_definition, pasts

Operation = Callable[[Transition], Delta]


def start(
    instance_id: UUID,
    definition: str,
    net: Net,
    region: str,
    variables: Mapping[str, object],
    ports: Ports,
    stamp: Stamp,
) -> Delta:
    """Start a process; the variables become its first values."""
    delta = Transition(net, Marking(), variables, ports).start()
    create(instance_id, definition, region, delta, net, stamp)
    return delta


def move(locked: Locked, operation: Operation, ports: Ports, stamp: Stamp, outcome: str | None = None) -> Delta:
    """Carry out one operation on a locked instance and store what it changed.

    Raises:
        ActRefusedError: the act does not fit where the process stands, for example because someone was faster.
        ProcessFaultError: the definition or the variables are wrong.
    """
    delta = operation(Transition(locked.net, locked.marking, locked.variables, ports))
    save(locked, delta, stamp, outcome)
    return delta


def set_due(instance_ids: Collection[UUID], due_on: date | None) -> None:
    """Repeat a new due date on the open work items of processes."""
    WorkItem.objects.filter(instance__in=instance_ids, state="open").update(due_on=due_on)


def acted_at(instance_id: UUID, nodes: Collection[str], people: Collection[UUID]) -> set[UUID]:
    """Who of some people finished a work item at some nodes, in any round."""
    rows = WorkItem.objects.filter(instance=instance_id, state="done", closed_by__in=people, node__in=nodes)
    return {person for person in rows.values_list("closed_by", flat=True).distinct() if person}


def due_timers(now: datetime, limit: int = 100) -> list[tuple[UUID, UUID]]:
    """Instance and timer of what is due, oldest first. Whoever fires one locks the instance and asks again."""
    rows = Timer.objects.filter(state="armed", due_at__lte=now).order_by("due_at")
    return list(rows.values_list("instance_id", "id")[:limit])


def log_of(instance_id: UUID) -> list[Dated]:
    """What happened in a process, in order, as `kernel.process.steps` and `draw` want it."""
    rows = LogLine.objects.filter(instance=instance_id).order_by("id").values_list("node", "event", "data", "at")
    return [Dated(at, Line(node, Event(event), data)) for node, event, data, at in rows]


def items_of(instance_id: UUID) -> list[WorkItem]:
    """All work items of a process, in the order they were opened."""
    return list(WorkItem.objects.filter(instance=instance_id).order_by("opened_at", "id"))


__all__ = [
    "Change", "Handover", "Instance", "Locked", "LogLine", "Past", "Recusal", "Stamp", "Way", "WorkItem", "acted_at",
    "change_definition", "due_timers", "hand_over", "handovers_of", "hold", "hold_of", "items_of", "left_out", "lock",
    "locked_item", "log_of", "move", "pasts", "recused", "set_due", "start",
]  # fmt: skip
