"""Who may handle a step of a case 办理资格: the one judgement behind finishing, claiming and passing on.

A step is handled by who holds its role there, or stands in for one on leave; never by who keeps out of the case 回避, nor
by who handled a step that has to be another person's 办审批分离. Held by somebody, it is theirs and their substitute's.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from jianguan.kernel.messages import Message, message
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.process import service as process
from jianguan.licensing.process.service import WorkItem
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, Principal
from jianguan.platform.errors import Forbidden

APPLICANT = "applicant"  # the role of steps that are the applicant's


def acting_for(actor: Actor, item: WorkItem, pack: Pack, recused: Collection[UUID]) -> Principal | None:
    """On whose behalf a person may finish a step now: their own (None), or that of an absent colleague.

    Raises:
        Forbidden: they may not, with the reason.
    """
    fors, holder = _roles(actor, item, recused), item.holder_id
    if holder and holder != actor.id:
        fors = [one for one in fors if one and one.id == holder]
        if not fors:
            raise Forbidden(held_by(holder))
    _refuse_same_person(actor, fors[0], item, pack)
    return fors[0]


def demand_competence(actor: Actor, item: WorkItem, pack: Pack, recused: Collection[UUID]) -> None:
    """Whether a person may be given a step, whoever holds it now; raises as `acting_for`."""
    _refuse_same_person(actor, _roles(actor, item, recused)[0], item, pack)


def why_not(actor: Actor, item: WorkItem, pack: Pack, recused: Collection[UUID]) -> Message | None:
    """Why a person may not finish a step now."""
    try:
        acting_for(actor, item, pack, recused)
    except Forbidden as refusal:
        return refusal.says
    return None


def held_by(account_id: UUID) -> Message:
    """The sentence for a step that somebody else holds."""
    name, _unit = accounts.names([account_id]).get(account_id, ("", ""))
    return message("%(name)s holds this step. They, or the head of the place, can pass it on.", name=name)


def _roles(actor: Actor, item: WorkItem, recused: Collection[UUID]) -> list[Principal | None]:
    """For whom the actor has the role of a step: themselves first."""
    if actor.id in recused:
        raise Forbidden(message("You keep out of this case (recusal): somebody else has to handle it."))
    found = actor.principals(item.role, item.region)
    fors = [one for one in found if one is None or one.id not in recused]
    if item.role == APPLICANT or not found:
        why = accounts.in_words(accounts.explain_role(actor, item.role, item.region))
        raise Forbidden(message("You may not finish this step. %(why)s", why=why[0]))
    if not fors:
        raise Forbidden(message("The person you stand in for keeps out of this case (recusal)."))
    return fors


def _refuse_same_person(actor: Actor, principal: Principal | None, item: WorkItem, pack: Pack) -> None:
    """Separation counts whoever acted; and a substitute can do no more than the person they stand in for."""
    separated = pack.net.separated(item.node)
    people = [actor.id, *([principal.id] if principal else [])]
    earlier = process.acted_at(item.instance_id, separated, people) if separated else set()
    if actor.id in earlier:
        raise Forbidden(message("You handled an earlier step of this case: another person has to do this one."))
    if principal and principal.id in earlier:
        says = message(
            "%(name)s, for whom you stand in, handled an earlier step of this case: another person has to do this one.",
            name=principal.name,
        )
        raise Forbidden(says)
