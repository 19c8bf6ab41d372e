"""Reading working copies. A person opens those of their own; of others', that they exist."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from jianguan.licensing.workshop.models import CopyState, WorkingCopy, WorkingFile
from jianguan.platform.accounts.service import Actor
from jianguan.platform.errors import NotFound


def standing() -> QuerySet[WorkingCopy]:
    """Working copies that are not discarded, of everyone: two people should know that both work on a matter."""
    return WorkingCopy.objects.exclude(state=CopyState.DISCARDED)


def own(actor: Actor, copy_id: UUID) -> WorkingCopy:
    """A working copy of one's own.

    Raises:
        NotFound: there is none, or it is someone else's, or discarded.
    """
    copy = standing().filter(pk=copy_id, owner_id=actor.id).first()
    if copy is None:
        raise NotFound
    return copy


def files_of(copy: WorkingCopy) -> dict[str, WorkingFile]:
    """Its files by name, in the order of a pack: what it is, form, process, rules, scenarios."""
    return {file.name: file for file in sorted(copy.files.all(), key=lambda file: (file.name.count("/"), file.name))}
