"""Jurisdictions as a condition in SQL."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable

from django.db.models import Q

from jianguan.platform.regions.lookups import in_jurisdiction

NOTHING = Q(pk=None)
EVERYTHING = ~Q(pk__in=())  # not an empty Q: that one vanishes when it is joined with "or"


def within(prefixes: Iterable[str], field: str = "region") -> Q:
    """Condition: the place lies in one of the jurisdictions. None gives nothing, the empty prefix everything."""
    listed = list(prefixes)
    if "" in listed:
        return EVERYTHING
    return functools.reduce(operator.or_, (in_jurisdiction(prefix, field) for prefix in listed), NOTHING)
