"""The gate of package definitions: everything that must hold before one may be applied for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from jianguan.kernel.messages import Message, message
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters.service import Pack, PackError, Problem
from jianguan.licensing.packages import definition as reading
from jianguan.licensing.packages.definition import Definition, Lines
from jianguan.licensing.packages.union import Conflict, conflicts, unite

PackOf = Callable[[str], Pack | None]
"""The pack of a matter; None where there is none."""
Fault = tuple[reading.Place, Message]


def gate(path: Path, pack_of: PackOf) -> list[Problem]:
    """All that is wrong with the definition in a file, with its line."""
    try:
        definition = reading.read(path)
    except PackError as error:
        return list(error.problems)
    lines = Lines(path.read_text(encoding="utf-8"))
    return [Problem(path.name, lines.of(place), says) for place, says in _wrong(definition, pack_of)]


def _wrong(definition: Definition, pack_of: PackOf) -> Iterator[Fault]:
    found = {matter: pack_of(matter) for matter in definition.matters}
    packs = {matter: pack for matter, pack in found.items() if pack}
    for n, matter in enumerate(definition.matters):
        if matter not in packs:
            yield ("members", n, "matter"), message("There is no matter called %(matter)s.", matter=matter)
        elif packs[matter].matter.subject.kind != "project":
            yield ("members", n, "matter"), message("%(matter)s is not about a project.", matter=matter)
    if len(packs) < len(definition.members):
        return
    yield from _union(definition, packs)


def _union(definition: Definition, packs: Mapping[str, Pack]) -> Iterator[Fault]:
    """What keeps the forms of the matters from being one."""
    found = list(conflicts(definition, packs))
    yield from ((_place(definition, conflict), conflict.says) for conflict in found)
    if found:
        return
    try:
        unite(definition, packs, definition.matters)
    except forms.FormError as error:
        for defect in error.defects:
            yield ("members",), message("At %(place)s: %(why)s", place=defect.place, why=defect.says)


def _place(definition: Definition, conflict: Conflict) -> reading.Place:
    """Where the definition speaks of it; otherwise the matter that brings it."""
    named = getattr(definition, conflict.kind)
    if (conflict.matter, conflict.key) in named:
        return conflict.kind, f"{conflict.matter}.{conflict.key}"
    return "members", definition.matters.index(conflict.matter)
