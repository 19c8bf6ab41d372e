"""The door of regions."""

from jianguan.platform.regions.loading import load
from jianguan.platform.regions.queries import cities, exists, full_name, name, within
from jianguan.platform.regions.rules import containing, jurisdiction

__all__ = ["cities", "containing", "exists", "full_name", "jurisdiction", "load", "name", "within"]
