"""Exporting a box; whatever leaves is journalled with the digest of what it was."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

from jianguan.kernel.messages import message
from jianguan.licensing.archives import exporting, facts, queries
from jianguan.licensing.archives.bag import Bag
from jianguan.licensing.archives.queries import Catalogue
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Refusal
from jianguan.platform.journal.service import Subject, record


@dataclass(frozen=True, slots=True)
class NoteExport:
    """That a package of a box leaves: the SHA-256 of its manifest, its documents and bytes."""

    command_id: UUID
    kind: str
    box_id: UUID
    manifest: str
    documents: int
    octets: int


@dataclass(frozen=True, slots=True)
class Noted:
    """The entry of the journal."""

    entry: str


def export(actor: Actor, kind: str, box_id: UUID, attempt: UUID) -> Bag:
    """The package of a box as the actor sees it, to be written with `bag.zipped`.

    A second click exports again, for the first file may not have arrived; it is journalled again only where the package
    became another one meanwhile.

    Raises:
        NotFound: there is no such box, or not for this person.
        Refusal: it is empty, or a document cannot be found in the store.
        Conflict: an entry about it has no place in the log yet.
    """
    catalogue = queries.catalogue(actor, queries.box(actor, kind, box_id))
    _refuse_unreadable(catalogue)
    issuer = accounts.organisation(actor.organisation_id).name
    bag = exporting.package(catalogue, issuer, inside=not actor.is_enterprise)
    command_id = uuid5(attempt, bag.digest)
    note_export(actor, NoteExport(command_id, kind, box_id, bag.digest, len(catalogue.items), bag.octets))
    return bag


@action
def note_export(actor: Actor, command: NoteExport) -> Noted:
    """Journal that a package leaves.

    Raises:
        NotFound: the actor may not open the box.
    """
    box = queries.box(actor, command.kind, command.box_id)
    data = {"manifest": command.manifest, "documents": command.documents, "bytes": command.octets}
    return Noted(str(record(facts.EXPORTED, Subject(box.kind, box.id, box.region), actor, data)))


def _refuse_unreadable(catalogue: Catalogue) -> None:
    if not catalogue.items:
        raise Refusal(message("The box is empty; there is nothing to export."))
    for item in catalogue.items:
        if item.content.sha256 not in catalogue.notices and not documents.is_stored(item.content.sha256):
            raise Refusal(
                message(
                    "The document %(name)s cannot be found in the store. Tell the administrator; nothing was exported.",
                    name=item.first.filename,
                )
            )
