"""Reading places. The table is small and changes a few times a year, so each process keeps it in memory."""

from __future__ import annotations

import functools

from django.utils.translation import get_language, gettext

from jianguan.platform.regions.models import Region

DIVISION_DIGITS = 6  # of codes by GB/T 2260


@functools.cache
def _all() -> dict[str, Region]:
    return {region.code: region for region in Region.objects.select_related("parent").order_by("code")}


def forget() -> None:
    """Read the table again next time (after loading it)."""
    _all.cache_clear()


def name(code: str) -> str:
    """Name of a place in the reader's language; an unknown (old) code stands for itself."""
    region = _all().get(code)
    if region is None:
        return code
    return region.name_en if get_language() == "en" else region.name


def full_name(code: str) -> str:
    """Name with those of the places around it: 海南省海口市秀英区."""
    region = _all().get(code)
    if region is None:
        return code
    chain = [region]
    while chain[0].parent:
        chain.insert(0, _all()[chain[0].parent.code])
    named = [r for r in chain if r.kind != "group"]
    if get_language() == "en":
        return ", ".join(r.name_en for r in reversed(named))
    return "".join(r.name for r in named)


def jurisdiction_name(prefix: str) -> str:
    """Name of a jurisdiction in the reader's language; the empty one is the whole installation."""
    if not prefix:
        return gettext("the whole installation")
    return full_name(prefix if len(prefix) > DIVISION_DIGITS else prefix.ljust(DIVISION_DIGITS, "0"))


def exists(code: str) -> bool:
    """Whether the code belongs to a place we know, today or formerly."""
    return code in _all()


def within(prefix: str) -> list[Region]:
    """Places of a jurisdiction, in the order of their codes."""
    return [region for code, region in _all().items() if code.startswith(prefix)]


def cities(province: str) -> list[Region]:
    """The places directly below a province as people speak of them: cities and directly governed counties."""
    places = within(province)
    groups = {r.code for r in places if r.kind == "group"}
    top = f"{province}0000"
    return [
        r for r in places if r.parent and r.kind == "division" and (r.parent.code == top or r.parent.code in groups)
    ]


def provinces() -> list[Region]:
    """The provinces, in the order of their codes."""
    return [region for region in _all().values() if region.parent is None]
