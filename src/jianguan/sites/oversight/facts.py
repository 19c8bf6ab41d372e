"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

FILE_OPENED = kind("oversight.file_opened", "Supervision file opened")
SUPERVISOR_CHANGED = kind("oversight.supervisor_changed", "Supervisor changed")
