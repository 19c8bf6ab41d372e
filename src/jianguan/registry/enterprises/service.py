"""The door of the library of enterprises."""

from jianguan.registry.enterprises.actions import (
    RecordQualification,
    RecordSafetyLicence,
    RegisterEnterprise,
    RenameEnterprise,
    record_qualification,
    record_safety_licence,
    register_enterprise,
    rename_enterprise,
)
from jianguan.registry.enterprises.models import Enterprise
from jianguan.registry.enterprises.queries import (
    Papers,
    by_uscc,
    found_by,
    matching,
    names,
    papers,
    qualifications_on,
    safety_licence_on,
    visible_to,
)

__all__ = [
    "Enterprise",
    "Papers",
    "RecordQualification",
    "RecordSafetyLicence",
    "RegisterEnterprise",
    "RenameEnterprise",
    "by_uscc",
    "found_by",
    "matching",
    "names",
    "papers",
    "qualifications_on",
    "record_qualification",
    "record_safety_licence",
    "register_enterprise",
    "rename_enterprise",
    "safety_licence_on",
    "visible_to",
]
