"""Background jobs of this room."""

from __future__ import annotations

from uuid import UUID

from jianguan.licensing.certificates import actions
from jianguan.platform.jobs.service import job


@job(actions.PRODUCE, queue="certificates")
def produce(certificate_id: str) -> None:
    """Render, seal and store one certificate."""
    actions.produce(UUID(certificate_id))
