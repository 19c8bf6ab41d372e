"""Acts happen once: by the id of the command, whoever repeats it and from wherever."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from tests.databases import undone

from jianguan.platform.commands.models import Receipt
from jianguan.platform.commands.service import action, new_command_id
from jianguan.platform.errors import Conflict, Refusal
from jianguan.platform.numbering.models import Series
from jianguan.platform.numbering.service import next_in


@dataclass(frozen=True)
class Person:
    id: UUID | None


@dataclass(frozen=True)
class Take:
    """Take a number from a series."""

    command_id: UUID
    series: str
    price: Decimal = Decimal("1.50")


@dataclass(frozen=True, slots=True)
class Taken:
    number: int
    words: str = ""


ANNA, BORIS, SYSTEM = Person(uuid4()), Person(uuid4()), Person(None)


@action
def take(_actor, command: Take) -> Taken:
    return Taken(next_in(command.series), f"{command.price} 元")


@action
def take_and_refuse(_actor, command: Take) -> Taken:
    next_in(command.series)
    raise Refusal("Not today.")


@action
def take_and_break(_actor, command: Take) -> Taken:
    next_in(command.series)
    raise ZeroDivisionError


@action
def take_twice(actor, command: Take) -> Taken:
    """An act made of two, one of them an act of its own."""
    inner = take(actor, Take(UUID(int=command.command_id.int ^ 1), command.series))
    return Taken(inner.number + next_in(command.series))


def order(series: str = "s") -> Take:
    return Take(new_command_id(), series)


def last(series: str = "s") -> int | None:
    return Series.objects.filter(pk=series).values_list("last", flat=True).first()


@pytest.mark.django_db
class TestOnce:
    def test_an_act_is_carried_out_and_leaves_a_receipt(self):
        command = order()
        assert take(ANNA, command) == Taken(1, "1.50 元")
        receipt = Receipt.objects.get(pk=command.command_id)
        assert (receipt.actor_id, receipt.answer) == (ANNA.id, {"number": 1, "words": "1.50 元"})
        assert receipt.action.endswith(".take")

    def test_repeating_it_returns_the_first_answer_and_writes_nothing(self):
        command = order()
        first = take(ANNA, command)
        written = list(Receipt.objects.order_by("pk").values())
        assert take(ANNA, command) == first
        assert isinstance(take(ANNA, command), Taken)
        assert last() == 1
        assert list(Receipt.objects.order_by("pk").values()) == written

    def test_another_id_is_another_act(self):
        assert [take(ANNA, order()).number for _ in range(3)] == [1, 2, 3]

    def test_the_system_acts_once_too(self):
        command = order()
        assert take(SYSTEM, command) == take(SYSTEM, command)
        assert last() == 1

    @pytest.mark.parametrize("other", [{"series": "other"}, {"price": Decimal("1.51")}])
    def test_the_same_id_with_other_content_is_refused(self, other):
        command = order()
        take(ANNA, command)
        with pytest.raises(Conflict, match="already used for something else"):
            take(ANNA, replace(command, **other))
        assert (last(), last("other")) == (1, None)

    def test_the_same_id_by_another_person_is_refused(self):
        command = order()
        take(ANNA, command)
        with pytest.raises(Conflict):
            take(BORIS, command)
        with pytest.raises(Conflict):
            take(SYSTEM, command)

    def test_the_same_id_for_another_act_is_refused(self):
        command = order()
        take(ANNA, command)
        with pytest.raises(Conflict):
            take_and_refuse(ANNA, command)

    @pytest.mark.parametrize(("broken", "error"), [(take_and_refuse, Refusal), (take_and_break, ZeroDivisionError)])
    def test_what_fails_leaves_nothing_and_can_be_tried_again(self, broken, error):
        command = order()
        for _ in range(2):
            with pytest.raises(error):
                broken(ANNA, command)
            assert last() is None
            assert not Receipt.objects.filter(pk=command.command_id).exists()
        assert take(ANNA, command).number == 1

    def test_an_act_within_an_act_goes_with_it(self):
        command = order()
        assert take_twice(ANNA, command) == take_twice(ANNA, command) == Taken(3)
        assert last() == 2

    def test_an_act_within_a_failed_transaction_did_not_happen(self):
        command = order()
        with undone():
            take(ANNA, command)
        assert last() is None
        assert take(ANNA, command).number == 1


def test_eight_connections_with_one_command_do_it_once(own_database, at_once):
    command = order()
    answers = at_once(*[lambda: take(ANNA, command)] * 8)
    assert answers == [Taken(1, "1.50 元")] * 8
    assert (last(), Receipt.objects.filter(pk=command.command_id).count()) == (1, 1)


def test_a_repeat_waits_for_the_first_and_gets_its_answer(own_database, at_once):
    command = order()
    begun = threading.Event()

    @action
    def take_slowly(_actor, command: Take) -> Taken:
        begun.set()
        own_database.wait_for_a_waiter()
        return Taken(next_in(command.series))

    def repeat():
        assert begun.wait(20)
        return take_slowly(ANNA, command)

    assert at_once(lambda: take_slowly(ANNA, command), repeat) == [Taken(1), Taken(1)]
    assert last() == 1


def test_a_repeat_acts_itself_where_the_first_fails(own_database, at_once):
    command = order()
    begun = threading.Event()
    tries = []

    @action
    def take_at_second_try(_actor, command: Take) -> Taken:
        tries.append(1)
        if len(tries) == 1:
            begun.set()
            own_database.wait_for_a_waiter()
            raise Refusal("Not the first time.")
        return Taken(next_in(command.series))

    def repeat():
        assert begun.wait(20)
        return take_at_second_try(ANNA, command)

    first, second = at_once(lambda: take_at_second_try(ANNA, command), repeat)
    assert (str(first), second) == ("Not the first time.", Taken(1))
