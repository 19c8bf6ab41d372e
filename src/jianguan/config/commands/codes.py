"""`jianguan codes`: identifiers of the field."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from jianguan.config.commands.output import BAD, GOOD, SOME_BAD, answer, json_option
from jianguan.kernel.identifiers import KINDS, check

STDIN = "-"


@click.group()
def codes() -> None:
    """Check identifiers: credit codes, identity numbers, permits, projects, e-certificates."""


@codes.command("check", epilog=f"KIND is one of {', '.join(sorted(KINDS))}.")
@click.argument("kind", metavar="KIND", type=click.Choice(sorted(KINDS)))
@click.argument("values", metavar="VALUE...", nargs=-1, required=True)
@json_option
def check_code(kind: str, values: tuple[str, ...], as_json: bool) -> None:
    """Check each VALUE as an identifier of KIND; `-` stands for standard input, one value a line.

    Exit status 0: all are good, 1: all are bad, 3: some are bad. The JSON document is the verdict on VALUE, or the list
    of verdicts where there are several or standard input is read.
    """
    verdicts = [_verdict(kind, value) for value in _rows(values)]
    if not verdicts:
        raise click.UsageError("There is nothing to check: standard input holds no line.")
    good = sum(verdict["valid"] for verdict in verdicts)
    answer(
        verdicts[0] if len(values) == 1 and values != (STDIN,) else verdicts,
        "\n".join(map(_words, verdicts)),
        as_json=as_json,
        status=GOOD if good == len(verdicts) else SOME_BAD if good else BAD,
    )


def _rows(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        if value != STDIN:
            yield value
            continue
        try:
            text = sys.stdin.buffer.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise click.UsageError("Standard input is not UTF-8 text.") from error
        yield from (line.strip() for line in text.splitlines() if line.strip())


def _verdict(kind: str, value: str) -> dict[str, Any]:
    verdict = check(kind, value)
    return {
        "kind": kind,
        "given": value,
        "valid": verdict.valid,
        "normal": verdict.normal,
        "problems": [str(problem) for problem in verdict.problems],
        "warnings": [str(warning) for warning in verdict.warnings],
        "parts": dict(verdict.parts),
    }


def _words(verdict: dict[str, Any]) -> str:
    lines = [f"{'good' if verdict['valid'] else 'bad'}: {verdict['normal'] or verdict['given']}"]
    lines += [f"  {name}: {part}" for name, part in verdict["parts"].items()]
    lines += [f"  - {problem}" for problem in verdict["problems"]] + [f"  ! {word}" for word in verdict["warnings"]]
    return "\n".join(lines)
