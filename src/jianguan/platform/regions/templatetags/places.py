"""Names of places in templates: `{% load places %}{{ region|place }}`."""

from __future__ import annotations

from django import template

from jianguan.platform.regions import service as regions

register = template.Library()
register.filter("place", regions.name)
register.filter("full_place", regions.full_name)
register.filter("jurisdiction", regions.jurisdiction_name)
