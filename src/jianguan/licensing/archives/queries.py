"""Reading boxes: which a person may open, and what is in one, in a constant number of queries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from jianguan.kernel.tables import Localized
from jianguan.kernel.transparency.canonical import canonical
from jianguan.licensing.archives import rules, schedule
from jianguan.licensing.archives.rules import Content, Held, Item, Shelf, Use
from jianguan.licensing.archives.schedule import (
    CERTIFICATE,
    ENTERPRISE,
    MATERIAL,
    NOTICE,
    PERSON,
    PROJECT,
    PROMISE,
)
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.service import Certificate
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case, Cases
from jianguan.licensing.promises import service as promises
from jianguan.licensing.promises.service import Promise
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor, Organisation
from jianguan.platform.documents import service as documents
from jianguan.platform.documents.service import Blob
from jianguan.platform.errors import NotFound
from jianguan.platform.journal import service as journal
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import service as people
from jianguan.registry.projects import service as projects

NOTICE_NAME = Localized("一次性补正告知书", "Notice of corrections")
PROMISE_NAME = Localized("告知承诺书", "Promise in writing")


@dataclass(frozen=True, slots=True)
class Box:
    """The archive box 电子档案盒 of a project, an enterprise or a person; `code` is the number it is known by."""

    kind: str
    id: UUID
    code: str
    name: str
    region: str
    owner_uscc: str


def project_box(row: projects.Project) -> Box:
    """The box of a project."""
    return Box(PROJECT, row.id, row.code, row.name, row.region, row.owner_uscc)


def enterprise_box(row: enterprises.Enterprise) -> Box:
    """The box of an enterprise."""
    return Box(ENTERPRISE, row.id, row.uscc, row.name, row.region, row.uscc)


def person_box(row: people.Person) -> Box:
    """The box of a person; no number of a person stands on it."""
    return Box(PERSON, row.id, "", row.name, row.region, row.employer_uscc)


def box(actor: Actor, kind: str, box_id: UUID) -> Box:
    """A box the actor may open.

    Raises:
        NotFound: there is none, or not for this person.
    """
    if kind == PROJECT and (project := projects.visible_to(actor).filter(pk=box_id).first()):
        return project_box(project)
    if kind == ENTERPRISE and (enterprise := enterprises.visible_to(actor).filter(pk=box_id).first()):
        return enterprise_box(enterprise)
    if kind == PERSON and (person := people.visible_to(actor).filter(pk=box_id).first()):
        return person_box(person)
    raise NotFound


def _belongs(found: Box) -> Q:
    """Which cases a box holds: of the project; of the enterprise without those of projects; that a paper came from."""
    if found.kind == PROJECT:
        return Q(project_id=found.id)
    if found.kind == ENTERPRISE:
        applicant = Organisation.objects.filter(uscc=found.code).values("pk")
        return Q(applicant_id__in=applicant, project_id=None)
    entries = journal.facts(journal.about("person", found.id))
    return Q(pk__in={UUID(entry.data["case"]) for entry in entries if entry.data.get("case")})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a person sees of a box.

    Attributes:
        subjects: what its journal entries are about: type and id of each case and certificate.
        notices: the correction notices and promises as they are filed, by their SHA-256.
        whole: whether the reader sees all that belongs to the box; only then it is said what is missing.
    """

    box: Box
    shelves: Sequence[Shelf]
    items: Sequence[Item]
    subjects: Sequence[tuple[str, UUID]]
    notices: Mapping[str, bytes]
    whole: bool


def catalogue(actor: Actor, found: Box) -> Catalogue:
    """All documents of a box the actor may see, by stage: those of cases and certificates they may open."""
    belonging = _belongs(found)
    cases, issued = list(_cases(actor, belonging)), _certificates(actor, belonging)
    notices = {one.number: _filed(case, one) for case in cases for one in case.corrections.all()}
    signed = list(promises.of_cases([case.id for case in cases]))
    gathered = [*_materials(found, cases), *_notices(found, cases, notices), *_promises(found, cases, signed)]
    items = rules.gather([*gathered, *_issued(found, issued)])
    whole = _sees_all(actor, found)
    held = _held(found, cases) if whole else None
    subjects = [*(("case", case.id) for case in cases), *(("certificate", one.id) for one in issued)]
    contents = {hashlib.sha256(content).hexdigest(): content for content in notices.values()}
    contents |= {promise.digest: canonical(promise.text) for promise in signed}
    return Catalogue(found, rules.shelves(schedule.stages(found.kind), items, held), items, subjects, contents, whole)


def _cases(actor: Actor, belonging: Q) -> Cases:
    rows = matters.visible_to(actor).filter(belonging).exclude(status=matters.Status.DRAFT)
    return rows.with_pack().prefetch_related("submissions", "corrections").order_by("id")


def _certificates(actor: Actor, belonging: Q) -> list[Certificate]:
    of_box = Case.objects.filter(belonging).values("pk")
    return list(certificates.visible_to(actor).filter(case_id__in=of_box).exclude(sha256="").order_by("id"))


def _sees_all(actor: Actor, found: Box) -> bool:
    if actor.is_enterprise:
        return found.kind == ENTERPRISE and found.code == actor.uscc
    return actor.may("case.read", found.region) and actor.may("certificate.read", found.region)


def _held(found: Box, cases: Sequence[Case]) -> Held:
    records = projects.newest_records(found.id) if found.kind == PROJECT else {}
    return Held({case.matter for case in cases if case.status == matters.Status.COMPLETED}, records)


def _use(found: Box, case: Case, what: str, key: str, **said: Any) -> Use:
    """A use in a case: its stage and retention follow from the matter."""
    matter = matters.of_version(case.pack).matter
    return Use(
        what=what, key=key, case_id=case.id, matter=case.matter, matter_name=matter.short,
        closed_on=clock.legal_day(case.ended_at) if case.ended_at else None,
        stage=schedule.stage_of(found.kind, case.matter, matter.group),
        retention=schedule.retention_of(what, key, matter.group),
        **{"number": case.number or "", "versions": (1,), "newest": 1, **said},
    )  # fmt: skip


def _materials(found: Box, cases: Sequence[Case]) -> Iterator[tuple[Content, Use]]:
    submitted = [
        (case, submission, UUID(document["id"]), document["slot"], document["name"])
        for case in cases
        for submission in case.submissions.all()
        for document in submission.documents
    ]
    rows = documents.by_ids({document_id for _, _, document_id, _, _ in submitted})
    newest = {case.id: max((one.version for one in case.submissions.all()), default=0) for case in cases}
    for case, submission, document_id, slot, filename in submitted:
        row = rows[document_id]
        yield (
            Content(row.blob_id, row.blob.size, row.blob.media_type),
            _use(
                found, case, MATERIAL, slot, name=_material_name(case, slot), filename=rules.masked(filename),
                versions=(submission.version,), newest=newest[case.id], put_by=row.uploaded_by, put_at=row.uploaded_at,
                address=str(document_id),
            ),
        )  # fmt: skip


def _material_name(case: Case, slot: str) -> Localized:
    materials = matters.of_version(case.pack).matter.materials
    return next((material.name for material in materials if material.key == slot), Localized(slot, slot))


def _filed(case: Case, notice: Any) -> bytes:
    """A correction notice as it is filed: exactly what was told, as canonical JSON."""
    return canonical(
        {"number": notice.number, "case": case.number, "items": notice.items, "issued_at": notice.issued_at}
    )


def _notices(found: Box, cases: Sequence[Case], filed: Mapping[str, bytes]) -> Iterator[tuple[Content, Use]]:
    for case in cases:
        for notice in case.corrections.all():
            content = filed[notice.number]
            yield (
                Content(hashlib.sha256(content).hexdigest(), len(content), "application/json"),
                _use(
                    found, case, NOTICE, "correction", name=NOTICE_NAME, filename=f"{notice.number}.json",
                    put_by=notice.issued_by, put_at=notice.issued_at, address="",
                ),
            )  # fmt: skip


def _promises(found: Box, cases: Sequence[Case], signed: Sequence[Promise]) -> Iterator[tuple[Content, Use]]:
    by_id = {case.id: case for case in cases}
    for promise in signed:
        case, versions = by_id[promise.case_id], by_id[promise.case_id].submissions.all()
        yield (
            Content(promise.digest, len(canonical(promise.text)), "application/json"),
            _use(
                found, case, PROMISE, "promise", name=PROMISE_NAME,
                filename=f"{case.number}-promise-{promise.version}.json", versions=(promise.version,),
                newest=max(one.version for one in versions), put_by=promise.signed_by, put_at=promise.signed_at,
                address=str(promise.id),
            ),
        )  # fmt: skip


def _issued(found: Box, issued: Sequence[Certificate]) -> Iterator[tuple[Content, Use]]:
    cases = Case.objects.with_pack().in_bulk({one.case_id for one in issued})
    files = [(one, file) for one in issued for file in certificates.files_of(one)]
    sizes = dict(Blob.objects.filter(pk__in=[file.sha256 for _, file in files]).values_list("pk", "size"))
    for one, file in files:
        yield (
            Content(file.sha256, sizes[file.sha256], file.media_type),
            _use(
                found, cases[one.case_id], CERTIFICATE, one.kind, name=Localized(one.name, one.name_en),
                number=one.number, filename=f"{one.number}-{one.edition:03d}.{file.extension}", versions=(one.edition,),
                newest=one.edition + (one.status == certificates.Status.REPLACED), put_by=None,
                put_at=one.sealed_at or one.requested_at, address=one.number,
            ),
        )  # fmt: skip
