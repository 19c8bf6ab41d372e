"""Facts about the enterprises that build: qualification, safety production licence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jianguan.kernel.messages import message
from jianguan.licensing.rules.finding import Application, Finding, fact
from jianguan.registry.dictionaries import service as dictionaries
from jianguan.registry.enterprises import service as enterprises

GENERAL_CONTRACTOR, SUPERVISOR, EPC_CONTRACTOR = "009", "007", "013"
# Which kinds of qualification allow which category of works; recalled, so it decides a hint, never a refusal by itself.
GENERAL_CONTRACTING = {"01": "建筑工程施工总承包", "02": "市政公用工程施工总承包"}


def _unit(application: Application, *roles: str) -> Mapping[str, Any] | None:
    named = (row for row in application.rows("units") if row.get("role") in roles and row.get("uscc"))
    return next(named, None)  # an application that is still being written has rows without an answer


@fact("text", "named", "unknown", "missing", answers=["units"])
def builder(application: Application) -> Finding:
    """Whether a contractor is named and in the library of enterprises 已经确定施工企业."""
    unit = _unit(application, GENERAL_CONTRACTOR, EPC_CONTRACTOR)
    if unit is None:
        return Finding("missing", message("No contractor was named."))
    found = application.ask(enterprises.by_uscc, unit["uscc"])
    if found is None:
        says = message(
            "%(name)s (%(uscc)s) is not in the library of enterprises.", name=unit.get("name", ""), uscc=unit["uscc"]
        )
        return Finding("unknown", says)
    return Finding("named", message("%(name)s (%(uscc)s).", name=found.name, uscc=found.uscc))


@fact("text", "covers", "other_kind", "missing", answers=["units"])
def builder_qualification(application: Application) -> Finding:
    """Whether the contractor's qualification fits the works 相应资质条件."""
    unit = _unit(application, GENERAL_CONTRACTOR, EPC_CONTRACTOR)
    held = enterprises.qualifications_on(unit["uscc"], application.day) if unit else []
    if not held:
        return Finding("missing", message("The library has no qualification in force."))
    wanted = GENERAL_CONTRACTING.get(application.text("permit_category"))
    fitting = next((q for q in held if wanted is None or q.category == wanted), None)
    shown = fitting or held[0]
    says = message(
        "%(category)s %(grade)s, certificate %(number)s, valid until %(until)s.",
        category=shown.category,
        grade=dictionaries.name("qualification_grade", shown.grade, "zh-hans"),
        number=shown.certificate_number,
        until=shown.valid_until or "—",
    )
    return Finding("covers" if fitting else "other_kind", says)


@fact("text", "valid", "missing", answers=["units"])
def safety_licence(application: Application) -> Finding:
    """Whether the contractor has a safety production licence in force 安全生产许可证."""
    unit = _unit(application, GENERAL_CONTRACTOR, EPC_CONTRACTOR)
    found = enterprises.safety_licence_on(unit["uscc"], application.day) if unit else None
    if found is None:
        return Finding("missing", message("The library has no safety production licence in force."))
    return Finding("valid", message("%(number)s, valid until %(until)s.", number=found.number, until=found.valid_until))


@fact("boolean", answers=["units"])
def supervisor_named(application: Application) -> Finding:
    """Whether a supervising unit is named."""
    unit = _unit(application, SUPERVISOR)
    return Finding(
        unit is not None,
        message("%(name)s.", name=unit.get("name", "")) if unit else message("No supervising unit was named."),
    )
