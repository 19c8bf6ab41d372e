"""Who supervises: choosing among those who can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

SPECIALITIES = {"quality": "quality_supervisor", "safety": "safety_supervisor"}  # speciality → role


def least_loaded(candidates: Sequence[UUID], load: Mapping[UUID, int]) -> UUID | None:
    """The candidate with the fewest files; among equals the first. None if there is no candidate."""
    return min(candidates, key=lambda account_id: (load.get(account_id, 0), candidates.index(account_id)), default=None)
