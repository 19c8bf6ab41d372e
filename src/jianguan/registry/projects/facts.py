"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

PROJECT_REGISTERED = kind("project.registered", "Project registered")
WORKS_ADDED = kind("project.works_added", "Single works added")
SECTION_FORMED = kind("project.section_formed", "Section formed")
SECTION_CHANGED = kind("project.section_changed", "Section changed")
WORKS_CHANGED = kind("project.works_changed", "Single works changed")
WORKS_SPLIT = kind("project.works_split", "Single works split")
WORKS_MERGED = kind("project.works_merged", "Single works merged")
STAGE_RECORDED = kind("project.stage_recorded", "Stage record entered")
PERMIT_ENDED = kind("project.permit_ended", "Permit ended")
PERMIT_CHANGED = kind("project.permit_changed", "Permit changed")
WORKS_SUSPENDED = kind("project.works_suspended", "Construction suspended")
WORKS_RESUMED = kind("project.works_resumed", "Construction resumed")
WORKS_COMPLETED = kind("project.works_completed", "Works completed")
KEY_PERSON_CHANGED = kind("project.key_person_changed", "Person in a key post changed")
