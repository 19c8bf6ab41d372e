"""The door of working copies."""

from jianguan.licensing.workshop.actions import OpenCopy, open_copy, save_file
from jianguan.licensing.workshop.models import WorkingCopy

__all__ = ["OpenCopy", "WorkingCopy", "open_copy", "save_file"]
