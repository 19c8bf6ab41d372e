"""Reading the library of people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from jianguan.kernel.identifiers import check
from jianguan.platform import search
from jianguan.platform.privacy.service import blind_index
from jianguan.registry.people.models import Person, PostCertificate, Registration

VALID = "01"


def found_by(text: str, region_prefix: str = "") -> QuerySet[Person]:
    """People whose identity number, certificate number or name fits what was typed, by name."""
    rows = Person.objects.filter(region__startswith=region_prefix) if region_prefix else Person.objects.all()
    typed = text.strip()
    if typed:
        rows = rows.filter(_matches(typed))
    return rows.order_by("sort_key", "id")


def _matches(typed: str) -> Q:
    if number := check("id_card", typed).normal:
        return Q(identity_index=blind_index(f"01:{number}"))
    certificates = Registration.objects.filter(number=typed).values("person")
    if tokens := search.query_tokens(typed):
        return (Q(name_tokens__contains=tokens) & Q(name__icontains=typed)) | Q(pk__in=certificates)
    return Q(pk=None)


def by_id(person_id: UUID) -> Person | None:
    """One person."""
    return Person.objects.filter(pk=person_id).first()


def by_identity(number: str, identity_type: str = "01") -> Person | None:
    """The person with this identity number (in normal form)."""
    index = blind_index(f"{identity_type}:{number}")
    return Person.objects.filter(identity_type=identity_type, identity_index=index).first()


def by_ids(person_ids: Collection[UUID]) -> dict[UUID, Person]:
    """People by id, in one query."""
    return Person.objects.in_bulk(list(person_ids))


def registrations_on(person_id: UUID, day: date) -> list[Registration]:
    """Professional registrations in force on a day."""
    in_force = Q(valid_until=None) | Q(valid_until__gte=day)
    return list(
        Registration.objects.filter(in_force, person=person_id, status=VALID, issued_on__lte=day).order_by("type")
    )


def post_certificates_on(person_id: UUID, day: date) -> list[PostCertificate]:
    """Post certificates in force on a day."""
    rows = PostCertificate.objects.filter(person=person_id, status=VALID, issued_on__lte=day, valid_until__gte=day)
    return list(rows.order_by("category"))
