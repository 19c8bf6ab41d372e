"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

PROJECT_REGISTERED = kind("project.registered", "Project registered")
WORKS_ADDED = kind("project.works_added", "Single works added")
SECTION_FORMED = kind("project.section_formed", "Section formed")
STAGE_RECORDED = kind("project.stage_recorded", "Stage record entered")
PERMIT_ENDED = kind("project.permit_ended", "Permit ended")
KEY_PERSON_CHANGED = kind("project.key_person_changed", "Person in a key post changed")
