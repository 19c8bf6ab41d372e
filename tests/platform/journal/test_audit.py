"""The audit finds every change, and names the first entry that does not fit."""

from __future__ import annotations

import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.databases import undone

from jianguan.kernel.transparency.checkpoint import Checkpoint, Signer, sign
from jianguan.kernel.transparency.merkle import leaf_hash, verify_consistency
from jianguan.platform.journal import service as journal
from jianguan.platform.journal.keys import signer
from jianguan.platform.journal.models import Entry, Tile, TreeHead

KEY = journal.verifier_key


@pytest.fixture
def log(db, write, position_of):
    """A log of some tiles and heads; the ids of its newest 600 entries, which begin in the middle of a tile."""
    journal.sequence()
    ids = []
    for count in (130, 300, 170):
        ids += write(count)
        journal.sequence()
    assert journal.audit(KEY()).sound
    assert position_of(ids[-1]) == position_of(ids[0]) + 599
    return ids


@pytest.fixture
def fault(log):
    """What the audit says after something was done to the log; it must say something."""

    def fault() -> journal.Audit:
        audit = journal.audit(KEY())
        assert not audit.sound
        return audit

    return fault


REWRITTEN = "UPDATE journal_entry SET body = %s, leaf = %s WHERE id = %s"


def rewritten(entry_id, change=(b'"n":', b'"n":9')) -> tuple[bytes, bytes]:
    """The text of an entry with another fact in it, and its right hash."""
    body = bytes(Entry.objects.get(pk=entry_id).body).replace(*change)
    return body, leaf_hash(body)


class TestEntries:
    def test_an_altered_text(self, log, meddle, fault):
        body, _ = rewritten(log[7])
        meddle("UPDATE journal_entry SET body = %s WHERE id = %s", body, log[7])
        assert fault().entry_id == log[7]
        assert "its text does not have its hash" in str(fault().fault)

    def test_an_altered_hash(self, log, meddle, fault):
        meddle("UPDATE journal_entry SET leaf = sha256('x') WHERE id = %s", log[7])
        assert fault().entry_id == log[7]

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("kind", "'tests.seen'"),
            ("subject_type", "'other'"),
            ("subject_id", "gen_random_uuid()"),
            ("actor_id", "gen_random_uuid()"),
            ("region", "'460200'"),
            ("at", "at + interval '1 microsecond'"),
        ],
    )
    def test_an_altered_column(self, log, meddle, fault, column, value):
        meddle(f"UPDATE journal_entry SET {column} = {value} WHERE id = %s", log[200])
        assert fault().entry_id == log[200]
        assert "its columns contradict its text" in str(fault().fault)

    def test_a_text_rewritten_with_its_hash(self, log, meddle, fault, position_of):
        meddle(REWRITTEN, *rewritten(log[333]), log[333])
        assert fault().entry_id == log[333]
        assert f"number {position_of(log[333])}" in str(fault().fault)

    @pytest.mark.parametrize("body", [b"not json", b"[]", b'{"id": 7}', b"\xff"])
    def test_a_text_replaced_by_nonsense_with_its_hash(self, log, meddle, fault, body):
        meddle(REWRITTEN, body, leaf_hash(body), log[333])
        assert fault().entry_id == log[333]

    def test_a_text_rewritten_with_its_hash_and_its_tile(self, log, meddle, fault, position_of):
        body, leaf = rewritten(log[150])
        index, offset = divmod(position_of(log[150]), 256)
        meddle(REWRITTEN, body, leaf, log[150])
        tile = bytearray(journal.tile(0, index))
        tile[offset * 32 : offset * 32 + 32] = leaf
        Tile.objects.filter(level=0, index=index).update(hashes=bytes(tile))
        assert "does not have the root of these entries" in str(fault().fault)
        assert f"tree head of {position_of(log[429]) + 1} entries" in str(fault().fault), (
            "the first head that covers it"
        )

    def test_the_first_of_two_is_named(self, log, meddle, fault):
        meddle("UPDATE journal_entry SET region = '460200' WHERE id = ANY(%s)", [log[550], log[40]])
        assert fault().entry_id == log[40]


class TestOrder:
    def test_two_entries_that_changed_places(self, log, meddle, fault, position_of):
        first, second = position_of(log[20]), position_of(log[480])
        for entry_id, position in ((log[20], -1), (log[480], first), (log[20], second)):
            meddle("UPDATE journal_position SET position = %s WHERE entry_id = %s", position, entry_id)
        assert fault().entry_id == log[480], "what stands at the first of the two places"
        assert f"number {first} " in str(fault().fault)

    @pytest.mark.parametrize("also", [False, True])
    def test_an_entry_that_is_gone(self, log, meddle, fault, position_of, also):
        position = position_of(log[99])
        with undone():
            meddle("DELETE FROM journal_entry WHERE id = %s", log[99])
            if also:
                meddle("DELETE FROM journal_position WHERE position = %s", position)
            assert str(fault().fault) == f"Entry number {position} is missing from the log."

    def test_an_entry_that_lost_its_place(self, log, meddle, fault, position_of):
        position = position_of(log[99])
        meddle("DELETE FROM journal_position WHERE position = %s", position)
        assert str(fault().fault) == f"Entry number {position} is missing from the log."

    def test_an_entry_that_was_closed_up_on(self, log, meddle, fault, position_of):
        """One is gone and the later ones moved up, so that no number is missing."""
        position = position_of(log[99])
        meddle("DELETE FROM journal_position WHERE position = %s", position)
        for later in log[100:]:
            meddle("UPDATE journal_position SET position = position - 1 WHERE entry_id = %s", later)
        meddle("DELETE FROM journal_entry WHERE id = %s", log[99])
        assert fault().entry_id == log[100]

    def test_an_entry_added_at_the_end(self, log, meddle, fault, write):
        (added,) = write()
        meddle("DELETE FROM journal_pending")
        meddle("INSERT INTO journal_position SELECT max(position) + 1, %s FROM journal_position", added)
        assert fault().entry_id == added

    def test_an_entry_put_in_between(self, log, meddle, fault, write, position_of):
        (added,) = write()
        meddle("DELETE FROM journal_pending")
        position = position_of(log[300])
        for later in reversed(log[300:]):
            meddle("UPDATE journal_position SET position = position + 1 WHERE entry_id = %s", later)
        meddle("INSERT INTO journal_position VALUES (%s, %s)", position, added)
        assert fault().entry_id == added

    def test_an_entry_that_will_never_get_a_place(self, log, write, meddle, fault):
        (lost, _) = write(2)
        meddle("DELETE FROM journal_pending WHERE entry_id = %s", lost)
        assert (fault().entry_id, str(fault().fault)) == (lost, f"Entry {lost} was taken out of the log.")


class TestTruncation:
    def cut(self, meddle, size: int) -> None:
        meddle(
            "DELETE FROM journal_entry WHERE id IN (SELECT entry_id FROM journal_position WHERE position >= %s)", size
        )
        meddle("DELETE FROM journal_position WHERE position >= %s", size)

    def cut_tiles(self, size: int) -> None:
        index, width = divmod(size, 256)
        Tile.objects.filter(level=0, index__gt=index).delete()
        Tile.objects.filter(level=0, index=index).update(hashes=journal.tile(0, index)[: width * 32])
        Tile.objects.filter(level=1).update(hashes=journal.tile(1, 0)[: index * 32])

    def test_a_log_that_ends_early(self, log, meddle, fault, position_of):
        size = position_of(log[500])
        self.cut(meddle, size)
        assert str(fault().fault) == f"Entry number {size} is missing from the log."

    def test_a_log_that_ends_early_with_its_tiles(self, log, meddle, fault, position_of):
        size = position_of(log[500])
        self.cut(meddle, size)
        self.cut_tiles(size)
        whole = TreeHead.objects.order_by("-size").first().size
        assert str(fault().fault) == f"The tree head of {whole} entries is signed, but the log has only {size}."

    def test_a_log_cut_back_to_an_earlier_head_is_caught_by_whoever_kept_a_later_one(self, log, meddle, write):
        """Nothing inside can show this: it is why tree heads leave the database."""
        kept, earlier = TreeHead.objects.order_by("-size")[:2]
        self.cut(meddle, earlier.size)
        self.cut_tiles(earlier.size)
        meddle("DELETE FROM journal_treehead WHERE size > %s", earlier.size)
        assert journal.audit(KEY()).sound
        write(kept.size - earlier.size + 5)
        journal.sequence()
        assert journal.audit(KEY()).sound
        now = journal.head()
        proof = journal.consistency(kept.size, now.size)
        assert not verify_consistency(kept.size, now.size, bytes(kept.root), bytes(now.root), proof)


class TestTiles:
    @pytest.mark.parametrize("level", [0, 1])
    def test_an_altered_tile(self, log, fault, level):
        tile = bytearray(journal.tile(level, 0))
        tile[5] ^= 1
        Tile.objects.filter(level=level, index=0).update(hashes=bytes(tile))
        assert f"The published tile/{level}/000" in str(fault().fault)

    def test_an_altered_tile_names_the_entry_it_does_not_fit(self, log, fault, position_of):
        index, offset = divmod(position_of(log[77]), 256)
        tile = bytearray(journal.tile(0, index))
        tile[offset * 32] ^= 1
        Tile.objects.filter(level=0, index=index).update(hashes=bytes(tile))
        assert fault().entry_id == log[77]

    @pytest.mark.parametrize("level", [0, 1])
    def test_a_tile_that_is_gone(self, log, fault, level):
        Tile.objects.filter(level=level, index=0).delete()
        assert f"tile/{level}/000" in str(fault().fault)

    def test_a_tile_too_many(self, log, fault):
        Tile.objects.create(level=0, index=4000, hashes=bytes(32))
        assert str(fault().fault) == "There are more tiles than entries."

    def test_a_tile_that_is_too_wide(self, log, fault):
        last = Tile.objects.filter(level=0).order_by("-index").first()
        Tile.objects.filter(pk=last.pk).update(hashes=bytes(last.hashes) + bytes(32))
        assert not fault().sound


class TestHeads:
    def newest(self) -> TreeHead:
        return TreeHead.objects.order_by("-size").first()

    def test_an_altered_root(self, log, meddle, fault):
        meddle("UPDATE journal_treehead SET root = sha256('x') WHERE size = %s", self.newest().size)
        assert "does not have the root of these entries" in str(fault().fault)

    @pytest.mark.parametrize(
        "sql", ["replace(checkpoint, E'\\n\\n', E'\\n\\n ')", "''", "checkpoint || 'x'", "upper(checkpoint)"]
    )
    def test_an_altered_text(self, log, meddle, fault, sql):
        meddle(f"UPDATE journal_treehead SET checkpoint = {sql} WHERE size = %s", self.newest().size)
        assert f"tree head of {self.newest().size} entries" in str(fault().fault)

    def test_the_text_of_another_head(self, log, meddle, fault):
        newest, before = TreeHead.objects.order_by("-size")[:2]
        meddle("UPDATE journal_treehead SET checkpoint = %s WHERE size = %s", before.checkpoint, newest.size)
        assert str(fault().fault) == f"The tree head of {newest.size} entries is not the one that was signed."

    def test_a_head_of_another_size(self, log, meddle, fault):
        meddle("UPDATE journal_treehead SET size = size - 1 WHERE size = %s", self.newest().size)
        assert "does not have the root of these entries" in str(fault().fault)

    def test_a_head_beyond_the_log(self, log, meddle, fault):
        meddle("UPDATE journal_treehead SET size = size + 1 WHERE size = %s", self.newest().size)
        assert "is signed, but the log has only" in str(fault().fault)

    def test_a_head_signed_by_another_key(self, log, meddle, fault):
        newest = self.newest()
        forger = Signer(KEY().name, Ed25519PrivateKey.generate())
        forged = sign(Checkpoint(KEY().name, newest.size, bytes(newest.root)), forger)
        meddle("UPDATE journal_treehead SET checkpoint = %s WHERE size = %s", forged, newest.size)
        assert f"The tree head of {newest.size} entries: The checkpoint is not signed with the key" in str(
            fault().fault
        )

    def test_a_head_of_another_log(self, log, meddle, fault):
        newest = self.newest()
        other = sign(Checkpoint("another.log", newest.size, bytes(newest.root)), signer())
        meddle("UPDATE journal_treehead SET checkpoint = %s WHERE size = %s", other, newest.size)
        assert "is not the one that was signed" in str(fault().fault)

    def test_the_newest_head_is_gone(self, log, meddle, fault, position_of):
        covered = TreeHead.objects.order_by("-size")[1].size
        meddle("DELETE FROM journal_treehead WHERE size > %s", covered)
        assert str(fault().fault) == f"Entry number {covered} stands in the log, but no tree head covers it."

    def test_without_the_logs_key_nothing_is_believed(self, log):
        stranger = Signer(KEY().name, Ed25519PrivateKey.generate()).verifier_key
        assert "not signed with the key" in str(journal.audit(stranger).fault)


def test_the_empty_log_is_sound(db, meddle):
    for table in ("journal_entry", "journal_position", "journal_pending", "journal_tile", "journal_treehead"):
        meddle(f"DELETE FROM {table}")
    assert journal.audit(KEY()) == journal.Audit(0, 0, 0)


COLUMNS = [
    (Entry, "body"), (Entry, "leaf"), (Entry, "kind"), (Entry, "subject_type"), (Entry, "region"), (Tile, "hashes"),
    (TreeHead, "root"), (TreeHead, "checkpoint"),
]  # fmt: skip


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_one_flipped_bit_anywhere_is_found(log, meddle, data):
    model, column = data.draw(st.sampled_from(COLUMNS))
    rows = model.objects.order_by("pk").values_list("pk", column)
    key, value = rows[data.draw(st.integers(0, rows.count() - 1))]
    raw = bytearray(value.encode() if isinstance(value, str) else value) or bytearray(b"0")
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 4))
    changed = bytes(raw).decode(errors="replace").replace("\0", "0") if isinstance(value, str) else bytes(raw)
    with undone():
        meddle(f"UPDATE {model._meta.db_table} SET {column} = %s WHERE {model._meta.pk.column} = %s", changed, key)
        found = journal.audit(KEY())
    assert not found.sound
    if model is Entry:
        assert found.entry_id == key


def test_an_audit_while_the_log_grows_sees_no_fault(own_database, at_once, write):
    ended = threading.Event()

    def grow() -> None:
        try:
            for _ in range(25):
                write(60)
                journal.sequence(45)
        finally:
            ended.set()

    def audit() -> list[str]:
        found = []
        while not ended.is_set():
            found.append(journal.audit(KEY()))
        return [str(audit.fault) for audit in found if not audit.sound]

    assert at_once(grow, audit) == [None, []]
    while journal.sequence():
        pass
    assert journal.audit(KEY()).sound


def test_an_audit_writes_nothing(own_database, write):
    write(10)
    journal.sequence()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} SET default_transaction_read_only = on")
    connection.close()
    assert journal.audit(KEY()).sound
