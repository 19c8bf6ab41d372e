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
    found_by,
    post_certificates_on,
    registrations_on,
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
    "found_by",
    "post_certificates_on",
    "record_post_certificate",
    "record_registration",
    "register_person",
    "registrations_on",
    "unmask_identity",
]
