"""The door of the library of people."""

from jianguan.registry.people.actions import (
    RecordPostCertificate,
    RecordRegistration,
    RegisterPerson,
    UnmaskIdentity,
    record_post_certificate,
    record_registration,
    register_person,
    unmask_identity,
)
from jianguan.registry.people.models import Person
from jianguan.registry.people.queries import (
    by_id,
    by_identity,
    by_ids,
    employed_by,
    found_by,
    matching,
    post_certificates_on,
    publicly_found_by,
    registrations_on,
    visible_to,
    with_papers,
)

__all__ = [
    "Person",
    "RecordPostCertificate",
    "RecordRegistration",
    "RegisterPerson",
    "UnmaskIdentity",
    "by_id",
    "by_identity",
    "by_ids",
    "employed_by",
    "found_by",
    "matching",
    "post_certificates_on",
    "publicly_found_by",
    "record_post_certificate",
    "record_registration",
    "register_person",
    "registrations_on",
    "unmask_identity",
    "visible_to",
    "with_papers",
]
