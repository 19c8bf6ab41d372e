"""What this room does when a permit is issued."""

from __future__ import annotations

from uuid import UUID

from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import service as matters
from jianguan.platform.journal.service import Fact, reaction
from jianguan.sites.oversight.actions import OpenFile, open_file
from jianguan.sites.oversight.rules import SPECIALITIES

PERMIT = "construction_permit"


@reaction("oversight.permit_issued", [certificates.facts.ISSUED])
def bind_supervisors(fact: Fact) -> None:
    """H8: the permit is there, so the works are supervised from now on."""
    if fact.data["kind"] != PERMIT:
        return
    certificate = certificates.by_id(fact.subject_id)
    assert certificate is not None
    if certificate.edition > 1:  # a change of the permit; the works are supervised already
        return
    chosen = matters.assignees(certificate.case_id)
    open_file(
        OpenFile(
            case_id=certificate.case_id, project_id=UUID(fact.data["project"]), permit_number=certificate.number,
            works_name=certificate.subject_name, owner_name=certificate.holder_name, region=certificate.region,
            chosen={speciality: chosen.get(speciality, ()) for speciality in SPECIALITIES},
        )
    )  # fmt: skip
