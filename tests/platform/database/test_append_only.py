"""Tables that only grow: the database refuses to change what stands there, whoever asks and however."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

import jianguan

pytestmark = pytest.mark.django_db
MIGRATIONS = sorted(Path(jianguan.__file__).parent.glob("*/*/migrations/*.py"))
DECLARED = sorted(
    table
    for path in MIGRATIONS
    for call in re.findall(r"\bappend_only\(([^)]*)\)", path.read_text())
    for table in re.findall(r"\"(\w+)\"", call)
)
MODELS = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
SAMPLES = {
    "uuid": "gen_random_uuid()", "text": "'x'", "bytea": "'x'::bytea", "timestamp with time zone": "now()",
    "date": "current_date", "boolean": "true", "jsonb": "'{}'", "bigint": "8000000", "integer": "8", "smallint": "8",
    "numeric": "8", "ARRAY": "'{}'", "character varying": "'x'",
}  # fmt: skip


def with_a_row(table: str) -> None:
    """Make sure that there is a row: a trigger on rows says nothing about an empty table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
        if cursor.fetchone():
            return
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema "
            "AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
            [table],
        )
        columns = {f'"{name}"': SAMPLES[kind] for name, kind in cursor.fetchall()}
        cursor.execute("SET LOCAL session_replication_role = replica")  # a row of no other row
        cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(columns.values())})")
        cursor.execute("SET LOCAL session_replication_role = origin")


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def refused(act, *arguments, **values) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        act(*arguments, **values)


def test_the_journal_and_the_acts_of_cases_only_grow():
    assert {"journal_entry", "journal_position", "journal_treehead", "matters_act"} <= set(DECLARED)


def test_every_table_that_has_the_triggers_says_so_in_a_migration():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger WHERE tgname IN ('refuse_change', 'refuse_truncate') "
            "AND tgenabled = 'O' GROUP BY 1 ORDER BY 1"
        )
        assert cursor.fetchall() == [(table, 2) for table in DECLARED]


@pytest.mark.parametrize("table", DECLARED)
def test_sql_cannot_change_it(table):
    with_a_row(table)
    before = count(table)
    key = MODELS[table]._meta.pk.column
    with connection.cursor() as cursor:
        refused(cursor.execute, f"UPDATE {table} SET {key} = {key}")
        refused(cursor.execute, f"DELETE FROM {table}")
        refused(cursor.execute, f"TRUNCATE {table} CASCADE")
        refused(
            cursor.execute,
            f"MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
        )
    assert count(table) == before > 0


@pytest.mark.parametrize("table", DECLARED)
def test_the_models_cannot_change_it(table):
    with_a_row(table)
    model, before = MODELS[table], count(table)
    row = model.objects.first()
    field = next(field for field in model._meta.concrete_fields if not field.primary_key)
    refused(model.objects.update, **{field.attname: getattr(row, field.attname)})
    refused(model.objects.bulk_update, [row], [field.name])
    refused(row.save, force_update=True)
    refused(model.objects.all()._raw_delete, "default")
    with pytest.raises(IntegrityError, match=r"append-only|protected"), transaction.atomic():
        row.delete()
    assert count(table) == before


def test_a_new_row_is_welcome_and_an_upsert_is_not():
    with_a_row("journal_treehead")
    with connection.cursor() as cursor:
        insert = "INSERT INTO journal_treehead (size, root, at, checkpoint) VALUES (9000000, 'x', now(), 'x')"
        cursor.execute(insert)
        cursor.execute(f"{insert} ON CONFLICT DO NOTHING")
        refused(cursor.execute, f"{insert} ON CONFLICT (size) DO UPDATE SET checkpoint = 'y'")


def test_other_tables_change_as_ever():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_tile")
        cursor.execute("TRUNCATE journal_pending")
