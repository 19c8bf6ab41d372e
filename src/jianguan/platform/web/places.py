"""Places to choose from, in filters and forms."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jianguan.platform.regions import service as regions
from jianguan.platform.regions.service import Region
from jianguan.platform.web.components import Filter, Options

PROVINCE = 2  # digits of the code that are the province


def place_filter(value: str, prefixes: Iterable[str]) -> Filter:
    """A filter by place: the cities of a province, or the districts and areas of a smaller jurisdiction."""
    places = [place for prefix in prefixes for place in _parts(prefix)]
    return Filter(
        "region", _("Place"), value, [("", _("All places")), *((p.code, regions.name(p.code)) for p in places)]
    )


def _parts(prefix: str) -> list[Region]:
    if not prefix:
        home = settings.ENVIRONMENT.province
        return [
            *regions.cities(home),
            *(province for province in regions.provinces() if not province.code.startswith(home)),
        ]
    return regions.cities(prefix) if len(prefix) == PROVINCE else regions.within(prefix)


def place_prefix(value: str) -> str:
    """The jurisdiction of a place that was chosen; everything where nothing, or nothing known, was."""
    return regions.jurisdiction(value) if regions.exists(value) else ""


def place_options(prefixes: Iterable[str]) -> Options:
    """All places of some jurisdictions with their full names, those of the province this installation serves first."""
    home = settings.ENVIRONMENT.province
    places = [
        place for prefix in prefixes for place in regions.within(prefix) if place.kind != "group" and not place.valid_to
    ]
    places.sort(key=lambda place: (not place.code.startswith(home), place.code))
    return [(place.code, regions.full_name(place.code)) for place in places]
