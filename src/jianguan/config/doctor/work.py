"""What runs in the background: sequencer, reactions, jobs; and whether what they keep up agrees with its source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection

from jianguan.config.doctor.finding import Finding, fault, ok, warning
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case
from jianguan.platform import clock
from jianguan.platform.journal import service as journal

PATIENCE = timedelta(minutes=5)
LAG = 1000  # entries a reaction may be behind
WORKER, SEQUENCER = "Is a worker running? Run: jianguan worker", "Is the sequencer running? Run: jianguan sequencer"
SAMPLE = 300


def sequencer() -> Iterator[Finding]:
    """Committed entries enter the log soon, and heads are signed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(e.at) FROM (SELECT entry_id FROM journal_pending ORDER BY entry_id LIMIT 10000) p "
            "JOIN journal_entry e ON e.id = p.entry_id"
        )
        waiting, oldest = cursor.fetchone()
    head = journal.head()
    newest = f"the newest tree head has {head.size:,} entries, of {head.at:%Y-%m-%d %H:%M}" if head else "no tree head"
    if waiting and oldest < clock.now() - PATIENCE:
        yield fault(f"{waiting} entries of the journal wait since {oldest:%Y-%m-%d %H:%M}; {newest}.", SEQUENCER)
    else:
        yield ok(f"{waiting} entries wait; {newest}.")


def reactions() -> Iterator[Finding]:
    """No reaction stands still or is far behind."""
    standings = journal.standings()
    for one in standings:
        if one.error:
            yield fault(
                f"{one.name} stands still, {one.lag} entries behind: {one.error}",
                "Mend the cause; it tries again by itself and loses nothing.",
            )
        elif one.lag > LAG:
            yield warning(f"{one.name} is {one.lag:,} entries behind.", WORKER)
    if not any(one.error or one.lag > LAG for one in standings):
        yield ok(
            f"{len(standings)} reactions, at most {max((one.lag for one in standings), default=0)} entries behind."
        )


def jobs() -> Iterator[Finding]:
    """No background job failed for good or waits for a worker that is not there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1 ORDER BY 1"
        )
        failed = cursor.fetchall()
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred' "
            "WHERE j.status = 'todo' AND coalesce(j.scheduled_at, e.at) < now() - make_interval(secs => %s)",
            [PATIENCE.seconds],
        )
        (late,) = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id "
            "WHERE j.status = 'doing' AND coalesce(w.last_heartbeat, '-infinity') < now() - make_interval(secs => %s)",
            [PATIENCE.seconds],
        )
        (stuck,) = cursor.fetchone()
    for name, count in failed:
        yield fault(
            f"{count} × {name} failed for good.",
            "Mend the cause (the log of the worker names it), then let them run again:\n"
            "UPDATE procrastinate_jobs SET status = 'todo', attempts = 0 WHERE status = 'failed';",
        )
    if late:
        yield warning(f"{late} jobs wait for more than {PATIENCE.seconds // 60} minutes.", WORKER)
    if stuck:
        yield warning(
            f"{stuck} jobs were begun by a worker that is gone.",
            "UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing';   once no worker runs",
        )
    if not (failed or late or stuck):
        yield ok("No job failed, waits too long or is stuck.")


def due_dates(*, everything: bool = False) -> Iterator[Finding]:
    """What lists are sorted by is what the legal clock derives."""
    cases = Case.objects.filter(ended_at=None).exclude(submitted_at=None).with_pack()
    looked_at = wrong = 0
    for case in cases.iterator(1000) if everything else cases.order_by("?")[:SAMPLE]:
        looked_at += 1
        derived = _derived(case)
        if (case.statutory_due_on, case.due_on) != derived:
            wrong += 1
            yield fault(
                f"Case {case.number} is due {case.due_on} (statutory {case.statutory_due_on}) in lists, "
                f"but {derived[1]} (statutory {derived[0]}) by the legal clock.",
                f"UPDATE matters_case SET due_on = {_sql(derived[1])}, statutory_due_on = {_sql(derived[0])} WHERE id = '{case.id}';",  # noqa: S608 - shown, not run
            )
    if not wrong:
        yield ok(f"{looked_at} open cases looked at: due dates are those of the legal clock.")
    yield from _repeated()


def _derived(case: Case) -> tuple[date | None, date | None]:
    """The statutory and the promised day by the legal clock; none once it is decided or before the clock runs.

    The law sets no limit for every matter; the promised one is always there, and comes last.
    """
    stories = matters.clocks_of(case) if case.decided_on is None else []
    days = [story.derivation.due.day for story in stories]
    return (days[0] if len(days) > 1 else None, days[-1]) if days else (None, None)


def certificates_agree(*, everything: bool = False) -> Iterator[Finding]:
    """What the register says of certificates is what the journal says."""
    rows = certificates.issued()
    looked_at = wrong = 0
    for row in rows.iterator(500) if everything else rows.order_by("?")[:SAMPLE]:
        looked_at += 1
        if not certificates.agrees_with_journal(row):
            wrong += 1
            yield fault(
                f"The register says otherwise about certificate {row.number}, edition {row.edition}, than the journal.",
                "Find out who altered the row; restore it from a backup. Verification refuses the certificate until then.",
            )
    if not wrong:
        yield ok(f"{looked_at} certificates looked at: the register agrees with the journal.")


def _sql(day: date | None) -> str:
    return f"'{day}'" if day else "NULL"


def _repeated() -> Iterator[Finding]:
    """Open steps repeat the due date of their case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM process_workitem w JOIN matters_case c ON c.id = w.instance_id "
            "WHERE w.state = 'open' AND w.due_on IS DISTINCT FROM c.due_on"
        )
        (differing,) = cursor.fetchone()
    if differing:
        yield fault(
            f"{differing} open steps have another due date than their case.",
            "UPDATE process_workitem w SET due_on = c.due_on FROM matters_case c "
            "WHERE c.id = w.instance_id AND w.state = 'open' AND w.due_on IS DISTINCT FROM c.due_on;",
        )


CHECKS = {"sequencer": sequencer, "reactions": reactions, "jobs": jobs}
