"""`jianguan journal`: is the journal what was written?"""

from __future__ import annotations

from pathlib import Path

import click

from jianguan.config import installation
from jianguan.config.commands.output import BAD, GOOD, answer, json_option


@click.group()
def journal() -> None:
    """The journal."""


@journal.command()
@json_option
def verify(as_json: bool) -> None:
    """Walk entries, leaves, tiles and signed tree heads; name the first that does not fit (exit 1)."""
    installation.prepare()
    from django.conf import settings

    from jianguan.platform.journal import service

    if service.head() and not (Path(settings.KEYS_ROOT) / "journal.pem").exists():
        raise click.ClickException("The key of the journal is missing: restore var/keys from the backup.")
    key = service.verifier_key()
    audit = service.audit(key)
    document = {
        "sound": audit.sound,
        "entries": audit.entries,
        "tree_heads": audit.heads,
        "pending": audit.pending,
        "fault": audit.fault,
        "entry": audit.entry_id,
        "verifier_key": str(key),
    }
    found = f"{audit.entries} entries, {audit.heads} tree heads, {audit.pending} waiting"
    words = f"good: {found}" if audit.sound else f"bad after {found}: {audit.fault}"
    answer(document, words, as_json=as_json, status=GOOD if audit.sound else BAD)


@journal.command()
@json_option
def reactions(as_json: bool) -> None:
    """How far behind each reaction is, and why if one stands still (exit 1)."""
    installation.prepare()
    from jianguan.platform.journal import service

    standings = service.standings()
    document = [{"reaction": s.name, "lag": s.lag, "error": s.error} for s in standings]
    words = "\n".join(f"{s.name}: {s.lag} behind{f', stands still: {s.error}' if s.error else ''}" for s in standings)
    answer(document, words, as_json=as_json, status=BAD if any(s.error for s in standings) else GOOD)
