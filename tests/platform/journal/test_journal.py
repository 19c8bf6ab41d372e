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
    journal.sequence()  # what other tests left
    before = journal.audit(journal.verifier_key())
    write(300)
    assert journal.sequence() == 300
    write(5)
    assert journal.sequence() == 5
    write(2)
    audit = journal.audit(journal.verifier_key())
    assert (audit.sound, audit.entries - before.entries, audit.heads - before.heads, audit.pending) == (True, 305, 2, 2)


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
    assert (audit.sound, audit.entry_id) == (False, ids[1])
    assert "its text does not have its hash" in str(audit.fault)


def test_an_altered_column_is_found_and_named() -> None:
    ids = write(3)
    journal.sequence()
    meddle("UPDATE journal_entry SET region = '460200' WHERE id = %s", ids[2])
    assert journal.audit(journal.verifier_key()).entry_id == ids[2]


def test_an_entry_taken_out_of_the_outbox_is_found() -> None:
    (entry_id,) = write()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_pending WHERE entry_id = %s", [entry_id])
    audit = journal.audit(journal.verifier_key())
    assert (audit.sound, audit.entry_id) == (False, entry_id)


def test_a_forged_tree_head_is_found() -> None:
    write(3)
    journal.sequence()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_treehead DISABLE TRIGGER ALL")
        cursor.execute(
            "UPDATE journal_treehead SET root = sha256('forged') WHERE size = (SELECT max(size) FROM journal_treehead)"
        )
        cursor.execute("ALTER TABLE journal_treehead ENABLE TRIGGER ALL")
    assert "does not have the root" in str(journal.audit(journal.verifier_key()).fault)


def test_an_altered_tile_is_found() -> None:
    write(3)
    journal.sequence()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_tile SET hashes = sha256('x') || substr(hashes, 33) WHERE level = 0 AND index = 0"
        )
    assert "does not fit the entries" in str(journal.audit(journal.verifier_key()).fault)


def test_personal_data_stays_out_of_the_leaf_and_can_be_erased() -> None:
    from jianguan.platform.journal.models import PersonalPart

    with transaction.atomic():
        entry_id = journal.record(
            THING_DONE,
            journal.Subject("thing", uuid7(), "46"),
            journal.SYSTEM,
            {},
            personal={"identity": "460000199001010128"},
        )
    assert b"460000199001010128" not in bytes(Entry.objects.get(pk=entry_id).body)
    assert b"460000199001010128" not in bytes(PersonalPart.objects.get(pk=entry_id).data)
    PersonalPart.objects.filter(pk=entry_id).delete()
    journal.sequence()
    assert journal.audit(journal.verifier_key()).sound


def test_inclusion_is_proved_against_the_signed_head() -> None:
    from jianguan.kernel.transparency.merkle import verify_inclusion

    ids = write(10)
    assert journal.inclusion(ids[3]) is None
    journal.sequence()
    proof = journal.inclusion(ids[3])
    assert verify_inclusion(proof.leaf, proof.position, proof.head.size, list(proof.hashes), bytes(proof.head.root))
    assert bytes(Entry.objects.get(pk=ids[3]).leaf) == proof.leaf
