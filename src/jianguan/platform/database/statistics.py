"""What the planner is told to know of places.

Indexes by jurisdiction are of an expression and partial, and PostgreSQL keeps no statistics it would use for those: it takes
any place for one row in two hundred, and sorts a whole city for the counts of a page.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

LENGTHS = (2, 4, 6)


def of_prefixes(table: str) -> RunSQL:
    """The operation of a migration that has statistics of the prefixes of `region` kept, from the next ANALYZE on."""
    names = {length: f"{table}_region_{length}" for length in LENGTHS}
    make = [f"CREATE STATISTICS {name} ON (LEFT(region, {length})) FROM {table}" for length, name in names.items()]
    return RunSQL(make, [f"DROP STATISTICS {name}" for name in names.values()])
