"""A draw as it is published: everything that is needed to do it again."""

from __future__ import annotations

from typing import Any

from jianguan.sites.inspections.models import Draw


def document(draw: Draw) -> dict[str, Any]:
    """The published document of a draw; before it is held, only its commitment."""
    told = {
        "id": str(draw.id), "title": draw.title, "region": draw.region, "commitment": draw.commitment,
        "committed_at": draw.committed_at.isoformat(), "committed_in": str(draw.committed_in),
    }  # fmt: skip
    if draw.held_at is None:
        return told
    return told | {
        "draw": draw.frozen, "seed": draw.seed, "chosen": draw.chosen, "held_at": draw.held_at.isoformat(),
        "held_in": str(draw.held_in),
    }  # fmt: skip
