"""What stands on a certificate, as terms and values; the words on it are Chinese in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jianguan.licensing.certificates.service import TONES, Certificate, Status
from jianguan.platform import clock
from jianguan.platform.web.service import day

TERMS = MappingProxyType(
    {
        "developer": gettext_lazy("Owner"),
        "project": gettext_lazy("Name of the works"),
        "address": gettext_lazy("Place of construction"),
        "scale": gettext_lazy("Scale of construction"),
        "duration": gettext_lazy("Contract period"),
        "price": gettext_lazy("Contract price"),
        "surveyors": gettext_lazy("Survey unit"),
        "designers": gettext_lazy("Design unit"),
        "builders": gettext_lazy("Construction unit"),
        "supervisors": gettext_lazy("Supervising unit"),
        "general_contractors": gettext_lazy("General contractor"),
        "remarks": gettext_lazy("Remarks"),
    }
)


def terms(certificate: Certificate) -> list[tuple[str, str]]:
    """Terms and values of a certificate's face, numbers first, issue last."""
    said = certificate.data
    rows = [(_("Number"), certificate.number)]
    if certificate.national_number:
        rows.append((_("National number"), certificate.national_number))
    rows += [(str(term), _text(said[key])) for key, term in TERMS.items() if said.get(key)]
    rows += [(_("Issued by"), certificate.issuer_name), (_("Issued on"), day(certificate.issued_on))]
    if certificate.valid_until:
        rows.append((_("Valid until"), day(certificate.valid_until)))
    return [*rows, (_("Identifier"), certificate.identifier)]


def _text(value: Any) -> str:
    """A text, or units with the people responsible."""
    if not isinstance(value, list):
        return str(value)
    return "；".join(_unit(unit) for unit in value)


def _unit(unit: dict[str, str]) -> str:
    person = f"（{unit.get('title', '项目负责人')} {unit['person']}）" if unit.get("person") else ""
    return unit["name"] + person


def standing(certificate: Certificate, *, replaced: bool = False) -> tuple[str, str]:
    """State of an edition today as a word and the tone of its tag."""
    status = Status(certificate.status)
    if replaced:
        status = Status.REPLACED
    elif status is Status.VALID and certificate.valid_until and certificate.valid_until < clock.today():
        status = Status.LAPSED
    return str(status.label), TONES.get(status, "red")


def editions(found: Sequence[Certificate]) -> list[tuple[Certificate, str, str]]:
    """Editions of one certificate, newest first, each with its state."""
    return [(edition, *standing(edition, replaced=number > 0)) for number, edition in enumerate(found)]
