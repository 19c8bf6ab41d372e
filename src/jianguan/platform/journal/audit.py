"""The audit: is the journal what was written, all of it, in the order that was signed?

It trusts nothing but the log's public key: every entry is hashed again from its text, the tree is rebuilt from those
hashes, and each published head is compared with it on the way.
"""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from jianguan.kernel.messages import Message, message
from jianguan.kernel.transparency.checkpoint import CheckpointError, VerifierKey, verify
from jianguan.kernel.transparency.merkle import HASH_SIZE, leaf_hash
from jianguan.kernel.transparency.tiles import WIDTH, RootAccumulator
from jianguan.kernel.transparency.tiles import Tile as TilePlace
from jianguan.platform.journal.models import Position, Tile, TreeHead

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Audit:
    """Result of an audit.

    Attributes:
        entries: how many entries were found good.
        heads: how many tree heads were found good.
        pending: committed entries that have no position yet.
        fault: the first thing that does not fit, or None.
        entry_id: the entry at fault, where the fault is with one.
    """

    entries: int
    heads: int
    pending: int
    fault: Message | None = None
    entry_id: UUID | None = None

    @property
    def sound(self) -> bool:
        return self.fault is None


class _FaultError(Exception):
    """The first thing that does not fit."""

    def __init__(self, says: Message, entry_id: UUID | None = None) -> None:
        super().__init__(str(says))
        self.says, self.entry_id = says, entry_id


@dataclass(frozen=True, slots=True)
class _Row:
    """A position of the log with the entry that stands there."""

    position: int
    id: UUID
    kind: str
    subject_type: str
    subject_id: UUID
    actor_id: UUID | None
    region: str
    at: datetime
    body: bytes
    leaf: bytes


def audit(key: VerifierKey) -> Audit:
    """Walk entries, leaves, tiles and signed heads from the beginning; stop at the first that does not fit."""
    with _one_moment():
        return _walked(_Walk(key))


def _walked(walk: _Walk) -> Audit:
    """What the walk found. A fault ends here, so that the cursors it leaves open close within the transaction."""
    try:
        walk.run()
        return Audit(walk.entries, walk.heads, _check_unplaced())
    except _FaultError as fault:
        return Audit(walk.entries, walk.heads, 0, fault.says, fault.entry_id)


@contextlib.contextmanager
def _one_moment() -> Iterator[None]:
    """See the log as it stands now to the end: what is written meanwhile would look like a fault."""
    begins_here = not connection.in_atomic_block
    with transaction.atomic():
        if begins_here:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class _Walk:
    """One pass over the log; a class because it counts what was good before the first fault."""

    def __init__(self, key: VerifierKey) -> None:
        self.key = key
        self.entries = self.heads = 0
        self._tree = RootAccumulator()

    def run(self) -> None:
        leaves = _compared_with_tiles(self._leaves())
        for head in TreeHead.objects.order_by("size").iterator(CHUNK):
            self._tree.extend(itertools.islice(leaves, head.size - self._tree.size))
            self._check_head(head)
            self.heads += 1
        if next(leaves, None) is not None:
            raise _FaultError(
                message(
                    "Entry number %(position)s stands in the log, but no tree head covers it.", position=self._tree.size
                )
            )
        _check_upper_tiles()

    def _leaves(self) -> Iterator[bytes]:
        for expected, row in enumerate(_rows()):
            if row.position != expected:
                raise _missing(expected)
            _check_entry(row)
            self.entries += 1
            yield row.leaf

    def _check_head(self, head: TreeHead) -> None:
        size = head.size
        if self._tree.size != size:
            raise _FaultError(
                message(
                    "The tree head of %(size)s entries is signed, but the log has only %(entries)s.",
                    size=size,
                    entries=self._tree.size,
                )
            )
        if self._tree.root() != bytes(head.root):
            raise _FaultError(
                message("The tree head of %(size)s entries does not have the root of these entries.", size=size)
            )
        try:
            signed = verify(head.checkpoint, self.key)
        except CheckpointError as error:
            raise _FaultError(
                message("The tree head of %(size)s entries: %(why)s", size=size, why=error.sentence)
            ) from error
        if (signed.origin, signed.size, signed.root) != (self.key.name, size, bytes(head.root)):
            raise _FaultError(message("The tree head of %(size)s entries is not the one that was signed.", size=size))


def _rows() -> Iterator[_Row]:
    """The log in order, read in chunks by position."""
    start = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT p.position, e.id, e.kind, e.subject_type, e.subject_id, e.actor_id, e.region, e.at, e.body, e.leaf "
                "FROM journal_position p JOIN journal_entry e ON e.id = p.entry_id "
                "WHERE p.position >= %s ORDER BY p.position LIMIT %s",
                [start, CHUNK],
            )
            rows = [_Row(*row) for row in cursor.fetchall()]
        if not rows:
            return
        yield from rows
        start = rows[-1].position + 1


def _check_entry(row: _Row) -> None:
    if leaf_hash(row.body) != row.leaf:
        raise _FaultError(_altered(row, message("its text does not have its hash")), row.id)
    if _said(row.body) != (
        row.id,
        row.kind,
        row.subject_type,
        row.subject_id,
        row.actor_id,
        row.region,
        row.at,
    ):
        raise _FaultError(_altered(row, message("its columns contradict its text")), row.id)


def _missing(position: int) -> _FaultError:
    return _FaultError(message("Entry number %(position)s is missing from the log.", position=position))


def _altered(row: _Row, why: Message) -> Message:
    return message(
        "Entry number %(position)s (%(id)s) was altered: %(why)s.", position=row.position, id=row.id, why=why
    )


def _said(text: bytes) -> tuple[Any, ...] | None:
    """What the columns must say according to the text; None where it is not the text of an entry."""
    try:
        body = json.loads(text)
        subject, actor = body["subject"], body["actor"]["id"]
        at = datetime.fromisoformat(body["at"]).astimezone(UTC)
        return (
            UUID(body["id"]), body["kind"], subject["type"], UUID(subject["id"]), UUID(actor) if actor else None,
            subject["region"], at,
        )  # fmt: skip
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError):
        return None


def _compared_with_tiles(leaves: Iterator[bytes]) -> Iterator[bytes]:
    """The leaves, while the tiles of level 0 are compared with them."""
    stored = Tile.objects.filter(level=0).order_by("index").values_list("index", "hashes").iterator(CHUNK)
    for index in itertools.count():
        run = list(itertools.islice(leaves, WIDTH))
        if not run:
            break
        place, hashes = next(stored, (None, b""))
        if place != index or bytes(hashes) != b"".join(run):
            raise _misfit(index, bytes(hashes) if place == index else b"", run)
        yield from run
    if next(stored, None) is not None:
        raise _FaultError(message("There are more tiles than entries."))


def _misfit(index: int, hashes: bytes, run: list[bytes]) -> _FaultError:
    """The first entry of a run that its tile contradicts."""
    published = [hashes[start : start + HASH_SIZE] for start in range(0, len(hashes), HASH_SIZE)]
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(run, published, strict=False))
    position = index * WIDTH + len(list(same))
    entry_id = Position.objects.filter(position=position).values_list("entry_id", flat=True).first()
    if entry_id is None:
        return _missing(position)
    return _FaultError(
        message(
            "The published %(tile)s does not fit the entries, from number %(position)s on.",
            tile=TilePlace(0, index, len(run)).path,
            position=position,
        ),
        entry_id,
    )


def _check_upper_tiles() -> None:
    """Every tile above level 0 holds the roots of the full tiles below it."""
    level = 0
    roots = _roots_of_full_tiles(level)
    while roots:
        level += 1
        stored = dict(Tile.objects.filter(level=level).values_list("index", "hashes"))
        for index, start in enumerate(range(0, len(roots), WIDTH)):
            run = roots[start : start + WIDTH]
            if bytes(stored.pop(index, b"")) != b"".join(run):
                raise _FaultError(_wrong_tile(level, index, len(run)))
        roots = _roots_of_full_tiles(level)


def _roots_of_full_tiles(level: int) -> list[bytes]:
    full = Tile.objects.filter(level=level).order_by("index").values_list("hashes", flat=True).iterator(CHUNK)
    return [_root(bytes(hashes)) for hashes in full if len(hashes) == WIDTH * HASH_SIZE]


def _root(hashes: bytes) -> bytes:
    tree = RootAccumulator()
    tree.extend(hashes[start : start + HASH_SIZE] for start in range(0, len(hashes), HASH_SIZE))
    return tree.root()


def _wrong_tile(level: int, index: int, width: int) -> Message:
    return message("The published %(tile)s does not fit the entries.", tile=TilePlace(level, index, width).path)


def _check_unplaced() -> int:
    """Entries without a position must wait in the outbox; returns how many do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, o.entry_id IS NOT NULL FROM journal_entry e "
            "LEFT JOIN journal_position p ON p.entry_id = e.id LEFT JOIN journal_pending o ON o.entry_id = e.id "
            "WHERE p.position IS NULL ORDER BY e.id"
        )
        rows: list[tuple[UUID, bool]] = cursor.fetchall()
    for entry_id, waits in rows:
        if not waits:
            raise _FaultError(message("Entry %(id)s was taken out of the log.", id=entry_id), entry_id)
    return len(rows)
