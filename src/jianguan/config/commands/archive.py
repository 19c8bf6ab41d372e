"""`jianguan archive`: is an exported archive box what it was?"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from jianguan.config import installation
from jianguan.config.commands.output import BAD, GOOD, answer, json_option


@click.group()
def archive() -> None:
    """Archive boxes."""


@archive.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="verifier key of the log, as its authority publishes it (default: the one FILE names)")
@json_option
def verify(file: Path, key: str | None, as_json: bool) -> None:
    """Verify FILE, the exported package of an archive box: exit 0 only if nothing in it was changed.

    Needs no database. Without --key the proofs show only that the package agrees with itself.
    """
    installation.prepare_without_database()
    from jianguan.kernel.transparency.checkpoint import CheckpointError, VerifierKey
    from jianguan.licensing.archives import service

    try:
        trusted = VerifierKey.parse(key) if key else None
    except CheckpointError as error:
        raise click.BadParameter(str(error.sentence), param_hint="--key") from error
    report = service.verify(file, trusted)
    findings = [{"file": finding.file, "says": str(finding.says)} for finding in report.findings]
    document = dataclasses.asdict(report) | {
        "good": report.is_good, "findings": findings, "key_given": trusted is not None,
    }  # fmt: skip
    counts = f"{report.files} files, {report.documents} documents, {report.proofs} proofs"
    heading = f"{'good' if report.is_good else 'bad'}: {counts}; manifest {report.manifest or '—'}"
    lines = [f"  - {one['file'] or file.name}: {one['says']}" for one in findings]
    trust = [] if trusted or not report.key else [f"  The log's key was taken from the package: {report.key}"]
    answer(document, "\n".join([heading, *lines, *trust]), as_json=as_json, status=GOOD if report.is_good else BAD)
