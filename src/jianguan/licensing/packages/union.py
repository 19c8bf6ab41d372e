"""One form out of many 一张表单: the questions of all matters of a package, each asked once.

Fields of one name are one question. The union draws and reads it; whether an answer will do is for the forms of the
matters to say, each with its own part of the record. A number that a matter of the package waits for is asked of nobody:
the platform knows it when the time has come.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jianguan.kernel.messages import Message, message
from jianguan.kernel.tables import Localized
from jianguan.licensing.forms import service as forms
from jianguan.licensing.forms.service import Field, Form, Known, Problem, Record, Section, Text
from jianguan.licensing.matters.service import Material, Pack
from jianguan.licensing.packages.definition import Definition
from jianguan.registry.dictionaries import service as dictionaries

FORM = "form.schema.json"
# What of a field must be the same for two to be one question; of units and texts the English is compared.
_ALIKE = ("type", "x-widget", "x-dictionary", "x-format", "pattern", "x-decimals", "x-sensitive", "x-row")
ALL = Text("全部事项", "All matters")
Packs = Mapping[str, Pack]
File = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two matters that say different things under one name, and where the definition can settle it."""

    kind: str  # fields or materials
    matter: str
    key: str
    says: Message


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document asked for once, and the materials of matters that it is."""

    key: str
    uses: tuple[tuple[str, Material], ...]

    @property
    def first(self) -> Material:
        return self.uses[0][1]

    @property
    def name(self) -> Localized:
        return self.first.name


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one matter has of the union: its form, and the names of its fields there; `later` are known later."""

    matter: str
    form: Form
    names: Mapping[str, str]
    later: frozenset[str]
    results: frozenset[str]

    def record(self, union: Mapping[str, Any], known: Known) -> Record:
        """The answers of the union this matter asks for."""
        given = {key: union[name] for key, name in self.names.items() if union.get(name) is not None}
        return forms.settle(self.form, given, known)

    def problems(self, union: Mapping[str, Any], known: Known) -> Iterator[tuple[str, Problem]]:
        """What is wrong with the answers for this matter, by input name in the union."""
        for name, problem in forms.errors(self.form, self.record(union, known), known).items():
            key, *cell = name.split("-")
            if key not in self.later:
                yield "-".join([self.names.get(key, key), *cell]), problem


@dataclass(frozen=True, slots=True, eq=False)
class Union:
    """The form of a package for the matters that take part."""

    form: Form
    parts: tuple[Part, ...]
    materials: tuple[Wanted, ...]

    def problems(self, record: Mapping[str, Any], known: Known) -> dict[str, Problem]:
        """All that is wrong for any of the matters, each question once, in the order of the page."""
        found: dict[str, Problem] = {}
        for part in self.parts:
            for name, problem in part.problems(record, known):
                found.setdefault(name, problem)
        places = {field.key: n for n, field in enumerate(self.form.fields)}
        return dict(sorted(found.items(), key=lambda one: places.get(one[0].split("-")[0], len(places))))

    def asked_by(self, wanted: Wanted, record: Mapping[str, Any], known: Known) -> list[Part]:
        """The matters that ask for a document, given the answers."""
        uses = dict(wanted.uses)
        return [p for p in self.parts if p.matter in uses and uses[p.matter].applies(p.record(record, known))]


def unite(definition: Definition, packs: Packs, chosen: Sequence[str]) -> Union:
    """The union of the forms of the matters that take part; the gate has found no conflict among them."""
    layout = _Layout()
    parts = []
    for matter in chosen:
        pack = packs[matter]
        results = results_of(definition, packs, matter, chosen)
        file = file_of(pack)
        names = {key: definition.fields.get((matter, key), key) for key in file["properties"]}
        later = frozenset(key for key, field in file["properties"].items() if _is_later(field, results))
        parts.append(Part(matter, pack.form, names, later, results))
        layout.add(matter, file, names, later)
    form = forms.compile_form(layout.file(definition), dictionaries.shipped())
    return Union(_tagged(form, parts, packs), tuple(parts), _materials(definition, packs, chosen))


def results_of(definition: Definition, packs: Packs, matter: str, chosen: Sequence[str]) -> frozenset[str]:
    """Kinds of stage records that matters leave behind which this one waits for."""
    waits = [packs[other] for other in definition.after(matter, chosen)]
    return frozenset(
        kind for pack in waits if isinstance(kind := pack.matter.effects.get("record_result", {}).get("kind"), str)
    )


def _is_later(field: File, results: frozenset[str]) -> bool:
    source = field.get("x-prefill", "").split(".")
    return len(source) == 3 and source[0] == "record" and source[1] in results


def file_of(pack: Pack) -> File:
    """The form file of a pack."""
    return _file(pack.files[FORM])


@functools.lru_cache(maxsize=256)
def _file(content: bytes) -> File:
    file: File = json.loads(content)
    return file


class _Layout:
    """The file of a union growing matter by matter: sections in order, every name placed once."""

    def __init__(self) -> None:
        self._properties: dict[str, dict[str, Any]] = {}
        self._sections: dict[str, dict[str, Any]] = {}
        self._last = ""

    def add(self, matter: str, file: File, names: Mapping[str, str], later: frozenset[str]) -> None:
        """The fields of one more matter."""
        self._last = self._last or file["x-sections"][-1]["key"]
        for section in file["x-sections"]:
            own = [key for key in section["fields"] if key not in later]
            new = [names[key] for key in own if names[key] not in self._properties]
            for key in own:
                self._place(names[key], _renamed(file["properties"][key], names))
            if new:
                self._section(matter, section)["fields"].extend(dict.fromkeys(new))

    def _place(self, name: str, field: dict[str, Any]) -> None:
        known = self._properties.get(name)
        if known is None:
            self._properties[name] = field
            return
        show = known.get("x-show")
        if show != field.get("x-show"):  # asked by one when another would not ask it: then it is always asked
            known.pop("x-show", None)
        needed = [
            one.get("x-required", True) and (show == one.get("x-show") or "x-show" not in one) for one in (known, field)
        ]
        known["x-required"] = any(needed)
        for hint in ("x-prefill", "x-hint", "x-lock", "x-after"):
            if hint in field:
                known.setdefault(hint, field[hint])
        if "x-fill" in field:
            fill = known.setdefault("x-fill", field["x-fill"])
            known["x-fill"] = {**fill, "to": {**field["x-fill"]["to"], **fill["to"]}}
        if "maxLength" in field:
            known["maxLength"] = min(known.get("maxLength", field["maxLength"]), field["maxLength"])

    def _section(self, matter: str, section: File) -> dict[str, Any]:
        """The section called like this; a new one whose key is taken gets a key of its own."""
        same = next((known for known in self._sections.values() if known["title"] == section["title"]), None)
        if same:
            return same
        key = section["key"]
        if key in self._sections:
            key = f"{matter}_{key}"[:60]
        return self._sections.setdefault(key, {**section, "key": key, "fields": []})

    def file(self, definition: Definition) -> File:
        """The form file; the section that ends the first form, the contact, ends the whole."""
        sections = sorted(self._sections.values(), key=lambda section: section["key"] == self._last)
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
            "title": definition.name.zh, "x-title-en": definition.name.en, "x-sections": sections,
            "properties": self._properties,
        }  # fmt: skip


def _renamed(field: File, names: Mapping[str, str]) -> dict[str, Any]:
    """A field whose references to others carry the names of the union."""
    made = dict(field)
    if "x-show" in field:
        made["x-show"] = {names[key]: answers for key, answers in field["x-show"].items()}
    if "x-after" in field:
        made["x-after"] = names[field["x-after"]]
    if "x-fill" in field:
        made["x-fill"] = {**field["x-fill"], "to": {names[key]: name for key, name in field["x-fill"]["to"].items()}}
    return made


def _tagged(form: Form, parts: Sequence[Part], packs: Packs) -> Form:
    """The form with the matters each question is for."""
    serves: dict[str, list[Text]] = {}
    for part in parts:
        short = packs[part.matter].matter.short
        for key, name in part.names.items():
            if key not in part.later:
                serves.setdefault(name, []).append(Text(short.zh, short.en))

    def tagged(field: Field) -> Field:
        tags = serves[field.key]
        return replace(field, serves=(ALL,) if len(tags) == len(parts) else tuple(tags))

    sections = tuple(
        Section(section.key, section.title, tuple(map(tagged, section.fields)), section.hint)
        for section in form.sections
    )
    return Form(form.title, sections, form.schema, form.digest)


def _materials(definition: Definition, packs: Packs, chosen: Sequence[str]) -> tuple[Wanted, ...]:
    uses: dict[str, list[tuple[str, Material]]] = {}
    for matter in chosen:
        for material in packs[matter].matter.materials:
            uses.setdefault(definition.materials.get((matter, material.key), material.key), []).append(
                (matter, material)
            )
    return tuple(Wanted(key, tuple(found)) for key, found in uses.items())


# --- what cannot be one


def conflicts(definition: Definition, packs: Packs) -> Iterator[Conflict]:
    """Everything under one name that is not the same question, or not the same document."""
    yield from _conflicting_fields(definition, packs)
    yield from _conflicting_materials(definition, packs)


def _conflicting_fields(definition: Definition, packs: Packs) -> Iterator[Conflict]:
    first: dict[str, tuple[str, File]] = {}
    for matter in definition.matters:
        properties = file_of(packs[matter])["properties"]
        for _, key in definition.fields:
            if (matter, key) in definition.fields and key not in properties:
                says = message("The form of %(matter)s has no field %(key)s.", matter=matter, key=key)
                yield Conflict("fields", matter, key, says)
        for key, field in properties.items():
            name = definition.fields.get((matter, key), key)
            other, known = first.setdefault(name, (matter, field))
            if why := _differs(known, field, declared=(matter, key) in definition.fields):
                says = message(
                    "%(name)s is not the same question in %(matter)s as in %(other)s: %(why)s",
                    name=name, matter=matter, other=other, why=why,
                )  # fmt: skip
                yield Conflict("fields", matter, key, says)


def _differs(one: File, other: File, *, declared: bool) -> Message | None:
    for keyword in _ALIKE:
        if one.get(keyword) != other.get(keyword):
            return message("%(keyword)s differs.", keyword=keyword)
    if _codes(one) != _codes(other):
        return message("the answers to choose from differ.")
    if one.get("x-unit", {}).get("en") != other.get("x-unit", {}).get("en"):
        return message("%(keyword)s differs.", keyword="x-unit")
    if not declared and one["title"] != other["title"]:
        return message(
            "it is called “%(one)s” and “%(other)s”; say under fields whether they are one.",
            one=one["title"], other=other["title"],
        )  # fmt: skip
    columns, others = (field.get("items", {}).get("properties", {}) for field in (one, other))
    found = (_differs(columns[key], others[key], declared=declared) for key in columns if key in others)
    return next((why for why in found if why), None)


def _codes(field: File) -> list[str]:
    return sorted(option["code"] for option in field.get("x-options", ()))


def _conflicting_materials(definition: Definition, packs: Packs) -> Iterator[Conflict]:
    first: dict[str, tuple[str, Material]] = {}
    for matter in definition.matters:
        for material in packs[matter].matter.materials:
            name = definition.materials.get((matter, material.key), material.key)
            other, known = first.setdefault(name, (matter, material))
            declared = (matter, material.key) in definition.materials
            called = not declared and known.name.zh != material.name.zh
            if called or (known.source, known.record) != (material.source, material.record):
                says = message(
                    "%(name)s is “%(one)s” (%(source)s) in %(matter)s, but “%(two)s” (%(way)s) in %(other)s; say under materials whether they are one.",
                    name=name, one=material.name.zh, source=material.source, matter=matter,
                    two=known.name.zh, way=known.source, other=other,
                )  # fmt: skip
                yield Conflict("materials", matter, material.key, says)
