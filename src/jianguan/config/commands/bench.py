"""`jianguan bench`: speeds as ratios in one run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from jianguan.config.bench.ground import ground
from jianguan.config.bench.measuring import machine
from jianguan.config.commands.output import BAD, GOOD, answer, json_option

if TYPE_CHECKING:
    from jianguan.config.bench.ground import Ground
    from jianguan.config.bench.report import Report

BENCHES = ("transitions", "loops", "inbox", "certificates", "verification", "journal", "rules", "clock", "packs")


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1, type=click.Choice(BENCHES))
@click.option("--quick", is_flag=True, help="small sizes, one round: shows that the benches work, not how fast we are")
@json_option
def bench(names: tuple[str, ...], quick: bool, as_json: bool) -> None:
    """Measure speeds on a throw-away installation, each beside what it is compared with. All benches, or those named.

    Nothing of the installation here is touched. Exit status 1: a limit of the design was missed (never with --quick).
    """
    with ground(quick=quick) as standing:
        reports = [_measure(name, standing) for name in names or BENCHES]
    document = {"machine": machine(), "quick": quick, "benches": [report.to_json() for report in reports]}
    good = all(report.holds for report in reports)
    answer(document, _words(document, reports), as_json=as_json, status=GOOD if good else BAD)


def _measure(name: str, standing: Ground) -> Report:
    click.echo(f"{name} …", err=True)
    measure: Callable[[Ground], Report] = import_module(f"jianguan.config.bench.{name}").measure
    report = measure(standing)
    if standing.quick:  # limits are meant for full sizes
        report.figures = [replace(figure, limit=None) for figure in report.figures]
    return report


def _words(document: dict[str, Any], reports: list[Report]) -> str:
    known = document["machine"]
    head = f"{known['cores']} cores ({known['processor']}), load {known['load']}, Python {known['python']}, {known['system']}"
    return "\n".join([head + (", quick" if document["quick"] else ""), "", *map(str, reports)])
