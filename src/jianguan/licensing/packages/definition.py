"""A package of matters 一件事 as data: `packs/packages/<key>.yaml`; `package.schema.json` is its exact shape.

key, name, summary, icon, basis
subject       what all its matters are about: `project`
members       the matters, in order; each with
    matter    its key
    after     matters whose result it needs: it is applied for when all of them that take part are decided in favour
    optional  true: the applicant chooses whether it takes part; `when` says in which case that makes sense
    choice    of the members with the same word here exactly one takes part
fields        `matter.field: name`; fields of one name are one question. By default a field keeps its own name
materials     `matter.material: name`, in the same way
"""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from jianguan.kernel.messages import message
from jianguan.kernel.tables import Localized
from jianguan.kernel.transparency.canonical import canonical
from jianguan.licensing.matters.service import PackError, Problem

SCHEMA = Draft202012Validator(json.loads((Path(__file__).parent / "package.schema.json").read_text()))


@dataclass(frozen=True, slots=True)
class Basis:
    """What a package rests on, and how sure we are of it."""

    text: Localized
    confidence: str


@dataclass(frozen=True, slots=True)
class Member:
    """A matter of a package; the attributes are those of the file."""

    matter: str
    after: tuple[str, ...]
    optional: bool
    choice: str
    when: Localized | None


@dataclass(frozen=True, slots=True)
class Definition:
    """A package of matters.

    Attributes:
        fields, materials: names in the union by (matter, own key), where they differ from the own key or confirm it.
        document: the file, as an application keeps it.
    """

    key: str
    name: Localized
    summary: Localized
    icon: str
    basis: tuple[Basis, ...]
    members: tuple[Member, ...]
    fields: Mapping[tuple[str, str], str]
    materials: Mapping[tuple[str, str], str]
    document: Mapping[str, Any]

    @property
    def matters(self) -> tuple[str, ...]:
        """The keys of its matters, in order."""
        return tuple(member.matter for member in self.members)

    def chosen(self, wanted: Collection[str]) -> tuple[str, ...]:
        """The matters that take part if the applicant wants these: all that must, and one of each choice."""
        taken = [m.matter for m in self.members if not m.choice and (not m.optional or m.matter in wanted)]
        for choice in dict.fromkeys(member.choice for member in self.members if member.choice):
            offered = [member.matter for member in self.members if member.choice == choice]
            taken.append(next((matter for matter in offered if matter in wanted), offered[0]))
        return tuple(matter for matter in self.matters if matter in taken)

    def after(self, matter: str, chosen: Collection[str]) -> tuple[str, ...]:
        """The matters that take part whose result a matter needs."""
        member = next(member for member in self.members if member.matter == matter)
        return tuple(other for other in member.after if other in chosen)


def definitions(folder: Path) -> list[Definition]:
    """All definitions in a folder, by key.

    Raises:
        PackError: one of them is none.
    """
    return [read(path) for path in sorted(folder.glob("*.yaml"))]


def read(path: Path) -> Definition:
    """The definition in a file.

    Raises:
        PackError: with everything that is wrong, and its line.
    """
    text = path.read_text(encoding="utf-8")
    try:
        document, lines = yaml.safe_load(text), Lines(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise PackError([Problem(path.name, mark.line + 1 if mark else None, message("This is not YAML."))]) from error
    wrong = [
        Problem(
            path.name, lines.of(error.absolute_path), message("At %(place)s: %(why)s", place=place, why=error.message)
        )
        for error in sorted(SCHEMA.iter_errors(document), key=lambda e: list(map(str, e.absolute_path)))
        for place in ["/".join(map(str, error.absolute_path)) or "/"]
    ]
    if not wrong:
        wrong = [Problem(path.name, lines.of(place), says) for place, says in _contradictions(path.stem, document)]
    if wrong:
        raise PackError(wrong)
    return build(document)


def build(document: Mapping[str, Any]) -> Definition:
    """The definition a sound document says."""
    return _built(canonical(document))


@functools.lru_cache(maxsize=256)
def _built(text: bytes) -> Definition:
    d = json.loads(text)
    return Definition(
        key=d["key"], name=Localized(**d["name"]), summary=Localized(**d["summary"]), icon=d["icon"],
        basis=tuple(Basis(Localized(one["zh"], one["en"]), one["confidence"]) for one in d["basis"]),
        members=tuple(map(_member, d["members"])), fields=_names(d.get("fields", {})),
        materials=_names(d.get("materials", {})), document=d,
    )  # fmt: skip


def _member(d: Mapping[str, Any]) -> Member:
    when = Localized(**d["when"]) if "when" in d else None
    return Member(d["matter"], tuple(d.get("after", ())), "optional" in d, d.get("choice", ""), when)


def _names(d: Mapping[str, str]) -> dict[tuple[str, str], str]:
    return {(matter, key): name for place, name in d.items() for matter, key in [place.split(".")]}


Place = tuple[str | int, ...]


def _contradictions(key: str, document: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    """What the schema cannot know."""
    if document["key"] != key:
        yield ("key",), message("The file of this package is called %(file)s.", file=f"{document['key']}.yaml")
    yield from _about_members(document["members"])
    matters = {member["matter"] for member in document["members"]}
    for kind in ("fields", "materials"):
        for place in document.get(kind, {}):
            if place.split(".")[0] not in matters:
                yield (kind, place), message("The package has no matter %(matter)s.", matter=place.split(".")[0])
    try:
        TopologicalSorter({m["matter"]: m.get("after", ()) for m in document["members"]}).prepare()
    except CycleError as error:
        circle = " → ".join(error.args[1])
        yield ("members",), message("These matters wait for each other: %(circle)s.", circle=circle)


def _about_members(members: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Place, Any]]:
    matters = [member["matter"] for member in members]
    for n, member in enumerate(members):
        if member["matter"] in matters[:n]:
            yield ("members", n, "matter"), message("The matter %(matter)s stands here twice.", matter=member["matter"])
        for other in sorted(set(member.get("after", ())) - set(matters)):
            yield ("members", n, "after"), message("The package has no matter %(matter)s.", matter=other)


class Lines:
    """Where things stand in a YAML file: the line of a place, or of the nearest thing around it that there is."""

    def __init__(self, text: str) -> None:
        self._root = yaml.compose(text, Loader=yaml.SafeLoader)

    def of(self, place: Sequence[str | int]) -> int | None:
        """The line of a place, such as `("members", 2, "after")`; counted from 1."""
        node, line = self._root, 1
        for step in place:
            found = _step(node, step)
            if found is None:
                break
            line, node = found
        return line if self._root else None


def _step(node: Any, step: str | int) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key.start_mark.line + 1, value) for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    return None
