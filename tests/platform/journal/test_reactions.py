"""Reactions: in the order of the log, exactly once, each on its own feet."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.databases import undone

from jianguan.platform import clock
from jianguan.platform.journal import service as journal
from jianguan.platform.journal.models import Cursor, Position
from jianguan.platform.numbering.models import Series
from jianguan.platform.numbering.service import next_in

from .conftest import DONE, SEEN


class Noted(list):
    """What a reaction was told, and when it is to fail."""

    def __init__(self) -> None:
        super().__init__()
        self.fails_at: set[object] = set()

    def __call__(self, fact: journal.Fact) -> None:
        next_in("noted")
        if fact.id in self.fails_at or "always" in self.fails_at:
            raise RuntimeError(f"no paper for {fact.data['n']}")
        self.append(fact)

    @property
    def ids(self):
        return [fact.id for fact in self]


@pytest.fixture
def noted(react):
    """A reaction that has read everything there was before the test."""
    noted = Noted()
    react("tests.noted", [DONE])(noted)
    return noted


@pytest.fixture
def caught_up(db, noted):
    journal.sequence()
    while journal.run_all():
        pass
    noted.clear()
    return noted


def standing(name="tests.noted"):
    return next(one for one in journal.standings() if one.name == name)


def numbers_taken() -> int:
    return Series.objects.filter(pk="noted").values_list("last", flat=True).first() or 0


class TestReading:
    def test_facts_of_its_kinds_come_in_the_order_of_the_log(self, caught_up, write):
        mine = write(3) + write(2)
        write(4, SEEN)
        mine += write(1)
        journal.sequence()
        assert (journal.run_all(), caught_up.ids) == (6, mine)
        assert (journal.run_all(), standing().lag) == (0, 0)

    def test_a_fact_tells_what_was_recorded(self, caught_up, write, position_of):
        (entry_id,) = write(1, DONE, price="1200.50", words="建管")
        journal.sequence()
        journal.run_all()
        (fact,) = caught_up
        assert (fact.id, fact.kind, fact.region, fact.data["price"]) == (entry_id, "tests.done", "460105", "1200.50")
        assert (fact.position, fact.actor_id, fact.documents) == (position_of(entry_id), None, ())

    def test_what_has_no_place_in_the_log_is_not_read_yet(self, caught_up, write):
        write(2)
        assert journal.run_all() == 0
        journal.sequence()
        assert journal.run_all() == 2

    @settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.sampled_from([DONE, SEEN]), st.integers(1, 4)), max_size=6), st.integers(1, 5))
    def test_however_it_is_cut_into_runs_each_fact_comes_once(self, caught_up, write, runs, batch):
        caught_up.clear()
        mine = []
        for kind, count in runs:
            ids = write(count, kind)
            mine += ids if kind is DONE else []
        journal.sequence()
        while journal.run_all(batch):
            pass
        assert caught_up.ids == mine
        assert standing().lag == 0

    def test_a_run_reads_no_more_than_a_batch(self, caught_up, write):
        write(7)
        journal.sequence()
        assert [journal.run_all(3), journal.run_all(3), journal.run_all(3), journal.run_all(3)] == [3, 3, 1, 0]

    def test_a_new_reaction_begins_at_the_beginning(self, caught_up, react, write):
        ids = write(3)
        journal.sequence()
        later = Noted()
        react("tests.later", [DONE])(later)
        assert standing("tests.later").lag == journal.current_size()
        journal.run_all(10_000)
        assert later.ids[-3:] == ids
        assert standing("tests.later").lag == 0

    def test_two_reactions_of_one_name_are_a_mistake(self, noted, react):
        with pytest.raises(AssertionError, match="two reactions"):
            react("tests.noted", [SEEN])(Noted())


class TestFailing:
    def test_a_failure_stops_only_its_reaction_and_is_seen(self, caught_up, react, write):
        other = Noted()
        react("tests.other", [DONE])(other)
        journal.run_all(10_000)
        before, taken = len(other), numbers_taken()
        ids = write(5)
        caught_up.fails_at = {ids[2]}
        journal.sequence()
        journal.run_all()
        assert caught_up.ids == ids[:2], "what came before stays"
        assert other.ids[before:] == ids
        assert numbers_taken() == taken + 2 + 5, "what the failing one had written is undone"
        assert (standing().lag, standing().error) == (3, "RuntimeError: no paper for 2")
        assert (standing("tests.other").lag, standing("tests.other").error) == (0, "")

    def test_it_pauses_and_then_resumes_where_it_stood(self, caught_up, write):
        ids = write(4)
        caught_up.fails_at = {ids[1]}
        journal.sequence()
        journal.run_all()
        caught_up.fails_at = set()
        failed = Cursor.objects.get(pk="tests.noted").failed_at
        with clock.standing_at(failed + timedelta(seconds=1.9)):
            assert journal.run_all() == 0
        with clock.standing_at(failed + timedelta(seconds=2)):
            assert journal.run_all() == 3
        assert caught_up.ids == ids
        assert (standing().lag, standing().error) == (0, "")
        assert Cursor.objects.get(pk="tests.noted").attempts == 0

    def test_it_pauses_longer_and_longer_but_never_longer_than_ten_minutes(self, caught_up, write):
        caught_up.fails_at = {"always"}
        write(1)
        journal.sequence()
        now, pauses = clock.now(), []
        for _ in range(12):
            with clock.standing_at(now):
                journal.run_all()
            step = timedelta(seconds=1)
            while not self.would_run_at(now + step):
                step *= 2
            pauses.append(step)
            now += step
        assert pauses[:3] == [timedelta(seconds=s) for s in (2, 4, 8)]
        assert pauses == sorted(pauses)
        with clock.standing_at(now):
            journal.run_all()
        assert not self.would_run_at(now + timedelta(seconds=599))
        assert self.would_run_at(now + timedelta(seconds=600))

    def would_run_at(self, instant) -> bool:
        attempts = Cursor.objects.get(pk="tests.noted").attempts
        with undone(), clock.standing_at(instant):
            journal.run_all()
            return Cursor.objects.get(pk="tests.noted").attempts > attempts

    def test_one_that_stands_still_for_days_holds_up_nobody(self, caught_up, react, write):
        """Attempts are counted for as long as it fails; the pause must not grow out of what a date can hold."""
        other = Noted()
        react("tests.other", [DONE])(other)
        journal.run_all(10_000)
        caught_up.fails_at = {"always"}
        write(1)
        journal.sequence()
        journal.run_all()
        Cursor.objects.filter(pk="tests.noted").update(attempts=5_000)
        ids = write(1)
        journal.sequence()
        with clock.standing_at(clock.now() + timedelta(days=2)):
            journal.run_all()
        assert other.ids[-1:] == ids
        assert Cursor.objects.get(pk="tests.noted").attempts == 5_001

    def test_a_row_that_only_the_end_of_the_transaction_refuses_stops_only_its_reaction(
        self, own_database, react, write
    ):
        other = Noted()
        react("tests.dangling", [DONE])(lambda _fact: Position.objects.create(position=-1, entry_id=uuid4()))
        react("tests.other", [DONE])(other)
        write(1)
        journal.sequence()
        journal.run_all(10_000)
        assert len(other) == 1
        assert "IntegrityError" in standing("tests.dangling").error

    def test_a_very_long_error_is_cut(self, db, react, write):
        def fail(_fact):
            raise RuntimeError("x" * 100_000)

        react("tests.wordy", [DONE])(fail)
        write(1)
        journal.sequence()
        journal.run_all()
        assert len(standing("tests.wordy").error) == 2000

    def test_what_dies_in_the_middle_of_a_run_is_as_if_it_had_not_begun(self, caught_up, write, monkeypatch):
        ids = write(3)
        journal.sequence()
        position, taken = Cursor.objects.get(pk="tests.noted").position, numbers_taken()

        def killed(*_arguments, **_options):
            raise KeyboardInterrupt

        with monkeypatch.context() as dying:
            dying.setattr(Cursor, "save", killed)
            with pytest.raises(KeyboardInterrupt):
                journal.run_all()
        assert caught_up.ids == ids
        assert (Cursor.objects.get(pk="tests.noted").position, numbers_taken()) == (position, taken)
        caught_up.clear()
        journal.run_all()
        assert (caught_up.ids, numbers_taken()) == (ids, taken + 3)


def test_two_workers_at_once_react_once(own_database, at_once, noted, write):
    journal.sequence()
    journal.run_all(10_000)
    noted.clear()
    ids = write(60)
    journal.sequence()
    both = threading.Barrier(2)

    def work() -> int:
        both.wait(20)
        return sum(journal.run_all(7) for _ in range(40))

    assert sum(at_once(work, work)) == 60
    assert noted.ids == ids
    assert numbers_taken() >= 60


def test_a_worker_passes_by_what_another_works_on(own_database, at_once, react, write):
    busy, passed = threading.Event(), threading.Event()
    other = Noted()

    def slow(_fact) -> None:
        busy.set()
        assert passed.wait(20)

    react("tests.slow", [DONE])(slow)
    react("tests.other", [DONE])(other)
    write(1)
    journal.sequence()

    def second() -> int:
        assert busy.wait(20)
        try:
            return journal.run_all(10_000)
        finally:
            passed.set()

    answers = at_once(lambda: journal.run_all(1), second)
    assert answers[1] >= 1, "the other reaction went on meanwhile"
    assert other


def test_what_commits_late_is_not_missed(own_database, noted, write, late):
    journal.sequence()
    journal.run_all(10_000)
    noted.clear()
    with late(2) as early:
        ids = write(2)
        journal.sequence()
        journal.run_all()
        assert noted.ids == ids
    journal.sequence()
    journal.run_all()
    assert noted.ids == [*ids, *early]
