"""`jianguan packages`: packages of matters as data."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import click

from jianguan.config import installation
from jianguan.config.commands.output import BAD, GOOD, answer, json_option
from jianguan.config.packs_folder import pack_folders, shipped_packs

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
NAME = "packages"  # their folder, among those of the matters


@click.group()
def packages() -> None:
    """Packages of matters: applied for with one form and handled at the same time."""


@packages.command("check")
@click.argument("folder", type=FOLDER, required=False)
@json_option
def check_packages(folder: Path | None, as_json: bool) -> None:
    """Run the gate of the definitions in FOLDER/packages against the packs of FOLDER (default: those of the product).

    Exit status 1 names the file and the line of every fault.
    """
    installation.prepare_without_database()
    from jianguan.licensing.matters.service import Pack, PackError, from_directory
    from jianguan.licensing.packages.service import gate

    root = folder or shipped_packs()
    newest = {found.parent.name: found for found in sorted(pack_folders(root), key=lambda path: int(path.name))}

    @functools.cache
    def pack_of(matter: str) -> Pack | None:
        try:
            return from_directory(newest[matter]) if matter in newest else None
        except PackError:
            return None  # `jianguan packs check` says what is wrong with it

    report: list[dict[str, Any]] = [
        {
            "package": path.stem,
            "sound": not (problems := gate(path, pack_of)),
            "problems": [{"file": p.file, "line": p.line, "says": str(p.says)} for p in problems],
        }
        for path in sorted((root / NAME).glob("*.yaml"))
    ]
    if not report:
        raise click.UsageError("There is no package in this folder.")
    answer(report, _words(report), as_json=as_json, status=GOOD if all(r["sound"] for r in report) else BAD)


def _words(report: list[dict[str, Any]]) -> str:
    lines = []
    for package in report:
        lines.append(f"{'good' if package['sound'] else 'bad'}: {package['package']}")
        for problem in package["problems"]:
            place = f"{problem['file']}:{problem['line']}" if problem["line"] else problem["file"]
            lines.append(f"  error {place}: {problem['says']}")
    return "\n".join(lines)
