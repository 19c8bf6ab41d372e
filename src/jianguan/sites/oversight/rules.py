"""Who supervises: choosing among those who can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from jianguan.kernel.messages import Message, message
from jianguan.platform.accounts.service import Actor

SPECIALITIES = {"quality": "quality_supervisor", "safety": "safety_supervisor"}  # speciality → role
TITLES: Mapping[str, Message] = MappingProxyType(
    {"quality": message("quality supervisor"), "safety": message("safety supervisor")}
)


def least_loaded(candidates: Sequence[UUID], load: Mapping[UUID, int]) -> UUID | None:
    """The candidate with the fewest files; among equals the first. None if there is no candidate."""
    return min(candidates, key=lambda account_id: (load.get(account_id, 0), candidates.index(account_id)), default=None)


def supervises(actor: Actor) -> bool:
    """Whether supervision files are this person's business: those who read them, and supervisors with files of theirs."""
    return actor.may("oversight.read") or any(grant.role in SPECIALITIES.values() for grant in actor.grants)
