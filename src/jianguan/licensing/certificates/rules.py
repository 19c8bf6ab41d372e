"""What may become of a certificate by decision, and what stands on its face. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jianguan.licensing.certificates.models import Status

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


def face(data: Mapping[str, Any]) -> list[tuple[Promise, str]]:
    """What stands on the certificate, as (term, text) pairs in its own order."""
    return [(label, _text(data[key])) for key, label in _LABELS.items() if data.get(key)]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_text(item) for item in value)
    if isinstance(value, Mapping):
        return " · ".join(f"{value[key]}{unit}" for key, unit in _PARTS.items() if value.get(key))
    return str(value)
