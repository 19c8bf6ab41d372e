"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

PERSON_REGISTERED = kind("person.registered", "Person registered")
PERSON_RENAMED = kind("person.renamed", "Name of a person changed")
EMPLOYER_CHANGED = kind("person.employer_changed", "Employer of a person changed")
REGISTRATION_RECORDED = kind("person.registration_recorded", "Professional registration recorded")
POST_CERTIFICATE_RECORDED = kind("person.post_certificate_recorded", "Post certificate recorded")
IDENTITY_UNMASKED = kind("person.identity_unmasked", "Identity number shown in full")
PAPERS_ENDED = kind("person.papers_ended", "Registration or certificate ended")
