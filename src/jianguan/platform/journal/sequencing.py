"""The sequencer: gives committed entries their position and signs tree heads.

Writers are never serialised: they commit in any order, and one sequencer (an advisory lock sees to that) puts what is
committed into the log. A transaction that commits late gets a later position; a position once given never changes.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Max

from jianguan.kernel.transparency import tiles
from jianguan.kernel.transparency.checkpoint import Checkpoint, sign
from jianguan.platform import clock
from jianguan.platform.journal.keys import signer
from jianguan.platform.journal.models import Position, Tile, TreeHead

LOCK = 0x6A67_6C6F_6701  # one number for one lock: "jglog" 1
CHANNEL = "journal_sequenced"
BATCH = 20_000


class DatabaseTiles:
    """Tiles in the database. Reads are kept for the length of one run; writes go out together at the end."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], bytes] = {}
        self._written: set[tuple[int, int]] = set()

    def get(self, level: int, index: int) -> bytes:
        place = (level, index)
        if place not in self._kept:
            found = Tile.objects.filter(level=level, index=index).values_list("hashes", flat=True).first()
            self._kept[place] = bytes(found) if found else b""
        return self._kept[place]

    def put(self, level: int, index: int, hashes: bytes) -> None:
        self._kept[level, index] = hashes
        self._written.add((level, index))

    def flush(self) -> None:
        """Write what was put."""
        rows = [
            Tile(level=level, index=index, hashes=self._kept[level, index]) for level, index in sorted(self._written)
        ]
        Tile.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["level", "index"], update_fields=["hashes"]
        )
        self._written.clear()


def sequence(limit: int = BATCH) -> int:
    """Take up to `limit` committed entries into the log and sign the new head; returns how many."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            # Ids are UUIDv7, so taking them in order keeps the log nearly in the order of time.
            # Materialised, because a plan may run a sub-select of an IN again for every row, and take more than the limit.
            cursor.execute(
                "WITH next AS MATERIALIZED "
                "(SELECT entry_id FROM journal_pending ORDER BY entry_id LIMIT %s FOR UPDATE SKIP LOCKED) "
                "DELETE FROM journal_pending USING next WHERE journal_pending.entry_id = next.entry_id "
                "RETURNING journal_pending.entry_id, leaf",
                [limit],
            )
            taken = sorted(cursor.fetchall())
        if not taken:
            return 0
        size = current_size()
        Position.objects.bulk_create([Position(position=size + i, entry_id=row[0]) for i, row in enumerate(taken)])
        _extend(size, [bytes(row[1]) for row in taken])
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    return len(taken)


def current_size() -> int:
    """How many entries the log holds."""
    return TreeHead.objects.aggregate(size=Max("size"))["size"] or 0


def _extend(size: int, leaves: Sequence[bytes]) -> None:
    store = DatabaseTiles()
    tiles.append(store, size, leaves)
    store.flush()
    new_size = size + len(leaves)
    root = tiles.root(store, new_size)
    log_signer = signer()
    note = sign(Checkpoint(log_signer.name, new_size, root), log_signer)
    TreeHead.objects.create(size=new_size, root=root, at=clock.now(), checkpoint=note)
