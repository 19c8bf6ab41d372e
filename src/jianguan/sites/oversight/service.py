"""The door of oversight."""

from jianguan.sites.oversight.actions import AssignSupervisor, ChangeSupervisor, assign_supervisor, change_supervisor
from jianguan.sites.oversight.models import Assignment, SupervisionFile
from jianguan.sites.oversight.queries import bound_to, explain, file_of, matching, visible_to, with_supervisors

__all__ = [
    "AssignSupervisor",
    "Assignment",
    "ChangeSupervisor",
    "SupervisionFile",
    "assign_supervisor",
    "bound_to",
    "change_supervisor",
    "explain",
    "file_of",
    "matching",
    "visible_to",
    "with_supervisors",
]
