"""The page about places: divisions and management areas, with their codes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from jianguan.platform.accounts.service import Actor, demand, for_officers
from jianguan.platform.regions import queries
from jianguan.platform.regions.models import RegionKind
from jianguan.platform.regions.rules import jurisdiction
from jianguan.platform.web.service import Tab

_KINDS = {
    RegionKind.DIVISION: (_("division"), "blue"),
    RegionKind.GROUP: (_("group without government"), "neutral"),
    RegionKind.MANAGEMENT_AREA: (_("management area"), "purple"),
}


@for_officers
def places(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The places of a province, by their codes."""
    demand(actor, "registry.read", "pack.read")
    provinces = queries.provinces()
    chosen = request.GET.get("province", "")
    if chosen not in {province.code[:2] for province in provinces}:
        chosen = settings.ENVIRONMENT.province
    tabs = [
        Tab(queries.name(p.code), f"?province={p.code[:2]}", len(queries.within(p.code[:2])), p.code[:2] == chosen)
        for p in provinces
    ]
    lines = [(place, jurisdiction(place.code), *_KINDS[RegionKind(place.kind)]) for place in queries.within(chosen)]
    return render(request, "regions/list.html", {"tabs": tabs, "places": lines})
