"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

SUBMITTED = kind("package.submitted", "Package of matters submitted")
APPLIED = kind("package.applied", "Waiting matter of a package applied for")
HELD = kind("package.held", "Waiting matter of a package could not be applied for")
DROPPED = kind("package.dropped", "Waiting matter of a package dropped")
ENDED = kind("package.ended", "All matters of a package decided")
