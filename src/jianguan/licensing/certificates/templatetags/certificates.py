"""The state of a certificate in templates: `{% load certificates %}{% certificate_state certificate %}`."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from jianguan.licensing.certificates.models import TONES, Certificate, Status
from jianguan.platform.web.service import tag

register = template.Library()


@register.simple_tag
def certificate_state(certificate: Certificate) -> SafeString:
    """Its status, or that it is still being produced."""
    if certificate.sha256:
        return tag(certificate.get_status_display(), TONES.get(Status(certificate.status), "red"))
    if certificate.error:
        return tag(gettext("cannot be produced"), "red")
    return tag(gettext("being produced"), "purple")
