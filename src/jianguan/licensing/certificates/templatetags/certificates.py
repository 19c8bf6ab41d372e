"""The states of certificates and batches in templates: `{% load certificates %}{% certificate_state certificate %}`."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from jianguan.licensing.certificates.models import Batch, Certificate
from jianguan.licensing.certificates.rules import STATES, state, tone
from jianguan.platform import clock
from jianguan.platform.web.service import tag

register = template.Library()


@register.simple_tag
def certificate_state(certificate: Certificate) -> SafeString:
    """How it stands today, or that it is still being produced."""
    if certificate.sha256:
        standing = state(certificate, clock.today())
        return tag(str(STATES[standing]), tone(standing))
    if certificate.error:
        return tag(gettext("cannot be produced"), "red")
    if certificate.batch and not certificate.batch.confirmed_at:
        return tag(gettext("waits for the seal"), "purple")
    return tag(gettext("being produced"), "purple")


@register.simple_tag
def batch_state(batch: Batch) -> SafeString:
    """Whether the use of the seal was confirmed."""
    if batch.confirmed_at:
        return tag(gettext("seal confirmed"), "green")
    return tag(gettext("waits for the seal"), "purple")


@register.simple_tag
def person(people: Mapping[UUID, tuple[str, str]], account_id: UUID) -> str:
    """Name and organisation of whoever acted."""
    return " · ".join(people.get(account_id, ("—",)))
