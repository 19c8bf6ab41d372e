"""What the libraries already know of an application 四库带出."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.service import Certificate
from jianguan.licensing.forms.service import Known, Option
from jianguan.licensing.matters.models import Case
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.regions import service as regions
from jianguan.registry.dictionaries import service as dictionaries
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.enterprises.service import Enterprise
from jianguan.registry.projects import service as projects

PROJECT = (
    "code", "investment_code", "name", "nature", "use", "type", "region", "address", "scale", "owner_uscc", "owner_name",
    "total_area", "total_investment",
)  # fmt: skip
ENTERPRISE = ("uscc", "name", "region", "address", "legal_representative", "registered_capital", "established_on")
CERTIFICATE = ("number", "national_number", "name", "subject_name", "holder_name", "issued_on", "valid_until")
PERMIT = ("name", "contract_price", "planned_start", "planned_finish", "suspended_since")
HOLDER = ("uscc", "name")  # of the enterprise for which the certificate was issued, where it is another one
LIBRARIES = frozenset({"enterprise"})


def paths() -> frozenset[str]:
    """All that a form may ask to be filled in."""
    sources = {
        "project": PROJECT, "enterprise": ENTERPRISE, "certificate": CERTIFICATE, "permit": PERMIT, "holder": HOLDER,
    }  # fmt: skip
    named = {f"{source}.{name}" for source, names in sources.items() for name in names}
    return frozenset(named | {f"record.{kind}.number" for kind in dictionaries.shipped().codes("stage_record")})


def known_of(case: Case) -> Known:
    """What is known of a case before anybody fills in anything, and the choices that depend on it."""
    project = projects.by_id(case.project_id) if case.project_id else None
    held = certificates.by_id(case.certificate_id) if case.certificate_id else None
    applicant = enterprises.by_uscc(accounts.organisation(case.applicant_id).uscc or "")
    permit = projects.permit_numbered(held.number) if held and project else None
    sources: dict[str, Mapping[str, Any]] = {
        name: {field: getattr(row, field) for field in fields}
        for name, row, fields in (
            ("project", project, PROJECT),
            ("enterprise", applicant, ENTERPRISE),
            ("certificate", held, CERTIFICATE),
            ("permit", permit, PERMIT),
            ("holder", _other_holder(held, applicant), HOLDER),
        )
        if row is not None
    }
    places = [r for r in regions.within(case.region[:2]) if r.kind != "group"]
    options = {"region": [Option(r.code, regions.full_name(r.code)) for r in places]}
    if project:
        newest = projects.newest_records(project.id)
        sources["record"] = {kind: {"number": found.number} for kind, found in newest.items()}
        options["works"] = _works(case, project.id)
    return Known(sources, options)


def _other_holder(held: Certificate | None, applicant: Enterprise | None) -> Enterprise | None:
    if held is None or not held.holder_uscc or (applicant and applicant.uscc == held.holder_uscc):
        return None
    return enterprises.by_uscc(held.holder_uscc)


def _works(case: Case, project_id: UUID) -> list[Option]:
    """Works to choose from: those that stand, or stood when the application was submitted; drafts say which have a permit."""
    since = clock.legal_day(case.submitted_at) if case.submitted_at else None
    works = projects.standing_works(project_id, since)
    if since:
        return [Option(str(w.id), f"{w.name}（{w.code}）") for w in works]
    taken = gettext("has construction permit %(number)s already")
    permits = {w.id: f" · {taken % {'number': w.permit}}" for w in works if w.permit}  # type: ignore[attr-defined]
    return [Option(str(w.id), f"{w.name}（{w.code}）{permits.get(w.id, '')}") for w in works]


def look_up(_library: str, number: str) -> Mapping[str, Any] | None:
    """What the library of enterprises knows under a credit code, for the fill buttons of forms.

    People are not looked up: filling in by identity number would let an applicant try numbers out.
    """
    found = enterprises.by_uscc(number)
    if found is None:
        return None
    licence = enterprises.safety_licence_on(found.uscc, clock.today())
    return {
        "name": found.name,
        "legal_representative": found.legal_representative,
        "address": found.address,
        "safety_licence": licence.number if licence else "",
    }
