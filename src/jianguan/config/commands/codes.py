"""`jianguan codes`: identifiers of the field."""

from __future__ import annotations

import click

from jianguan.config.commands.output import BAD, GOOD, answer, json_option
from jianguan.kernel.identifiers import KINDS, check


@click.group()
def codes() -> None:
    """Check identifiers: credit codes, identity numbers, permits, projects, e-certificates."""


@codes.command("check")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument("value")
@json_option
def check_code(kind: str, value: str, as_json: bool) -> None:
    """Check VALUE as an identifier of KIND: exit 0 if it is one, 1 if not."""
    verdict = check(kind, value)
    document = {
        "kind": kind,
        "given": value,
        "valid": verdict.valid,
        "normal": verdict.normal,
        "problems": [str(problem) for problem in verdict.problems],
        "warnings": [str(warning) for warning in verdict.warnings],
        "parts": dict(verdict.parts),
    }
    lines = [f"{'good' if verdict.valid else 'bad'}: {verdict.normal or value}"]
    lines += [f"  {name}: {part}" for name, part in verdict.parts.items()]
    lines += [f"  - {problem}" for problem in verdict.problems] + [f"  ! {warning}" for warning in verdict.warnings]
    answer(document, "\n".join(lines), as_json=as_json, status=GOOD if verdict.valid else BAD)
