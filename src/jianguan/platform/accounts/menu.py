"""Menu entry of the administration of grants."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import CONFIGURATION, MenuEntry, permitted, register

register(
    MenuEntry(
        CONFIGURATION, _("Permissions"), icon="user-shield", url_name="accounts", position=50,
        shows=permitted("grant.manage"),
    )
)  # fmt: skip
