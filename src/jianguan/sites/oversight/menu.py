"""Menu entry of supervision files."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import SITES, MenuEntry, register
from jianguan.sites.oversight.rules import supervises

register(
    MenuEntry(
        SITES, _("Supervision files"), icon="shield-check", url_name="supervision-files", position=10,
        shows=lambda actor: actor is not None and supervises(actor),
    )
)  # fmt: skip
