"""Where cases stand: tokens, work items and timers as rows, so that an inbox is an index scan and a case small."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from uuid6 import uuid7


class Instance(models.Model):
    """One running or finished process. Its row is the lock of the case: whoever changes anything takes it first."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    definition = models.TextField()
    region = models.TextField()
    status = models.TextField()
    variables = models.JSONField(default=dict)
    end = models.TextField(blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Token(models.Model):
    """A place where a process stands."""

    id = models.UUIDField(primary_key=True)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="tokens")
    node = models.TextField()
    scope = models.UUIDField(null=True)
    flow = models.TextField(null=True)


def _inbox(length: int) -> models.Index:
    """Open items of a role within a jurisdiction of this prefix length, by due date."""
    columns = (
        [F("role"), Left("region", length), F("due_on").asc(), F("id").asc()]
        if length
        else [F("due_on").asc(), F("id").asc()]
    )
    return models.Index(*columns, condition=Q(state="open"), name=f"inbox_{length or 'all'}")


class WorkItem(models.Model):
    """Work for people of a role at a place 待办, and afterwards the record of who did it.

    `due_on` repeats what the legal clock of the case derives, so that an inbox can be sorted; it is empty while the
    clock is stopped. `holder_id` is whoever took it 签收 or was given it; how that came about stands in `Handover`.
    """

    id = models.UUIDField(primary_key=True)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="items")
    token_id = models.UUIDField()
    node = models.TextField()
    stage = models.TextField()
    role = models.TextField()
    element = models.TextField(null=True)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.TextField()
    region = models.TextField()
    due_on = models.DateField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    outcome = models.TextField(null=True)
    holder_id = models.UUIDField(null=True)
    held_since = models.DateTimeField(null=True)
    recused: Sequence[UUID]  # who keeps out of its case; only where it was asked for (`holding.item_of_case`)

    class Meta:
        indexes = [
            *(_inbox(length) for length in (0, 2, 4, 6)),
            models.Index(fields=["instance", "state"], name="work_item_instance"),
            models.Index(fields=["closed_by", "-closed_at"], condition=Q(state="done"), name="work_item_done"),
            models.Index(fields=["instance", "closed_by", "node"], condition=Q(state="done"), name="work_item_done_by"),
            models.Index(
                fields=["holder_id", "due_on", "id"],
                condition=Q(state="open", holder_id__isnull=False),
                name="work_item_held",
            ),
        ]


class Way(models.TextChoices):
    """How a work item came to whoever holds it, or to nobody."""

    CLAIMED = "claimed"
    GIVEN_BACK = "given_back"
    DELEGATED = "delegated"
    RETURNED = "returned"
    ASSIGNED = "assigned"
    TAKEN_AWAY = "taken_away"
    RECUSED = "recused"


class Handover(models.Model):
    """That an open work item went to a person, or (no holder) back to all who may finish it 待办池. Append-only.

    From one handover until the next, or until the item is closed, its holder held it: durations are derived.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="handovers")
    holder_id = models.UUIDField(null=True)
    way = models.TextField(choices=Way)
    by_id = models.UUIDField()
    reason = models.TextField(blank=True)
    at = models.DateTimeField()


class Recusal(models.Model):
    """That a person keeps out of a case 回避: declared by themselves, ordered, or asked for by the applicant.

    In force from `since` until `ended_at`. What an applicant asks for has no `since` until it is granted, and names the
    person in words: who handles a case is not told outside the office.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="recusals")
    account_id = models.UUIDField(null=True)
    named = models.TextField(blank=True)
    reason = models.TextField()
    words = models.TextField(blank=True)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    since = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "instance"],
                condition=Q(since__isnull=False, ended_at=None),
                name="recusal_in_force",
            )
        ]
        indexes = [models.Index(fields=["instance"], name="recusal_instance")]


class Timer(models.Model):
    """A timer of a process: due once, at an instant."""

    id = models.UUIDField(primary_key=True)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="timers")
    token_id = models.UUIDField()
    node = models.TextField()
    due_at = models.DateTimeField()
    state = models.TextField(default="armed")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="armed"), name="timer_due"),
            models.Index(fields=["instance"], condition=Q(state="armed"), name="timer_instance"),
        ]


class LogLine(models.Model):
    """One event of a process: what the picture and the timeline are drawn from."""

    id = models.BigAutoField(primary_key=True)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="log")
    node = models.TextField(null=True)
    event = models.TextField()
    data = models.JSONField(default=dict)
    actor_id = models.UUIDField(null=True)
    at = models.DateTimeField()
