"""An application for a package at hand: its definition, matters, form, answers and documents, read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jianguan.kernel.messages import Message, message
from jianguan.licensing.forms import service as forms
from jianguan.licensing.forms.service import Known, Problem
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case, Material, Matter
from jianguan.licensing.packages import catalogue
from jianguan.licensing.packages.definition import Definition, build
from jianguan.licensing.packages.models import Member, Package
from jianguan.licensing.packages.union import Part, Union, Wanted
from jianguan.platform.documents import service as documents
from jianguan.platform.documents.service import Document
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.service import StageRecord

FILE = "file-"


@dataclass(frozen=True, slots=True)
class Slot:
    """A document with what is there of it; `parts` are the matters that ask for it."""

    key: str
    material: Material
    parts: tuple[Part, ...]
    shared: StageRecord | None
    files: tuple[Document, ...]
    required: bool
    satisfied: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """An application for a package being written or followed.

    Attributes:
        members: by matter, in order, those that do not take part too.
        union: the form for those that take part; `whole`: for all.
        known: what the platform knows about the project and the applicant.
    """

    package: Package
    definition: Definition
    members: Mapping[str, Member]
    union: Union
    whole: Union
    known: Known
    record: Mapping[str, Any]
    files: Mapping[str, tuple[Document, ...]]
    shared: Mapping[str, StageRecord]

    @property
    def taking_part(self) -> list[Member]:
        """The members chosen, in order."""
        return [member for member in self.members.values() if member.chosen]

    @property
    def chosen(self) -> tuple[str, ...]:
        """The matters that take part, in order."""
        return tuple(member.matter for member in self.taking_part)

    def after(self, member: Member) -> tuple[str, ...]:
        """The matters a member waits for."""
        return self.definition.after(member.matter, self.chosen)

    def matter(self, member: Member) -> Matter:
        """The matter of a member, as pinned."""
        return matters.of_version(member.pack).matter

    def part(self, member: Member) -> Part:
        """What a member has of the form."""
        return next(part for part in self.union.parts if part.matter == member.matter)

    def named(self, member: Member, fields: Mapping[str, Message]) -> Iterator[tuple[str, Message]]:
        """Sentences at the inputs of one matter, under the names of the one form."""
        names = self.part(member).names
        files = {f"{FILE}{dict(w.uses)[member.matter].key}": f"{FILE}{w.key}" for w in self.union.materials if member.matter in dict(w.uses)}  # fmt: skip
        for name, says in fields.items():
            key, *cell = name.split("-")
            yield files.get(name) or "-".join([names.get(key, key), *cell]), says

    def slots(self) -> list[Slot]:
        """The documents the answers ask for, each once."""
        return [slot for wanted in self.union.materials if (slot := self._slot(wanted))]

    def _slot(self, wanted: Wanted) -> Slot | None:
        parts = self.union.asked_by(wanted, self.record, self.known)
        if not parts:
            return None
        uses = dict(wanted.uses)
        asking = [uses[part.matter] for part in parts]
        found, files = self.shared.get(wanted.first.record), self.files.get(wanted.key, ())
        coming = all(uses[part.matter].record in part.results for part in parts if uses[part.matter].record)
        elsewhere = wanted.first.source == "shared" and (not wanted.first.record or coming)
        required = (
            any(material.required for material in asking) and wanted.first.source != "commitment" and not elsewhere
        )
        return Slot(wanted.key, asking[0], tuple(parts), found, files, required, not required or bool(found or files))

    def problems(self) -> dict[str, Problem]:
        """All that is missing or wrong, answers and documents, by input name."""
        found = self.union.problems(self.record, self.known)
        for slot in self.slots():
            if not slot.satisfied:
                name = forms.Text(slot.material.name.zh, slot.material.name.en)
                found[FILE + slot.key] = Problem(name, message("Upload this document."), missing=True)
        return found


def desk_of(package: Package) -> Desk:
    """The application at hand, in a constant number of queries."""
    definition = build(package.definition)
    rows = package.members.select_related("pack", "case").defer("pack__content").order_by("position")
    members = {member.matter: member for member in rows}
    versions = {matter: member.pack for matter, member in members.items()}
    chosen = tuple(matter for matter, member in members.items() if member.chosen)
    whole = catalogue.union_of(definition, versions, tuple(members))
    union = catalogue.union_of(definition, versions, chosen)
    known = matters.known_of(_as_case(package))
    record = forms.open_record(whole.form, package.record)
    files: dict[str, list[Document]] = {}
    for document in documents.of_subject("package", package.id):
        files.setdefault(document.slot, []).append(document)
    return Desk(
        package, definition, members, union, whole, known, record,
        {slot: tuple(found) for slot, found in files.items()}, projects.newest_records(package.project_id),
    )  # fmt: skip


def _as_case(package: Package) -> Case:
    """What the libraries know of a package is what they know of any of its cases."""
    return Case(project_id=package.project_id, applicant_id=package.applicant_id, region=package.region)
