"""Publishing packs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from jianguan.kernel.messages import message
from jianguan.licensing.matters import facts
from jianguan.licensing.matters.gate import gate
from jianguan.licensing.matters.models import PackVersion
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.reading import PackError, to_archive
from jianguan.platform import clock
from jianguan.platform.errors import Conflict
from jianguan.platform.journal.service import SYSTEM, Acting, Subject, record


@dataclass(frozen=True, slots=True)
class Published:
    """A published version."""

    id: str
    definition: str
    is_new: bool


def publish(pack: Pack, effective_from: date, actor: Acting = SYSTEM, proposed_by: UUID | None = None) -> Published:
    """Publish a pack after the gate; publishing the same files again changes nothing.

    The system publishes what comes with an installation; otherwise one person proposes and another publishes.

    Raises:
        PackError: the gate found errors; nothing is published.
        Conflict: this version was published with other files. A published version never changes: raise the number.
    """
    known = PackVersion.objects.filter(matter=pack.matter.key, version=pack.matter.version).first()
    if known is not None:
        if known.digest != pack.digest:
            raise Conflict(
                message("%(name)s is published already and differs. Raise the version number.", name=pack.definition)
            )
        return Published(str(known.id), pack.definition, is_new=False)
    errors = [problem for problem in gate(pack) if problem.is_error]
    if errors:
        raise PackError(errors)
    with transaction.atomic():
        row = PackVersion.objects.create(
            matter=pack.matter.key, version=pack.matter.version, digest=pack.digest, content=to_archive(pack),
            effective_from=effective_from, published_at=clock.now(), published_by=actor.id,
        )  # fmt: skip
        data = {
            "matter": pack.matter.key,
            "version": pack.matter.version,
            "digest": pack.digest,
            "effective_from": effective_from,
        }
        data |= {"proposed_by": proposed_by} if proposed_by else {}
        record(facts.PACK_PUBLISHED, Subject("pack", row.id, ""), actor, data)
    return Published(str(row.id), pack.definition, is_new=True)
