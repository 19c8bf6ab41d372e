"""The door of dangerous works: their catalogue."""

from jianguan.sites.dangerous_works.catalogues import national

__all__ = ["national"]
