"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

OPENED = kind("working_copy.opened", "Working copy of a matter opened")
SUBMITTED = kind("working_copy.submitted", "Working copy of a matter sent for approval")
DISCARDED = kind("working_copy.discarded", "Working copy of a matter discarded")
EXPECTATION_ACCEPTED = kind("working_copy.expectation_accepted", "Expectation of a scenario changed")
