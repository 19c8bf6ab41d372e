"""`jianguan packs`: matters as data."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from jianguan.config import installation
from jianguan.config.commands.output import BAD, GOOD, answer, json_option
from jianguan.config.packs_folder import pack_folders, shipped_packs

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def packs() -> None:
    """Packs: matters as data."""


@packs.command("check")
@click.argument("folders", nargs=-1, type=FOLDER)
@json_option
def check_packs(folders: tuple[Path, ...], as_json: bool) -> None:
    """Run the publication gate and all scenarios of the packs below FOLDERS (default: those of the product).

    Exit status 1 names the pack, the file and the line of every fault.
    """
    installation.prepare_without_database()
    from jianguan.licensing.matters import examining, reading, scenarios

    report: list[dict[str, Any]] = []
    for folder in [found for root in folders or (shipped_packs(),) for found in pack_folders(root)]:
        began = time.perf_counter()
        examined = examining.examine(reading.files_in(folder), reading.stencils_of(folder))
        try:
            count = scenarios.count(examined.pack) if examined.pack else 0
        except reading.PackError:
            count = 0  # what is wrong with them stands among the problems
        report.append(
            {
                "pack": f"{folder.parent.name}/{folder.name}",
                "sound": not examined.faults,
                "scenarios": count,
                "seconds": round(time.perf_counter() - began, 2),
                "problems": [
                    {"file": p.file, "line": p.line, "error": p.is_error, "says": str(p.says)}
                    for p in examined.problems
                ],
            }
        )
    if not report:
        raise click.UsageError("There is no pack below these folders.")
    answer(report, _words(report), as_json=as_json, status=GOOD if all(r["sound"] for r in report) else BAD)


def _words(report: list[dict[str, Any]]) -> str:
    lines = []
    for pack in report:
        verdict = "good" if pack["sound"] else "bad"
        lines.append(f"{verdict}: {pack['pack']}, {pack['scenarios']} scenarios, {pack['seconds']} s")
        for problem in pack["problems"]:
            place = f"{problem['file']}:{problem['line']}" if problem["line"] else problem["file"]
            lines.append(f"  {'error' if problem['error'] else 'warning'} {place}: {problem['says']}")
    return "\n".join(lines)


@packs.command("list")
@json_option
def list_packs(as_json: bool) -> None:
    """The packs that come with the product."""
    installation.prepare_without_database()
    from jianguan.licensing.matters import reading

    report = []
    for folder in pack_folders(shipped_packs()):
        pack = reading.from_directory(folder)
        report.append(
            {
                "matter": pack.matter.key,
                "version": pack.matter.version,
                "name": pack.matter.name.zh,
                "name_en": pack.matter.name.en,
                "digest": pack.digest,
            }
        )
    words = "\n".join(f"{p['matter']}/{p['version']}  {p['name']}  {p['name_en']}" for p in report)
    answer(report, words, as_json=as_json)
