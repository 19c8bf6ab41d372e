"""Tables that only grow: the database itself refuses UPDATE, DELETE and TRUNCATE."""

from __future__ import annotations

from django.db.migrations import RunSQL

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
_TRIGGERS = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
_REMOVAL = """
DROP TRIGGER refuse_change ON {table};
DROP TRIGGER refuse_truncate ON {table};
"""


def append_only(*tables: str) -> RunSQL:
    """A migration operation that makes tables append-only."""
    return RunSQL(
        _FUNCTION + "".join(_TRIGGERS.format(table=table) for table in tables),
        "".join(_REMOVAL.format(table=table) for table in tables),
    )
