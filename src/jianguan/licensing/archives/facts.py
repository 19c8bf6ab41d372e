"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

EXPORTED = kind("archive.exported", "Archive box exported")
