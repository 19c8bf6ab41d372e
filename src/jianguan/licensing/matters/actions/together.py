"""Finishing many steps in one go 批量办理: each is an act of its own, and their certificates are one batch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

from jianguan.kernel.messages import Message
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import packs
from jianguan.licensing.matters.actions.handling import FinishStep, finish_step
from jianguan.licensing.matters.models import Case
from jianguan.licensing.process.service import WorkItem
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Refusal

APPROVE, CERTIFY = "approve", "issue_certificate"


@dataclass(frozen=True, slots=True)
class FinishTogether:
    """Finish several open steps with one outcome.

    Attributes:
        opinion, clause: words for all of them.
        own: words of their own, by step; they take the place of the common ones.
    """

    command_id: UUID
    item_ids: tuple[UUID, ...]
    outcome: str
    opinion: str = ""
    clause: str = ""
    own: tuple[tuple[UUID, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one of them: finished, or why not."""

    number: str
    title: str
    refused: Message | None = None


def finish_together(actor: Actor, command: FinishTogether) -> list[Result]:
    """Finish the steps one by one, in transactions of their own: what is refused leaves the others as they are.

    Sending the same again finishes nothing twice. Certificates of approvals wait in one batch of each authority until
    the keeper of its seal has confirmed it.
    """
    items = {item.id: item for item in WorkItem.objects.filter(pk__in=command.item_ids)}
    cases = {case.id: case for case in _cases(items.values())}
    results = []
    for item_id in command.item_ids:
        case = cases.get(items[item_id].instance_id) if item_id in items else None
        if case:
            results.append(Result(case.number or "", case.title, _finish(actor, command, item_id, case)))
    return results


def _cases(items: Iterable[WorkItem]) -> Iterable[Case]:
    return Case.objects.with_pack().filter(pk__in=[item.instance_id for item in items])


def _finish(actor: Actor, command: FinishTogether, item_id: UUID, case: Case) -> Message | None:
    try:
        batch = _batch(actor, command, case) if command.outcome == APPROVE and _certifies(case) else None
        once = uuid5(command.command_id, str(item_id))
        opinion = dict(command.own).get(item_id, command.opinion)
        finish_step(actor, FinishStep(once, item_id, command.outcome, opinion, command.clause, batch=batch))
    except Refusal as refusal:
        return next(iter(refusal.fields.values()), refusal.says)
    return None


def _certifies(case: Case) -> bool:
    return any(node.effect == CERTIFY for node in packs.of_version(case.pack).net.nodes.values())


def _batch(actor: Actor, command: FinishTogether, case: Case) -> UUID:
    issuer = accounts.authority_for(case.region)
    return UUID(open_batch(actor, OpenBatch(uuid5(command.command_id, str(issuer.id)), issuer.id)).id)


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch for what one person approves in one go, of one authority."""

    command_id: UUID
    issuer_id: UUID


@dataclass(frozen=True, slots=True)
class Opened:
    """The batch."""

    id: str


@action
def open_batch(actor: Actor, command: OpenBatch) -> Opened:
    """Open the batch; a repeat finds the same."""
    return Opened(str(certificates.open_batch(actor, accounts.organisation(command.issuer_id)).id))
