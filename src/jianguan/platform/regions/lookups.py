"""Jurisdictions as expressions the database can index.

A place lies in a province, city or county if the first two, four or six characters of its code are theirs. Compared by
equality, an index on the expression delivers a jurisdiction's rows already in the order of the columns that follow.
"""

from __future__ import annotations

from django.db.models import Q, TextField, Transform

LENGTHS = (2, 4, 6)


@TextField.register_lookup
class FirstTwo(Transform):
    """The province of a code: `region__first2`."""

    lookup_name = "first2"
    template = "LEFT(%(expressions)s, 2)"
    output_field = TextField()


@TextField.register_lookup
class FirstFour(Transform):
    """The city of a code: `region__first4`."""

    lookup_name = "first4"
    template = "LEFT(%(expressions)s, 4)"
    output_field = TextField()


@TextField.register_lookup
class FirstSix(Transform):
    """The county of a code: `region__first6`."""

    lookup_name = "first6"
    template = "LEFT(%(expressions)s, 6)"
    output_field = TextField()


def in_jurisdiction(prefix: str, field: str = "region") -> Q:
    """Condition: the place lies in a jurisdiction; the empty prefix is the whole installation."""
    if not prefix:
        return Q()
    if len(prefix) in LENGTHS:
        return Q(**{f"{field}__first{len(prefix)}": prefix})
    return Q(**{f"{field}__startswith": prefix})
