"""The door of oversight."""

from jianguan.sites.oversight.actions import ChangeSupervisor, change_supervisor
from jianguan.sites.oversight.models import Assignment, SupervisionFile
from jianguan.sites.oversight.queries import explain, file_of, visible_to, with_supervisors

__all__ = [
    "Assignment",
    "ChangeSupervisor",
    "SupervisionFile",
    "change_supervisor",
    "explain",
    "file_of",
    "visible_to",
    "with_supervisors",
]
