"""Menu entries of certificates."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import BUSINESS, TABS, MenuEntry, permitted, register

register(
    MenuEntry(
        BUSINESS, _("Certificates"), icon="certificate", url_name="certificates", position=80,
        shows=permitted("certificate.read"),
    ),
    MenuEntry(TABS, _("Certificates"), icon="certificate", url_name="own-certificates", position=60),
)  # fmt: skip
