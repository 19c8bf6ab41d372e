"""Writing entries: the one way a fact enters the journal."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from uuid6 import uuid7

from jianguan.kernel.transparency.canonical import SALT_SIZE, canonical, salted_digest
from jianguan.kernel.transparency.merkle import leaf_hash
from jianguan.platform import clock
from jianguan.platform.privacy import service as privacy

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry: its code, and the English name that catalogues translate."""

    code: str
    name: str


_kinds: dict[str, Kind] = {}


def kind(code: str, name: str) -> Kind:
    """Declare a kind of entry. Rooms declare theirs as constants in `facts.py`."""
    declared = Kind(code, name)
    assert _kinds.setdefault(code, declared) == declared, f"two kinds of entry are called {code}"
    return declared


def kinds() -> list[Kind]:
    """All kinds declared, by code."""
    return sorted(_kinds.values(), key=lambda kind: kind.code)


def kind_name(code: str) -> str:
    """The English name of a kind; an unknown code (of a newer release, say) stands for itself."""
    found = _kinds.get(code)
    return found.name if found else code


class Acting(Protocol):
    """Whoever acts; the system itself has no id."""

    @property
    def id(self) -> UUID | None: ...

    @property
    def organisation_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class System:
    """The system as an actor: jobs, reactions, timers."""

    id: None = None
    organisation_id: None = None


SYSTEM = System()


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about, and where that is."""

    type: str
    id: UUID
    region: str


def record(
    entry_kind: Kind,
    subject: Subject,
    actor: Acting,
    data: Mapping[str, Any],
    *,
    documents: Sequence[str] = (),
    personal: Mapping[str, Any] | None = None,
) -> UUID:
    """Write one entry, in the caller's transaction.

    Args:
        entry_kind: what happened.
        subject: what it happened to.
        actor: who did it.
        data: facts that may stand in the public leaf's hash for ever; no personal data.
        documents: SHA-256 (hex) of the documents the fact rests on.
        personal: personal data; the leaf gets only its salted digest, so that it can be erased.

    Returns:
        The id of the entry.
    """
    assert connection.in_atomic_block, "a fact is recorded in the transaction that makes it true"
    entry_id, at = uuid7(), clock.now()
    salt = os.urandom(SALT_SIZE)
    document = {
        "v": FORMAT, "id": entry_id, "kind": entry_kind.code, "at": at,
        "subject": {"type": subject.type, "id": subject.id, "region": subject.region},
        "actor": {"id": actor.id, "organisation": actor.organisation_id},
        "data": data, "documents": list(documents),
        "personal": salted_digest(personal, salt).hex() if personal else None,
    }  # fmt: skip
    body = canonical(document)
    _insert(entry_id, entry_kind, subject, actor, at, body)
    if personal:
        _insert_personal(entry_id, salt, canonical(personal))
    return entry_id


def _insert(entry_id: UUID, entry_kind: Kind, subject: Subject, actor: Acting, at: datetime, body: bytes) -> None:
    """Entry and outbox row in one statement: they exist together or not at all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH entry AS (INSERT INTO journal_entry (id, kind, subject_type, subject_id, actor_id, region, at, body, leaf) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id, leaf) "
            "INSERT INTO journal_pending (entry_id, leaf) SELECT id, leaf FROM entry",
            [entry_id, entry_kind.code, subject.type, subject.id, actor.id, subject.region, at, body, leaf_hash(body)],
        )


def _insert_personal(entry_id: UUID, salt: bytes, data: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_personalpart (entry_id, salt, data) VALUES (%s, %s, %s)",
            [entry_id, salt, privacy.encrypt(data.decode())],
        )
