"""Who holds a work item, and who keeps out of a case. None of this touches tokens.

Lock order as everywhere: the instance first, then its items (`locked_item`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from jianguan.licensing.process.models import Handover, Recusal, Way, WorkItem
from jianguan.licensing.process.storing import hold_of

IN_FORCE = {"since__isnull": False, "ended_at": None}


def item_of_case(item_id: UUID) -> WorkItem | None:
    """A work item; its `recused` are the ids of whoever keeps out of its case. One query."""
    out = Recusal.objects.filter(instance=OuterRef("instance"), **IN_FORCE).values("account_id")
    rows = WorkItem.objects.annotate(recused=ArraySubquery(out))  # type: ignore[no-redef]  # declared for its readers
    return rows.filter(pk=item_id).first()


def locked_item(item_id: UUID) -> WorkItem | None:
    """The same, with its case locked: it is read after the lock is held."""
    return item_of_case(item_id) if hold_of(item_id) else None


def hand_over(item: WorkItem, holder_id: UUID | None, way: Way, by_id: UUID, at: datetime, reason: str = "") -> None:
    """Give an item of a locked case to a person, or back to all."""
    item.holder_id, item.held_since = holder_id, at if holder_id else None
    WorkItem.objects.filter(pk=item.pk).update(holder_id=item.holder_id, held_since=item.held_since)
    Handover.objects.create(item=item, holder_id=holder_id, way=way, by_id=by_id, at=at, reason=reason)


def handovers_of(item_ids: Collection[UUID]) -> dict[UUID, list[Handover]]:
    """The handovers of work items, each in the order of time; one query."""
    found: dict[UUID, list[Handover]] = {item_id: [] for item_id in item_ids}
    for one in Handover.objects.filter(item__in=item_ids).order_by("at", "id"):
        found[one.item_id].append(one)
    return found


def recused(instance_id: UUID) -> frozenset[UUID]:
    """Who keeps out of a case now."""
    rows = Recusal.objects.filter(instance=instance_id, **IN_FORCE).values_list("account_id", flat=True)
    return frozenset(account for account in rows if account)


def left_out(account_id: UUID) -> QuerySet[Recusal]:
    """The recusals of a person that are in force."""
    return Recusal.objects.filter(account_id=account_id, **IN_FORCE)
