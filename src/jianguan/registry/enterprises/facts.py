"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

ENTERPRISE_REGISTERED = kind("enterprise.registered", "Enterprise registered")
ENTERPRISE_RENAMED = kind("enterprise.renamed", "Enterprise renamed")
ENTERPRISE_CHANGED = kind("enterprise.changed", "Particulars of the enterprise changed")
QUALIFICATION_RECORDED = kind("enterprise.qualification_recorded", "Qualification recorded")
SAFETY_LICENCE_RECORDED = kind("enterprise.safety_licence_recorded", "Safety production licence recorded")
PAPERS_ENDED = kind("enterprise.papers_ended", "Qualification or licence ended")
