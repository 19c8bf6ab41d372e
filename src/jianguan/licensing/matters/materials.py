"""Documents of an application: which are asked for, where each stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jianguan.kernel.messages import Message, message
from jianguan.licensing.matters import promising
from jianguan.licensing.matters.models import Case
from jianguan.licensing.matters.pack import Material, Pack
from jianguan.platform.documents import service as documents
from jianguan.platform.documents.service import Document
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.service import StageRecord


@dataclass(frozen=True, slots=True)
class Slot:
    """A material with what is there of it: the shared record, or uploaded files."""

    material: Material
    shared: StageRecord | None
    files: tuple[Document, ...]

    @property
    def satisfied(self) -> bool:
        """Whether nothing more is needed."""
        elsewhere = self.material.source == "shared" and not self.material.record  # officers fetch it themselves
        optional = elsewhere or not self.material.required or self.material.source == "commitment"
        return optional or self.shared is not None or bool(self.files)


def slots(case: Case, pack: Pack, answers: Mapping[str, Any]) -> list[Slot]:
    """The materials the answers ask for, in the order of the matter."""
    files: dict[str, list[Document]] = {}
    for document in documents.of_subject("case", case.id):
        files.setdefault(document.slot, []).append(document)
    shared = projects.newest_records(case.project_id) if case.project_id else {}
    return [
        Slot(material, shared.get(material.record), tuple(files.get(material.key, ())))
        for material in pack.matter.materials
        if material.applies(answers)
    ]


def missing(case: Case, pack: Pack, answers: Mapping[str, Any]) -> dict[str, Message]:
    """A sentence for each document still missing, by the name of its input; what is promised is not missing."""
    promised = promising.waived(case, pack)
    return {
        f"file-{slot.material.key}": message("Upload this document.")
        for slot in slots(case, pack, answers)
        if not slot.satisfied and slot.material.key not in promised
    }
