"""Numbers of documents: consecutive, never given twice, given back by what fails."""

from __future__ import annotations

import contextlib
import threading

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.errors import LockNotAvailable
from tests.databases import undone

from jianguan.platform.numbering.models import Series
from jianguan.platform.numbering.service import next_in


def take(series: str = "permits") -> int:
    with transaction.atomic():
        return next_in(series)


@pytest.mark.django_db
def test_a_series_counts_from_one():
    assert [take() for _ in range(4)] == [1, 2, 3, 4]


@pytest.mark.django_db
def test_series_do_not_know_each_other():
    assert [take("a"), take("b"), take("a"), take("海口市 2026-11-20")] == [1, 1, 2, 1]


def test_a_number_outside_a_transaction_is_refused(own_database):
    with pytest.raises(AssertionError, match="within the transaction"):
        next_in("permits")
    assert not Series.objects.filter(pk="permits").exists()


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=12))
def test_what_is_rolled_back_leaves_no_gap(db, steps):
    given_out: dict[str, list[int]] = {"a": [], "b": []}
    Series.objects.all().delete()
    for series, succeeds in steps:
        with contextlib.nullcontext() if succeeds else undone():
            number = take(series)
        given_out[series] += [number] if succeeds else []
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in given_out.values())


def test_many_connections_never_get_the_same_number(own_database, at_once):
    def work():
        return [take() for _ in range(15)]

    lists = at_once(*[work] * 6)
    assert sorted(number for numbers in lists for number in numbers) == list(range(1, 91))
    assert all(numbers == sorted(numbers) for numbers in lists)


def test_a_series_stays_locked_until_its_transaction_ends(own_database):
    take()
    with own_database.connect(autocommit=True) as other:
        other.execute("SET lock_timeout = '50ms'")
        with transaction.atomic():
            next_in("permits")
            with pytest.raises(LockNotAvailable):
                other.execute("UPDATE numbering_series SET last = last + 1 WHERE key = 'permits'")
        assert other.execute(
            "UPDATE numbering_series SET last = last + 1 WHERE key = 'permits' RETURNING last"
        ).fetchone() == (3,)


def test_the_number_of_a_transaction_that_fails_goes_to_the_one_that_waited(own_database, at_once):
    take()
    holding = threading.Event()

    def first():
        with undone():
            assert next_in("permits") == 2
            holding.set()
            own_database.wait_for_a_waiter()

    def second():
        assert holding.wait(20)
        return take()

    assert at_once(first, second) == [None, 2]
    assert Series.objects.get(pk="permits").last == 2


def test_a_connection_that_breaks_gives_its_number_back(own_database):
    dying = own_database.connect()
    dying.execute("INSERT INTO numbering_series VALUES ('permits', 1)")
    with own_database.connect(autocommit=True) as killer:
        killer.execute("SELECT pg_terminate_backend(%s)", [dying.info.backend_pid])
    assert take() == 1
    dying.close()
