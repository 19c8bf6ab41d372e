"""What became of each certificate of a batch, step by step, with the instant each left behind 回执.

Nothing is kept for this: the instants stand on the certificate, in the journal and on the message. A step without an
instant has not happened yet; what failed is said on the certificate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from jianguan.licensing.certificates.models import Certificate
from jianguan.platform.journal import service as journal
from jianguan.platform.notices import service as notices

TOLD = (
    "case.completed"  # the fact of the case the applicant is told by; its message is known by "case:<id of the entry>"
)


@dataclass(frozen=True, slots=True)
class Receipts:
    """The steps of one certificate.

    Attributes:
        numbered_at: the case's checks were settled and it got its number.
        sealed_at: it was rendered, sealed and stored.
        journalled_at, position: its issue stands in the journal, and at which place.
        published_at: a signed head of the public log covers it.
        told_at, read_at: the applicant was sent a message, and opened it.
    """

    certificate: Certificate
    numbered_at: datetime
    sealed_at: datetime | None
    journalled_at: datetime | None = None
    position: int | None = None
    published_at: datetime | None = None
    told_at: datetime | None = None
    read_at: datetime | None = None


def receipts(certificates: Sequence[Certificate]) -> list[Receipts]:
    """The receipts of some certificates, in their order: three queries."""
    covering = journal.TreeHead.objects.filter(size__gt=OuterRef("place__position")).order_by("size")
    entries = journal.Entry.objects.annotate(published_at=Subquery(covering.values("at")[:1])).select_related("place")
    issued = entries.in_bulk([one.entry_id for one in certificates if one.entry_id])
    told = _told([one.case_id for one in certificates])
    found = []
    for one in certificates:
        entry, notice = issued.get(one.entry_id), told.get(one.case_id)
        found.append(
            Receipts(
                one, one.requested_at, one.sealed_at, getattr(entry, "at", None),
                getattr(getattr(entry, "place", None), "position", None), getattr(entry, "published_at", None),
                getattr(notice, "sent_at", None), getattr(notice, "read_at", None),
            )
        )  # fmt: skip
    return found


def _told(case_ids: Sequence[UUID]) -> dict[UUID, notices.Notice]:
    ended = journal.Entry.objects.filter(subject_type="case", subject_id__in=case_ids, kind=TOLD)
    keys = {f"case:{entry_id}": case_id for entry_id, case_id in ended.values_list("id", "subject_id")}
    return {keys[notice.dedup_key]: notice for notice in notices.sent(keys)}
