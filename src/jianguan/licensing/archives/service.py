"""The door of archive boxes."""

from jianguan.licensing.archives.actions import export
from jianguan.licensing.archives.bag import Bag, zipped
from jianguan.licensing.archives.queries import Box, Catalogue, box, catalogue
from jianguan.licensing.archives.verifying import Finding, Report, verify

__all__ = ["Bag", "Box", "Catalogue", "Finding", "Report", "box", "catalogue", "export", "verify", "zipped"]
