"""The database as such: migrations, tables that only grow, what the application's role may do, clocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.db.migrations import RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from jianguan.config.doctor.finding import Finding, fault, ok, warning
from jianguan.platform import clock

TRIGGERS = ("refuse_change", "refuse_truncate")
DECLARED = re.compile(r"CREATE TRIGGER refuse_change .*? ON (\w+)")
SKEW_SEEN, SKEW_WRONG = timedelta(seconds=2), timedelta(seconds=30)


def migrations() -> Iterator[Finding]:
    """Every migration is applied."""
    executor = MigrationExecutor(connection)
    waiting = [str(step) for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    if waiting:
        yield fault(f"{len(waiting)} migrations are not applied: {', '.join(waiting[:5])} …", "Run: jianguan init")
    else:
        yield ok(f"All {len(executor.loader.disk_migrations)} migrations are applied.")


def append_only() -> Iterator[Finding]:
    """The triggers that refuse changes are there, on, and do what they say."""
    tables = _append_only_tables()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid WHERE c.relnamespace = 'public'::regnamespace AND t.tgenabled IN ('O', 'A') "
            "AND p.proname = 'refuse_change' AND p.prosrc LIKE '%%RAISE EXCEPTION%%'"
        )
        standing = set(cursor.fetchall())
    missing = [(table, trigger) for table in tables for trigger in TRIGGERS if (table, trigger) not in standing]
    for table, trigger in missing:
        yield fault(f"{table}: the trigger {trigger} is missing, switched off or empty.", _trigger(table, trigger))
    if missing:
        yield fault(
            "Rows of these tables may have been changed meanwhile.",
            "Run: jianguan journal verify   and compare with a tree head kept elsewhere.",
        )
    else:
        yield ok(f"{len(tables)} tables refuse UPDATE, DELETE and TRUNCATE.")


def _append_only_tables() -> list[str]:
    """The tables that migrations declared append-only."""
    statements = [
        str(operation.sql)
        for migration in MigrationLoader(None).disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, RunSQL)
    ]
    return sorted({table for statement in statements for table in DECLARED.findall(statement)})


def _trigger(table: str, trigger: str) -> str:
    when = "UPDATE OR DELETE" if trigger == "refuse_change" else "TRUNCATE"
    each = "ROW" if trigger == "refuse_change" else "STATEMENT"
    return (
        f"DROP TRIGGER IF EXISTS {trigger} ON {table}; CREATE TRIGGER {trigger} BEFORE {when} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION refuse_change();"
    )


def rights() -> Iterator[Finding]:
    """The role of the application cannot rewrite what must not change."""
    tables = _append_only_tables()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, EXISTS (SELECT 1 FROM unnest(%s::text[]) name JOIN pg_class c ON c.oid = name::regclass "
            "WHERE pg_has_role(c.relowner, 'USAGE') OR has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')) "
            "FROM pg_roles WHERE rolname = current_user",
            [tables],
        )
        role, superuser, may_rewrite = cursor.fetchone()
    if superuser or may_rewrite:
        how = "is a superuser" if superuser else "owns the tables that only grow, or may change their rows"
        yield warning(
            f"The role {role} {how}: whoever takes over the application could switch the triggers off and rewrite them.",
            _separation(tables),
        )
    else:
        yield ok(f"The role {role} may only read and add to the tables that only grow.")


def _separation(tables: list[str]) -> str:
    return (
        "Migrate as the owner, and let web, worker and sequencer use a role of their own (again after every upgrade):\n"
        "CREATE ROLE jianguan_app LOGIN PASSWORD '…';\n"
        "GRANT USAGE ON SCHEMA public TO jianguan_app;\n"
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO jianguan_app;\n"
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jianguan_app;\n"
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(tables)} FROM jianguan_app;"
    )


def clocks() -> Iterator[Finding]:
    """The clocks of this machine and of the database agree."""
    before = clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    skew = abs(theirs - (before + (clock.now() - before) / 2))
    says = f"The clocks of this machine and of the database differ by {skew.total_seconds():.1f} s."
    remedy = "Let both synchronise with a time server (NTP): due dates, tokens and time stamps depend on it."
    if skew > SKEW_WRONG:
        yield fault(says, remedy)
    elif skew > SKEW_SEEN:
        yield warning(says, remedy)
    else:
        yield ok(says)


CHECKS = {"append-only tables": append_only, "database role": rights, "clocks": clocks}
