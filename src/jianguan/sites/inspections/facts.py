"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

BEGUN = kind("inspections.begun", "Inspection begun")
SUBMITTED = kind("inspections.submitted", "Inspection submitted")
CORRECTION_REQUESTED = kind("inspections.correction_requested", "Correction of an inspection requested")
CORRECTION_DECIDED = kind("inspections.correction_decided", "Correction of an inspection decided")
PLANNED = kind("inspections.planned", "Inspections planned")
QUOTA_SET = kind("inspections.quota_set", "Weekly patrols set")
RECUSED = kind("inspections.recused", "Inspector recused")
RECUSAL_ENDED = kind("inspections.recusal_ended", "Recusal of an inspector ended")
DRAW_SEALED = kind("inspections.draw_sealed", "Double-random draw sealed")
DRAW_HELD = kind("inspections.draw_held", "Double-random draw held")
