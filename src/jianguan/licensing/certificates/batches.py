"""Acts on batches of certificates 批量制证: opening one, confirming the use of the seal, trying again what failed.

The certificates of a batch are made by the same job as any other, one each: it may be cut off at any point and run
again, and makes nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q

from jianguan.kernel.messages import message
from jianguan.licensing.certificates import facts, queries
from jianguan.licensing.certificates.actions import PRODUCE
from jianguan.licensing.certificates.models import Batch
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor, Organisation
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound
from jianguan.platform.jobs.service import enqueue
from jianguan.platform.journal.service import Subject, record
from jianguan.platform.numbering.service import next_in

SEAL = "certificate.seal"


def open_batch(actor: Actor, issuer: Organisation) -> Batch:
    """A new batch for the certificates of an authority, in the caller's transaction; `Request.batch` is its id."""
    assert connection.in_atomic_block
    now = clock.now()
    day = clock.legal_day(now)
    number = f"ZZ{day:%Y%m%d}{next_in(f'certificate-batch:{day}'):04d}"
    return Batch.objects.create(
        number=number, region=issuer.region, issuer_id=issuer.id, issuer_name=issuer.name, requested_by=actor.id,
        requested_at=now,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConfirmBatch:
    """Let the seal be used for all certificates of a batch; `count` is how many were shown."""

    command_id: UUID
    batch_id: UUID
    count: int


@dataclass(frozen=True, slots=True)
class Enqueued:
    """How many certificates are now being made."""

    count: int


@action
def confirm_batch(actor: Actor, command: ConfirmBatch) -> Enqueued:
    """The keeper of the seal confirms its use once for a whole batch; from now on nothing can join it.

    Raises:
        Forbidden: the actor does not keep the seal there.
        Conflict: it is confirmed already, is empty, or has other certificates than were shown.
    """
    batch = _locked(actor, command.batch_id)
    if batch.confirmed_at:
        raise Conflict(message("The use of the seal for this batch was confirmed already."))
    waiting = list(batch.certificates.order_by("id").values_list("id", flat=True))
    if not waiting or len(waiting) != command.count:
        raise Conflict(
            message("The batch has %(count)s certificates now. Look at them and confirm again.", count=len(waiting))
        )
    batch.confirmed_by, batch.confirmed_at = actor.id, clock.now()
    batch.save(update_fields=["confirmed_by", "confirmed_at"])
    data = {"number": batch.number, "issuer": batch.issuer_id, "certificates": waiting}
    record(facts.BATCH_CONFIRMED, Subject("certificate_batch", batch.id, batch.region), actor, data)
    return _enqueue(waiting)


@dataclass(frozen=True, slots=True)
class RetryBatch:
    """Try the failed certificates of a batch again, or one of them."""

    command_id: UUID
    batch_id: UUID
    certificate_id: UUID | None = None


@action
def retry_batch(actor: Actor, command: RetryBatch) -> Enqueued:
    """Make the certificates of a confirmed batch that could not be made, now that the reason is mended.

    Raises:
        Forbidden: the actor does not keep the seal there.
    """
    batch = _locked(actor, command.batch_id)
    wanted = Q(id=command.certificate_id) if command.certificate_id else Q()
    failed = list(queries.failed(batch).filter(wanted).select_for_update().values_list("id", flat=True))
    batch.certificates.filter(id__in=failed).update(error="")
    return _enqueue(failed)


def _locked(actor: Actor, batch_id: UUID) -> Batch:
    batch = Batch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    if not actor.may(SEAL, batch.region):
        raise Forbidden(message("You do not keep the seal of this authority."))
    return batch


def _enqueue(certificates: list[UUID]) -> Enqueued:
    for certificate_id in certificates:
        enqueue(PRODUCE, certificate_id=str(certificate_id))
    return Enqueued(len(certificates))
