"""What the libraries already know of an application 四库带出."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jianguan.licensing.forms.service import Known, Option
from jianguan.platform import clock
from jianguan.platform.regions import service as regions
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.service import Project

RECORDS = ("land", "planning", "award_notice", "drawing_review", "contract")
PROJECT = (
    "code",
    "investment_code",
    "name",
    "nature",
    "use",
    "type",
    "region",
    "address",
    "scale",
    "owner_uscc",
    "owner_name",
)
PATHS = frozenset([*(f"project.{name}" for name in PROJECT), *(f"record.{kind}.number" for kind in RECORDS)])
LIBRARIES = frozenset({"enterprise"})


def known(project: Project | None) -> Known:
    """What is known of a project before anybody fills in anything, and the choices that depend on it."""
    if project is None:
        return Known()
    records = {kind: found for kind in RECORDS if (found := projects.record_of(project.id, kind))}
    sources = {
        "project": {name: getattr(project, name) for name in PROJECT},
        "record": {kind: {"number": found.number} for kind, found in records.items()},
    }
    works = [Option(str(w.id), f"{w.name}（{w.code}）") for w in projects.works_of(project.id)]
    places = [
        Option(r.code, regions.full_name(r.code)) for r in regions.within(project.region[:2]) if r.kind != "group"
    ]
    return Known(sources, {"works": works, "region": places})


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
