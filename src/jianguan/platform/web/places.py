"""Places to choose from, in filters and forms."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jianguan.platform.regions import service as regions
from jianguan.platform.regions.service import Region
from jianguan.platform.web.components import Filter, Options

PROVINCE = 2  # digits of the code that are the province


def place_filter(value: str, prefixes: Iterable[str], *, elsewhere: bool = False) -> Filter:
    """A filter by place: the cities of the installation's province, or the districts and areas of a smaller jurisdiction.

    `elsewhere`: also the other provinces, for what comes from there too, as enterprises and people do.
    """
    places = [place for prefix in prefixes for place in _parts(prefix, elsewhere=elsewhere)]
    return Filter(
        "region", _("Place"), value, [("", _("All places")), *((p.code, regions.name(p.code)) for p in places)]
    )


def _parts(prefix: str, *, elsewhere: bool) -> list[Region]:
    if not prefix:
        home = settings.ENVIRONMENT.province
        others = [province for province in regions.provinces() if not province.code.startswith(home)]
        return [*regions.cities(home), *(others if elsewhere else ())]
    return regions.cities(prefix) if len(prefix) == PROVINCE else regions.within(prefix)


def place_prefix(value: str) -> str:
    """The jurisdiction of a place that was chosen; everything where nothing, or nothing known, was."""
    return regions.jurisdiction(value) if regions.exists(value) else ""


def place_options(prefixes: Iterable[str], *, elsewhere: bool = False) -> Options:
    """All places of some jurisdictions with their full names; `elsewhere`: also outside the installation's province."""
    home = settings.ENVIRONMENT.province
    within = [place for prefix in prefixes for place in regions.within(prefix if prefix or elsewhere else home)]
    places = [place for place in within if place.kind != "group" and not place.valid_to]
    places.sort(key=lambda place: (not place.code.startswith(home), place.code))
    return [(place.code, regions.full_name(place.code)) for place in places]
