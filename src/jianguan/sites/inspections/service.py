"""The door of inspections: the standards they are scored by."""

from jianguan.sites.inspections.checklists import STANDARDS, standard

__all__ = ["STANDARDS", "standard"]
