"""The journal: append-only tables that the database itself refuses to change."""

from __future__ import annotations

from django.db import models
from uuid6 import uuid7


class Entry(models.Model):
    """One fact that happened, written in the transaction that made it happen.

    `body` is the exact canonical JSON (RFC 8785) that was hashed; the columns beside it repeat parts of it so that
    entries can be found, and the audit compares them. `leaf` is SHA-256(0x00 ‖ body).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.TextField()
    subject_type = models.TextField()
    subject_id = models.UUIDField()
    actor_id = models.UUIDField(null=True)
    region = models.TextField()
    at = models.DateTimeField()
    body = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="journal_subject"),
            models.Index(fields=["region", "id"], opclasses=["text_pattern_ops", "uuid_ops"], name="journal_region"),
            models.Index(fields=["actor_id", "id"], name="journal_actor"),
        ]


class PersonalPart(models.Model):
    """Personal data of an entry, which the law may oblige us to erase: the entry holds only its salted digest."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT)
    salt = models.BinaryField()
    data = models.BinaryField()  # encrypted


class Pending(models.Model):
    """An entry that has no position yet. Rows leave when the sequencer takes them."""

    entry_id = models.UUIDField(primary_key=True)
    leaf = models.BinaryField()


class Position(models.Model):
    """The place of an entry in the log, given once by the sequencer, from 0, without gaps."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="place")


class Tile(models.Model):
    """Up to 256 hashes of one level of the Merkle tree (C2SP tlog-tiles). Derived; the audit recomputes it."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="journal_tile_place")]


class TreeHead(models.Model):
    """A signed statement of the log's size and root (C2SP checkpoint)."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    at = models.DateTimeField()
    checkpoint = models.TextField()


class Cursor(models.Model):
    """How far a reaction has read, and why it stands still if it does."""

    reaction = models.TextField(primary_key=True)
    position = models.BigIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    error = models.TextField(blank=True)
