"""Messages to people: sent once, found by those they are for, by nobody else."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from tests.databases import undone

from jianguan.kernel.messages import message
from jianguan.platform.notices import service as notices
from jianguan.platform.notices.models import Notice
from jianguan.platform.notices.service import Recipient


@dataclass(frozen=True)
class Person:
    id: UUID = field(default_factory=uuid4)
    organisation_id: UUID = field(default_factory=uuid4)


ACCEPTED = message("Your application %(number)s was accepted.", number=7)


def send(recipient: Recipient, key: str | None = None) -> bool:
    return notices.send(recipient, ACCEPTED, "/e/cases/", key or str(uuid4()))


@pytest.mark.django_db
class TestNotices:
    def test_a_message_keeps_the_sentence_and_its_parameters_apart(self):
        reader = Person()
        assert send(Recipient(account_id=reader.id))
        notice = notices.for_reader(reader).get()
        assert (notice.template, notice.params) == ("Your application %(number)s was accepted.", {"number": "7"})

    def test_the_same_key_is_sent_once(self):
        reader, other = Person(), Person()
        assert [send(Recipient(account_id=reader.id), "k1"), send(Recipient(account_id=other.id), "k1")] == [
            True,
            False,
        ]
        assert (notices.for_reader(reader).count(), notices.for_reader(other).count()) == (1, 0)

    def test_a_message_of_a_failed_transaction_was_not_sent(self):
        reader = Person()
        with undone():
            send(Recipient(account_id=reader.id), "k2")
        assert not notices.for_reader(reader).exists()
        assert send(Recipient(account_id=reader.id), "k2")

    def test_people_find_their_own_and_those_of_their_organisation(self):
        reader = Person()
        colleague = Person(organisation_id=reader.organisation_id)
        stranger = Person()
        send(Recipient(account_id=reader.id), "mine")
        send(Recipient(organisation_id=reader.organisation_id), "ours")
        assert [n.dedup_key for n in notices.for_reader(reader)] == ["ours", "mine"], "newest first"
        assert [n.dedup_key for n in notices.for_reader(colleague)] == ["ours"]
        assert not notices.for_reader(stranger).exists()

    def test_what_is_unread_is_counted_up_to_a_limit(self):
        reader = Person()
        for _ in range(5):
            send(Recipient(account_id=reader.id))
        assert (notices.unread(reader), notices.unread(reader, at_most=3), notices.unread(Person())) == (5, 3, 0)

    def test_marking_read_touches_what_the_person_sees_and_nothing_else(self):
        reader, stranger = Person(), Person()
        for person in (reader, stranger):
            send(Recipient(account_id=person.id))
        notices.mark_read(reader)
        read_at = notices.for_reader(reader).get().read_at
        assert (notices.unread(reader), notices.unread(stranger)) == (0, 1)
        notices.mark_read(reader)
        assert notices.for_reader(reader).get().read_at == read_at, "read once, read then"


def test_of_two_connections_with_the_same_key_one_sends(own_database, at_once):
    reader, begun = Person(), threading.Event()

    def first() -> bool:
        with transaction.atomic():
            new = send(Recipient(account_id=reader.id), "race")
            begun.set()
            own_database.wait_for_a_waiter()
        return new

    def second() -> bool:
        assert begun.wait(20)
        with transaction.atomic():
            return send(Recipient(account_id=reader.id), "race")

    assert at_once(first, second) == [True, False]
    assert Notice.objects.filter(dedup_key="race").count() == 1
