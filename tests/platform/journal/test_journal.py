"""The journal: nothing is rewritten unseen."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from uuid6 import uuid7

from jianguan.platform.journal import service as journal
from jianguan.platform.journal.models import Entry

pytestmark = pytest.mark.django_db
THING_DONE = journal.kind("test.done", "Thing done")


def write(count: int = 1) -> list:
    subject = journal.Subject("thing", uuid7(), "460105")
    with transaction.atomic():
        return [journal.record(THING_DONE, subject, journal.SYSTEM, {"n": n}) for n in range(count)]


def meddle(sql: str, *parameters: object) -> None:
    """Change a table behind the application's back, as a superuser can."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER ALL")
        cursor.execute(sql, parameters)
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER ALL")


def test_a_sequenced_journal_passes_the_audit() -> None:
    write(300)
    assert journal.sequence() == 300
    write(5)
    assert journal.sequence() == 5
    write(2)
    audit = journal.audit(journal.verifier_key())
    assert (audit.sound, audit.entries, audit.heads, audit.pending) == (True, 305, 2, 2)


@pytest.mark.parametrize(
    "statement", ["UPDATE journal_entry SET kind = 'x'", "DELETE FROM journal_entry", "TRUNCATE journal_entry CASCADE"]
)
def test_the_database_refuses_to_change_entries(statement: str) -> None:
    write()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_altered_text_is_found_and_named() -> None:
    ids = write(3)
    journal.sequence()
    meddle(
        "UPDATE journal_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '\"n\":1', '\"n\":9'), 'UTF8') WHERE id = %s",
        ids[1],
    )
    audit = journal.audit(journal.verifier_key())
    assert (audit.sound, audit.entry_id, audit.entries) == (False, ids[1], 1)


def test_an_altered_column_is_found_and_named() -> None:
    ids = write(3)
    journal.sequence()
    meddle("UPDATE journal_entry SET region = '460200' WHERE id = %s", ids[2])
    assert journal.audit(journal.verifier_key()).entry_id == ids[2]


def test_inclusion_is_proved_against_the_signed_head() -> None:
    from jianguan.kernel.transparency.merkle import verify_inclusion

    ids = write(10)
    assert journal.inclusion(ids[3]) is None
    journal.sequence()
    proof = journal.inclusion(ids[3])
    assert verify_inclusion(proof.leaf, proof.position, proof.head.size, list(proof.hashes), bytes(proof.head.root))
    assert bytes(Entry.objects.get(pk=ids[3]).leaf) == proof.leaf
