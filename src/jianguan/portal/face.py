"""What stands on a certificate, as terms and values; the words on it are Chinese in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.service import Certificate, Status
from jianguan.platform import clock
from jianguan.platform.web.service import day

ISSUE = {"authority", "issued_on"}  # told in its own place


def terms(certificate: Certificate) -> list[tuple[str, str]]:
    """Terms and values of a certificate's face, numbers first, issue last."""
    rows = [(_("Number"), certificate.number)]
    if certificate.national_number:
        rows.append((_("National number"), certificate.national_number))
    said = {name: value for name, value in certificate.data.items() if name not in ISSUE}
    rows += [(str(term), text) for term, text in certificates.face(said)]
    rows += [(_("Issued by"), certificate.issuer_name), (_("Issued on"), day(certificate.issued_on))]
    if certificate.valid_until:
        rows.append((_("Valid until"), day(certificate.valid_until)))
    return [*rows, (_("Identifier"), certificate.identifier)]


def standing(certificate: Certificate, *, replaced: bool = False) -> tuple[str, str]:
    """State of an edition today as a word and the tone of its tag."""
    state = Status.REPLACED if replaced else certificates.state(certificate, clock.today())
    return str(certificates.STATES[state]), certificates.tone(state)


def editions(found: Sequence[Certificate]) -> list[tuple[Certificate, str, str]]:
    """Editions of one certificate, newest first, each with its state."""
    return [(edition, *standing(edition, replaced=number > 0)) for number, edition in enumerate(found)]
