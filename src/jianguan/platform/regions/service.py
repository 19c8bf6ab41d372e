"""The door of regions."""

from jianguan.platform.regions.loading import load
from jianguan.platform.regions.models import Region
from jianguan.platform.regions.queries import cities, exists, full_name, jurisdiction_name, name, provinces, within
from jianguan.platform.regions.rules import containing, jurisdiction

__all__ = [
    "Region", "cities", "containing", "exists", "full_name", "jurisdiction", "jurisdiction_name", "load", "name", "provinces", "within",
]  # fmt: skip
