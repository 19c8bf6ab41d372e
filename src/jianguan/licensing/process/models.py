"""Where cases stand: tokens, work items and timers as rows, so that an inbox is an index scan and a case small."""

from __future__ import annotations

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
    clock is stopped.
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

    class Meta:
        indexes = [
            *(_inbox(length) for length in (0, 2, 4, 6)),
            models.Index(fields=["instance", "state"], name="work_item_instance"),
            models.Index(fields=["closed_by", "-closed_at"], condition=Q(state="done"), name="work_item_done"),
        ]


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
