"""Certificates of people named by an enterprise that does not hold them 变更聘用企业.

Who changes the employer brings the certificate along: the new employer names its number together with its holder's
name and identity number. Nothing of it is shown, and nothing told about what was wrong, until all three fit.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.core import signing
from django.core.cache import cache
from django.db.models import Q

from jianguan.kernel.identifiers import check
from jianguan.kernel.messages import message
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.service import Certificate
from jianguan.platform.accounts.service import Actor
from jianguan.platform.errors import Refusal
from jianguan.registry.people import service as people

NUMBER = "number"  # what a matter says of its subject where certificates may be named
MISSES, PAUSE = 10, 3600  # wrong attempts of an enterprise, and for how many seconds they count
PROVEN_FOR = 3600  # seconds
_SALT = "matters.naming"


class TooMany(Refusal):
    """Not now: too many wrong attempts."""

    status = 429


def named(actor: Actor, kinds: Collection[str], number: str, name: str, identity: str) -> tuple[Certificate, str]:
    """The certificate in force that all three fit, and the proof that this enterprise knew them.

    Raises:
        TooMany: the enterprise was wrong too often within an hour; each process counts by itself.
        Refusal: no certificate of these kinds fits; it is not told why.
    """
    misses = f"matters.naming:{actor.organisation_id}"
    if cache.get(misses, 0) >= MISSES:
        raise TooMany(message("Too many wrong attempts. Try again in an hour."))
    found = _found(kinds, number.strip())
    holder = people.by_identity(check("id_card", identity).normal or "")
    fits = found is not None and found.holder_name == name.strip() and holder is not None
    if not fits or people.holder_of(found.national_number or found.number) != holder:  # type: ignore[union-attr]
        cache.set(misses, cache.get(misses, 0) + 1, PAUSE)
        says = message("There is no certificate in force with this number, this name and this identity number.")
        raise Refusal(says, {"number": says})
    assert found is not None
    return found, signing.dumps([str(found.pk), str(actor.organisation_id)], salt=_SALT)


def _found(kinds: Collection[str], number: str) -> Certificate | None:
    rows = certificates.current().filter(kind__in=kinds, status=certificates.Status.VALID)
    return rows.filter(Q(number=number) | Q(national_number=number)).first() if number else None


def proven(actor: Actor, certificate_id: UUID, proof: str) -> Certificate | None:
    """The certificate, where the proof is this enterprise's and not older than an hour."""
    try:
        said = signing.loads(proof, salt=_SALT, max_age=PROVEN_FOR)
    except signing.BadSignature:
        return None
    if said != [str(certificate_id), str(actor.organisation_id)]:
        return None
    return certificates.current().filter(pk=certificate_id, status=certificates.Status.VALID).first()
