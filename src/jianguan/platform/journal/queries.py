"""Reading the journal: entries, proofs, tiles."""

from __future__ import annotations

import functools
import json
import operator
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from jianguan.kernel.transparency import tiles
from jianguan.platform import clock
from jianguan.platform.journal.models import Entry, Position, Tile, TreeHead
from jianguan.platform.journal.sequencing import DatabaseTiles
from jianguan.platform.journal.writing import Kind


@dataclass(frozen=True, slots=True)
class Fact:
    """An entry as read: its columns and what its body says."""

    id: UUID
    kind: str
    subject_type: str
    subject_id: UUID
    region: str
    actor_id: UUID | None
    organisation_id: UUID | None
    at: datetime
    data: dict[str, Any]
    documents: tuple[str, ...]
    position: int | None


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That an entry stands in the log whose head is signed: everything needed to check it elsewhere."""

    position: int
    leaf: bytes
    hashes: tuple[bytes, ...]
    head: TreeHead


def facts(entries: Iterable[Entry]) -> list[Fact]:
    """Entries as facts; give entries selected with their place to have positions."""
    return [_fact(entry) for entry in entries]


def _fact(entry: Entry) -> Fact:
    body = json.loads(bytes(entry.body))
    organisation = body["actor"]["organisation"]
    return Fact(
        id=entry.id, kind=entry.kind, subject_type=entry.subject_type, subject_id=entry.subject_id, region=entry.region,
        actor_id=entry.actor_id, organisation_id=UUID(organisation) if organisation else None, at=entry.at,
        data=body["data"], documents=tuple(body["documents"]), position=_position(entry),
    )  # fmt: skip


def _position(entry: Entry) -> int | None:
    try:
        return entry.place.position
    except Position.DoesNotExist:
        return None


def about(subject_type: str, subject_id: UUID) -> QuerySet[Entry]:
    """Entries about one thing, oldest first."""
    return Entry.objects.filter(subject_type=subject_type, subject_id=subject_id).select_related("place").order_by("id")


def data_of(entry: Entry) -> dict[str, Any]:
    """What an entry says, as it was hashed."""
    said: dict[str, Any] = json.loads(bytes(entry.body))["data"]
    return said


def visible(prefixes: Iterable[str]) -> QuerySet[Entry]:
    """Entries of jurisdictions, newest first."""
    condition = functools.reduce(operator.or_, (Q(region__startswith=prefix) for prefix in prefixes), Q(pk=None))
    return Entry.objects.filter(condition).select_related("place").order_by("-id")


@dataclass(frozen=True, slots=True)
class Sought:
    """What entries are looked for: id of the subject, kind, legal day (each empty for any), and who acted."""

    subject: str = ""
    kind: str = ""
    day: str = ""
    actors: Collection[UUID] | None = None


def matching(entries: QuerySet[Entry], sought: Sought) -> QuerySet[Entry]:
    """Those of the entries that fit; an id or a day that is none fits nothing."""
    try:
        if sought.subject:
            entries = entries.filter(subject_id=UUID(sought.subject))
        if sought.day:
            begins = datetime.combine(date.fromisoformat(sought.day), time(), clock.LEGAL_ZONE)
            entries = entries.filter(at__gte=begins, at__lt=begins + timedelta(days=1))
    except ValueError:
        return entries.none()
    if sought.kind:
        entries = entries.filter(kind=sought.kind)
    return entries if sought.actors is None else entries.filter(actor_id__in=sought.actors)


def head(size: int | None = None) -> TreeHead | None:
    """The newest tree head, or the one of a size."""
    heads = TreeHead.objects.order_by("-size")
    return (heads.filter(size=size) if size is not None else heads).first()


def heads(limit: int = 50) -> list[TreeHead]:
    """The newest tree heads."""
    return list(TreeHead.objects.order_by("-size")[:limit])


def all_heads() -> QuerySet[TreeHead]:
    """All tree heads, newest first."""
    return TreeHead.objects.order_by("-size")


def text(entry_id: UUID, kinds: Iterable[Kind]) -> str | None:
    """The text of an entry as it was hashed (canonical JSON), if it is of one of these kinds."""
    codes = [kind.code for kind in kinds]
    body = Entry.objects.filter(pk=entry_id, kind__in=codes).values_list("body", flat=True).first()
    return None if body is None else bytes(body).decode()


def inclusion(entry_id: UUID) -> InclusionProof | None:
    """Proof that an entry is in the log, against the newest head; None while it has no position yet."""
    place = Position.objects.select_related("entry").filter(entry_id=entry_id).first()
    newest = head()
    if place is None or newest is None:
        return None
    hashes = tiles.inclusion_proof(DatabaseTiles(), place.position, newest.size)
    return InclusionProof(place.position, bytes(place.entry.leaf), tuple(hashes), newest)


def consistency(old_size: int, new_size: int) -> list[bytes]:
    """Proof that the log of one size extends that of another."""
    return tiles.consistency_proof(DatabaseTiles(), old_size, new_size)


def tile(level: int, index: int) -> bytes:
    """Hashes of a published tile; empty where there is none."""
    found = Tile.objects.filter(level=level, index=index).values_list("hashes", flat=True).first()
    return bytes(found) if found else b""
