"""`jianguan doctor`: what is wrong here, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import click

from jianguan.config.commands.output import BAD, GOOD, answer, json_option
from jianguan.config.doctor import setup
from jianguan.config.doctor.finding import Finding, Level, run

MARKS = {Level.OK: "ok     ", Level.WARNING: "warning", Level.FAULT: "FAULT  "}


@click.command()
@click.option("--all", "everything", is_flag=True, help="compare all open cases and all certificates, not a sample")
@json_option
def doctor(everything: bool, as_json: bool) -> None:
    """Say what is wrong with this installation and how to mend it. Changes nothing; exit 1 if there is a fault."""
    findings = list(_examine(everything=everything))
    count = {level: sum(finding.level is level for finding in findings) for level in Level}
    document = {
        "healthy": not count[Level.FAULT],
        "faults": count[Level.FAULT],
        "warnings": count[Level.WARNING],
        "findings": [finding.to_json() for finding in findings],
    }
    summary = f"faults: {count[Level.FAULT]}, warnings: {count[Level.WARNING]}, ok: {count[Level.OK]}"
    words = "\n".join([*map(_line, findings), "", summary])
    answer(document, words, as_json=as_json, status=BAD if count[Level.FAULT] else GOOD)


def _examine(*, everything: bool) -> Iterator[Finding]:
    """Settings and database first; what needs them only where they are in order."""
    for name, check in setup.CHECKS.items():
        found = list(run({name: check}))
        yield from found
        if any(finding.level is Level.FAULT for finding in found):
            return
    import django

    django.setup()
    yield from examine(everything=everything)


def examine(*, everything: bool = False) -> Iterator[Finding]:
    """The checks of an installation whose database answers; those of its content only where its tables are up to date."""
    from jianguan.config.doctor import content, files, keys, schema, work

    found = list(run({"migrations": schema.migrations}))
    yield from found
    if any(finding.level is Level.FAULT for finding in found):
        return
    rest = schema.CHECKS | content.CHECKS | keys.CHECKS | work.CHECKS | files.CHECKS
    sampled = {"due dates": work.due_dates, "certificates": work.certificates_agree}
    yield from run(rest | {name: partial(check, everything=everything) for name, check in sampled.items()})


def _line(finding: Finding) -> str:
    indented = [f"          {line}" for line in finding.remedy.splitlines()]
    return "\n".join([f"{MARKS[finding.level]} {finding.check}: {finding.says}", *indented])
