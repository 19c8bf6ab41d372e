"""The sequencer: any number of writers, one order, nothing lost, nothing moved."""

from __future__ import annotations

import os
import threading
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.databases import undone

from jianguan.kernel.transparency.checkpoint import VerifierKey, verify
from jianguan.kernel.transparency.merkle import verify_consistency, verify_inclusion
from jianguan.platform.journal import keys, sequencing
from jianguan.platform.journal import service as journal
from jianguan.platform.journal.models import Pending, Position, TreeHead


def order(*ids: UUID) -> list[UUID]:
    """Those entries in the order of the log."""
    return list(Position.objects.filter(entry_id__in=ids).order_by("position").values_list("entry_id", flat=True))


def is_sound() -> bool:
    audit = journal.audit(journal.verifier_key())
    assert audit.sound, str(audit.fault)
    return audit.pending == 0


@pytest.mark.django_db
class TestPositions:
    @pytest.fixture(autouse=True)
    def _nothing_waits(self):
        journal.sequence()

    def test_an_entry_gets_its_place_from_the_sequencer(self, write):
        (entry_id,) = write()
        assert not order(entry_id)
        size = journal.current_size()
        assert journal.sequence() == 1
        assert Position.objects.get(entry_id=entry_id).position == size
        assert (journal.current_size(), Pending.objects.count()) == (size + 1, 0)

    def test_entries_stand_in_the_order_they_were_written(self, write):
        ids = write(20) + write(1) + write(5)
        journal.sequence()
        assert order(*ids) == ids

    def test_a_run_takes_no_more_than_its_limit(self, write):
        ids = write(10)
        assert [journal.sequence(4) for _ in range(4)] == [4, 4, 2, 0]
        assert order(*ids) == ids

    def test_where_nothing_waits_no_head_is_signed(self):
        heads = TreeHead.objects.count()
        assert journal.sequence() == 0
        assert TreeHead.objects.count() == heads

    def test_an_entry_of_a_failed_transaction_never_was(self, write):
        with undone():
            write(3)
        assert (Pending.objects.count(), journal.sequence()) == (0, 0)

    def test_a_run_that_fails_loses_nothing(self, write, monkeypatch):
        ids = write(3)
        size = journal.current_size()
        monkeypatch.setattr(sequencing, "sign", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            journal.sequence()
        monkeypatch.undo()
        assert (journal.current_size(), Pending.objects.count(), order(*ids)) == (size, 3, [])
        assert journal.sequence() == 3
        assert is_sound()

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 60)), min_size=1, max_size=6))
    def test_every_entry_and_every_earlier_head_is_proved_against_the_newest(self, write, runs):
        first = journal.head()
        ids = []
        for count, limit in runs:
            ids += write(count)
            journal.sequence(limit)
        while journal.sequence():
            pass
        head = journal.head()
        for entry_id in ids[:: max(1, len(ids) // 20)]:
            proof = journal.inclusion(entry_id)
            assert verify_inclusion(proof.leaf, proof.position, head.size, list(proof.hashes), bytes(head.root))
            assert not verify_inclusion(proof.leaf, proof.position, head.size, list(proof.hashes)[1:], bytes(head.root))
            assert not verify_inclusion(proof.leaf, proof.position, head.size, list(proof.hashes), bytes(first.root))
        for old in TreeHead.objects.filter(size__gte=first.size):
            proof = journal.consistency(old.size, head.size)
            assert verify_consistency(old.size, head.size, bytes(old.root), bytes(head.root), proof)
        assert is_sound()

    def test_a_head_is_a_note_anyone_can_check_with_the_public_key_alone(self, write):
        write()
        journal.sequence()
        head = journal.head()
        public = VerifierKey.parse(str(journal.verifier_key()))
        signed = verify(head.checkpoint, public)
        assert (signed.origin, signed.size, signed.root) == (public.name, head.size, bytes(head.root))


def test_a_fact_outside_a_transaction_is_refused(own_database):
    kind = journal.kind("tests.done", "Thing done")
    with pytest.raises(AssertionError, match="in the transaction"):
        journal.record(kind, journal.Subject("thing", UUID(int=1), "46"), journal.SYSTEM, {})


class TestSeveralConnections:
    def test_a_transaction_that_commits_late_gets_a_later_place(self, own_database, write, late):
        journal.sequence()
        with late(2) as early:
            ids = write(2)
            assert min(ids) > max(early), "the late ones were written first"
            assert journal.sequence() == 2
            assert order(*early, *ids) == ids
        assert journal.sequence() == 2
        assert order(*early, *ids) == [*ids, *early]
        assert is_sound()

    def test_several_late_ones_hold_up_nobody(self, own_database, write, late):
        journal.sequence()
        with late() as first, late(3) as second:
            ids = write(1)
            assert journal.sequence() == 1
        assert journal.sequence() == 4
        assert order(*first, *second, *ids) == [*ids, *first, *second]
        assert is_sound()

    def test_a_second_sequencer_waits_for_the_first(self, own_database, at_once, write):
        journal.sequence()
        write(4)
        with own_database.connect() as first:
            first.execute("SELECT pg_advisory_xact_lock(%s)", [sequencing.LOCK])
            done = []
            thread = threading.Thread(target=lambda: done.extend(at_once(journal.sequence)))
            thread.start()
            own_database.wait_for_a_waiter()
            assert (done, Pending.objects.count()) == ([], 4)
        thread.join(20)
        assert done == [4]

    def test_sequencers_at_once_give_each_entry_one_place(self, own_database, at_once, write):
        journal.sequence()
        size = journal.current_size()
        ids = write(200)
        together = threading.Barrier(4)

        def work() -> int:
            together.wait(20)
            return sum(journal.sequence(9) for _ in range(30))

        assert sum(at_once(*[work] * 4)) == 200
        assert journal.current_size() == size + 200
        assert order(*ids) == ids
        assert is_sound()

    def test_a_sequencer_that_is_killed_leaves_everything_to_the_next(self, own_database, write):
        journal.sequence()
        ids = write(3)
        dying = own_database.connect()
        dying.execute("SELECT pg_advisory_xact_lock(%s)", [sequencing.LOCK])
        dying.execute("DELETE FROM journal_pending")
        with own_database.connect(autocommit=True) as killer:
            killer.execute("SELECT pg_terminate_backend(%s)", [dying.info.backend_pid])
        assert journal.sequence() == 3
        dying.close()
        assert order(*ids) == ids
        assert is_sound()

    def test_who_listens_is_told_when_it_is_in_the_log(self, own_database, write):
        journal.sequence()
        with own_database.connect(autocommit=True) as listener:
            listener.execute(f"LISTEN {journal.CHANNEL}")
            write()
            journal.sequence()
            (notice,) = listener.notifies(timeout=20, stop_after=1)
        assert notice.channel == journal.CHANNEL

    def test_writers_do_not_wait_for_each_other(self, own_database, at_once, write, late):
        with late():
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1ms'")
            write(5)


class TestKey:
    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "keys" / keys.FILE

    def test_a_key_is_made_once_for_its_owner_alone(self, path):
        keys._make(path)
        made = path.read_bytes()
        keys._make(path)
        assert path.read_bytes() == made
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        assert [file.name for file in path.parent.iterdir()] == [keys.FILE]

    def test_it_opens_with_the_password_alone(self, path):
        keys._make(path)
        assert load_pem_private_key(path.read_bytes(), keys._password())
        with pytest.raises(ValueError, match="password"):
            load_pem_private_key(path.read_bytes(), b"another password")
        with pytest.raises(TypeError):
            load_pem_private_key(path.read_bytes(), None)

    def test_processes_that_start_at_once_have_the_same_key(self, path, own_database, at_once):
        together = threading.Barrier(8)

        def work() -> bytes:
            together.wait(20)
            keys._make(path)
            return path.read_bytes()

        (key,) = set(at_once(*[work] * 8))
        assert load_pem_private_key(key, keys._password())

    def test_a_key_that_was_not_written_to_the_end_does_not_count(self, path, monkeypatch):
        def full(_handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            keys._make(path)
        monkeypatch.undo()
        assert list(path.parent.iterdir()) == []
        keys._make(path)
        assert load_pem_private_key(path.read_bytes(), keys._password())
