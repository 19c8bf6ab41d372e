"""What service tasks of a process do, within the transaction of the move that reached them.

Nothing here leaves the database: rendering, sealing and messages are jobs and reactions that follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from jianguan.kernel.identifiers import NumberError, permit, project
from jianguan.kernel.process import Effect
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters.face import face
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.errors import Conflict
from jianguan.platform.numbering.service import next_in
from jianguan.registry.people import service as people
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.service import Participant, PermitWorks

if TYPE_CHECKING:
    from jianguan.licensing.matters.moving import Happening

Handler = Callable[["Happening", Effect], None]


def nothing(_happening: Happening, _effect: Effect) -> None:
    """The course of the case says it all (acceptance, refusal)."""


def permit_works(happening: Happening, _effect: Effect) -> None:
    """Give the permit its numbers, enter the permitted works, lock the key people."""
    case, record = happening.case, happening.record
    assert case.project_id is not None
    found = projects.by_id(case.project_id)
    assert found is not None
    day = clock.legal_day(happening.at)
    number = _permit_number(case.region[:6], day, record["permit_category"])
    national = project.make_record(found.code, "SX", next_in(f"SX:{found.code}"))
    happening.notes |= {"permit_number": number, "national_number": national}
    projects.permit_works(
        PermitWorks(
            project_id=found.id, section_id=None, works_ids=[UUID(works_id) for works_id in record["works_ids"]],
            name=record["works_name"], permit_number=number, national_number=national,
            contract_price=Decimal(record["contract_price"]), planned_start=date.fromisoformat(record["start"]),
            planned_finish=date.fromisoformat(record["finish"]), permitted_on=day, participants=_participants(record),
            case_id=case.id,
        )
    )  # fmt: skip


def _permit_number(division: str, day: date, category: str) -> str:
    try:
        return permit.make(division, day, serial=next_in(f"permit:{division}:{day}"), category=category)
    except NumberError as error:  # more than 99 on one day: never wrapped around
        raise Conflict(error.message) from error


def _participants(record: Mapping[str, Any]) -> list[Participant]:
    """The units with their key people; people the library does not know yet are named on the certificate only."""
    posts: dict[str, list[tuple[UUID, str, str]]] = {}
    for row in record.get("staff", []):
        person = people.by_identity(row.get("identity") or "")
        if person:
            posts.setdefault(row.get("uscc", ""), []).append((person.id, person.name, row["post"]))
    return [Participant(u["role"], u["uscc"], u["name"], posts.pop(u["uscc"], [])) for u in record.get("units", [])]


def issue_certificate(happening: Happening, effect: Effect) -> None:
    """Request the certificate; the process waits until it is sealed."""
    case, pack = happening.case, happening.pack
    form = pack.matter.certificate
    assert form is not None
    assert isinstance(effect.token, UUID)
    authority = accounts.authority_for(case.region)
    applicant = accounts.organisation(case.applicant_id)
    certificate = certificates.request(
        certificates.Request(
            kind=form.key, type_code=form.type_code, name=form.name.zh, name_en=form.name.en,
            number=happening.notes["permit_number"], national_number=happening.notes.get("national_number", ""),
            holder_name=applicant.name, holder_uscc=applicant.uscc or "", subject_name=case.title,
            project_id=case.project_id, case_id=case.id, token_id=effect.token, region=case.region,
            issuer_id=authority.id, issuer_name=authority.name, issuer_uscc=authority.uscc or "",
            issued_on=clock.legal_day(happening.at), data=face(pack, case, happening.record),
        )
    )  # fmt: skip
    happening.notes["certificate"] = str(certificate.id)


EFFECTS: Mapping[str, Handler] = {
    "accept": nothing,
    "not_accept": nothing,
    "refuse": nothing,
    "permit_works": permit_works,
    "issue_certificate": issue_certificate,
}
