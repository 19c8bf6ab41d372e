"""What may become of a certificate by decision, how it stands, and what stands on its face. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jianguan.licensing.certificates.models import EXPIRED, TONES, Certificate, Status

WAYS: Mapping[str, tuple[Status, ...]] = MappingProxyType(
    {
        Status.VALID: (Status.SUSPENDED, Status.REVOKED, Status.CANCELLED, Status.WITHDRAWN),
        Status.SUSPENDED: (Status.VALID, Status.REVOKED, Status.CANCELLED, Status.WITHDRAWN),
    }
)
"""From a status to those a decision may give it. What has ended, lapsed or was replaced does not come back."""


def ways(status: str) -> tuple[Status, ...]:
    """The statuses that a decision may give a certificate of this status."""
    return WAYS.get(status, ())


STATES: Mapping[str, Promise | str] = MappingProxyType(
    {**{str(status): status.label for status in Status}, EXPIRED: _("Expired")}
)
"""All a certificate may be said to be: its status, or that its time has run out."""


def state(certificate: Certificate, today: date) -> str:
    """How a certificate stands on a day: `EXPIRED` where it would be valid but for the day, else its status."""
    ended = certificate.valid_until is not None and certificate.valid_until < today
    return EXPIRED if ended and certificate.status == Status.VALID else certificate.status


def tone(standing: str) -> str:
    """The colour of a state."""
    return TONES.get(Status(standing), "red") if standing in Status.values else "red"


def serial(number: str) -> str:
    """The serial in an identifier (GB/T 36904): of the number, the digits and letters count."""
    return re.sub("[^0-9A-Z]", "", number.upper())


# By the names the templates of `kernel.certificates` use; those of the demonstration and texts of law are not listed.
_LABELS: Mapping[str, Promise] = MappingProxyType(
    {
        "developer": _("Owner"),
        "project": _("Works"),
        "address": _("Address"),
        "scale": _("Scale of construction"),
        "duration": _("Contract period"),
        "price": _("Contract price"),
        "surveyors": _("Survey unit"),
        "designers": _("Design unit"),
        "builders": _("Construction unit"),
        "supervisors": _("Supervising unit"),
        "general_contractors": _("EPC contractor"),
        "single_works": _("Single works"),
        "authority": _("Issuing authority"),
        "issued_on": _("Issued on"),
        "remarks": _("Remarks"),
    }
)


_PARTS: Mapping[str, str] = MappingProxyType(  # of units and single works, with what stands behind the value
    {"name": "", "title": "", "person": "", "structure": "", "area": " ㎡", "floors": "", "height": " m"}
)


Term = tuple[Promise | str, str]


def face(data: Mapping[str, Any]) -> list[Term]:
    """What stands on the certificate, as (term, text) pairs in its own order."""
    named = [(label, _text(data[key])) for key, label in _LABELS.items() if data.get(key)]
    return [*_generic(data), *named]


def _generic(data: Mapping[str, Any]) -> Iterator[Term]:
    """What the templates `licence` and `decision` print."""
    if data.get("document"):
        yield _("Document number"), data["document"]
    if data.get("holder"):
        yield _("Holder"), data["holder"]
    if data.get("statement"):
        yield _("Statement"), "\n".join(data["statement"])
    yield from ((label, value) for label, value in data.get("rows", []))
    if items := data.get("items"):
        yield items.get("title") or _("Details"), "\n".join(" · ".join(map(str, row)) for row in items["rows"])


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_text(item) for item in value)
    if isinstance(value, Mapping):
        return " · ".join(f"{value[key]}{unit}" for key, unit in _PARTS.items() if value.get(key))
    return str(value)
