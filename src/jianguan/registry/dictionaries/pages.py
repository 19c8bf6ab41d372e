"""Pages about the dictionaries: what codes mean, where the lists come from, and how sure that is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jianguan.platform.accounts.service import Actor, demand, for_officers
from jianguan.platform.errors import NotFound
from jianguan.registry.dictionaries import service


@for_officers
def dictionaries(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All dictionaries."""
    demand(actor, "registry.read", "pack.read")
    lines = [(about, len(service.codes(about.key))) for about in service.shipped().dictionaries]
    return render(request, "dictionaries/list.html", {"dictionaries": lines})


@for_officers
def dictionary(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """The items of one dictionary."""
    demand(actor, "registry.read", "pack.read")
    about = next((about for about in service.shipped().dictionaries if about.key == key), None)
    if about is None:
        raise NotFound
    return render(request, "dictionaries/dictionary.html", {"about": about, "terms": service.terms(key)})
