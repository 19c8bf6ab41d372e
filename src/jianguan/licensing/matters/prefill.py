"""What the libraries already know of an application 四库带出."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.forms.service import Known, Option
from jianguan.licensing.matters.models import Case
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.regions import service as regions
from jianguan.registry.dictionaries import service as dictionaries
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.projects import service as projects

PROJECT = (
    "code", "investment_code", "name", "nature", "use", "type", "region", "address", "scale", "owner_uscc", "owner_name",
    "total_area", "total_investment",
)  # fmt: skip
ENTERPRISE = ("uscc", "name", "region", "address", "legal_representative", "registered_capital", "established_on")
CERTIFICATE = ("number", "national_number", "name", "subject_name", "issued_on", "valid_until")
LIBRARIES = frozenset({"enterprise"})


def paths() -> frozenset[str]:
    """All that a form may ask to be filled in."""
    sources = {"project": PROJECT, "enterprise": ENTERPRISE, "certificate": CERTIFICATE}
    named = {f"{source}.{name}" for source, names in sources.items() for name in names}
    return frozenset(named | {f"record.{kind}.number" for kind in dictionaries.shipped().codes("stage_record")})


def known_of(case: Case) -> Known:
    """What is known of a case before anybody fills in anything, and the choices that depend on it."""
    project = projects.by_id(case.project_id) if case.project_id else None
    held = certificates.by_id(case.certificate_id) if case.certificate_id else None
    applicant = enterprises.by_uscc(accounts.organisation(case.applicant_id).uscc or "")
    sources: dict[str, Mapping[str, Any]] = {
        name: {field: getattr(row, field) for field in fields}
        for name, row, fields in (
            ("project", project, PROJECT),
            ("enterprise", applicant, ENTERPRISE),
            ("certificate", held, CERTIFICATE),
        )
        if row is not None
    }
    places = [r for r in regions.within(case.region[:2]) if r.kind != "group"]
    options = {"region": [Option(r.code, regions.full_name(r.code)) for r in places]}
    if project:
        newest = projects.newest_records(project.id)
        sources["record"] = {kind: {"number": found.number} for kind, found in newest.items()}
        options["works"] = [Option(str(w.id), f"{w.name}（{w.code}）") for w in projects.works_of(project.id)]
    return Known(sources, options)


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
