"""Menu entry of the places."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import CONFIGURATION, MenuEntry, permitted, register

register(
    MenuEntry(
        CONFIGURATION, _("Places"), icon="map-2", url_name="places", position=70,
        shows=permitted("registry.read", "pack.read"),
    )
)  # fmt: skip
