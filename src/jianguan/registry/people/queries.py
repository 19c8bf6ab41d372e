"""Reading the library of people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from jianguan.platform import clock, search
from jianguan.platform.accounts.service import Actor
from jianguan.platform.privacy.service import blind_index
from jianguan.registry.people.models import Person, PostCertificate, Registration

VALID = "01"


def visible_to(actor: Actor) -> QuerySet[Person]:
    """People whose record a person may open: departments the whole library, enterprises the people they employ."""
    if actor.may("registry.read"):
        return Person.objects.all()
    return Person.objects.filter(employer_uscc=actor.uscc) if actor.uscc else Person.objects.none()


def employed_by(uscc: str) -> QuerySet[Person]:
    """People of an enterprise with their papers, by name."""
    return with_papers(Person.objects.filter(employer_uscc=uscc)).order_by("sort_key", "id")


def with_papers(rows: QuerySet[Person]) -> QuerySet[Person]:
    """The people with all their registrations and post certificates, newest first, in two more queries."""
    return rows.prefetch_related(
        Prefetch("registrations", Registration.objects.order_by("-issued_on", "type", "id")),
        Prefetch("post_certificates", PostCertificate.objects.order_by("-issued_on", "category", "id")),
    )


def found_by(text: str, region_prefix: str = "") -> QuerySet[Person]:
    """People of the library that fit what was typed."""
    return matching(Person.objects.all(), text, region_prefix)


def matching(rows: QuerySet[Person], text: str, region_prefix: str = "") -> QuerySet[Person]:
    """Those whose name or certificate number fits what was typed, by name.

    An identity number finds nobody here: what is typed into a search stands in addresses and logs. See `by_identity`.
    """
    typed = text.strip()
    if region_prefix:
        rows = rows.filter(region__startswith=region_prefix)
    if typed:
        rows = rows.filter(_matches(typed))
    return rows.order_by("sort_key", "id")


def _matches(typed: str) -> Q:
    certified = Q(pk__in=Registration.objects.filter(number=typed).values("person")) | Q(
        pk__in=PostCertificate.objects.filter(number=typed).values("person")
    )
    if tokens := search.query_tokens(typed):
        return (Q(name_tokens__contains=tokens) & Q(name__icontains=typed)) | certified
    return certified


def publicly_found_by(text: str, region_prefix: str = "") -> QuerySet[Person]:
    """People whose name or certificate number fits what was typed, by name, with their registrations in force.

    For the public: an identity number finds nobody, so that nobody can try numbers out, and nothing typed lists nobody.
    """
    typed, today = text.strip(), clock.today()
    named = Q(pk=None)
    if tokens := search.query_tokens(typed):
        named = Q(name_tokens__contains=tokens) & Q(name__icontains=typed)
    registered = Registration.objects.filter(number=typed).values("person")
    certified = PostCertificate.objects.filter(number=typed).values("person")
    rows = Person.objects.filter(named | Q(pk__in=registered) | Q(pk__in=certified), region__startswith=region_prefix)
    in_force = Prefetch("registrations", Registration.objects.filter(_in_force(today)).order_by("type"))
    return rows.prefetch_related(in_force).order_by("sort_key", "id")


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
    return list(Registration.objects.filter(_in_force(day), person=person_id).order_by("type"))


def _in_force(day: date) -> Q:
    return (Q(valid_until=None) | Q(valid_until__gte=day)) & Q(status=VALID, issued_on__lte=day)


def post_certificates_on(person_id: UUID, day: date) -> list[PostCertificate]:
    """Post certificates in force on a day."""
    rows = PostCertificate.objects.filter(person=person_id, status=VALID, issued_on__lte=day, valid_until__gte=day)
    return list(rows.order_by("category"))


def holder_of(number: str) -> Person | None:
    """Who holds the registration or post certificate of a number."""
    held = Q(registrations__number=number) | Q(post_certificates__number=number)
    return Person.objects.filter(held).distinct().first()
