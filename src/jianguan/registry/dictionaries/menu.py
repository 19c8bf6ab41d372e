"""Menu entry of the dictionaries."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import CONFIGURATION, MenuEntry, permitted, register

register(
    MenuEntry(
        CONFIGURATION, _("Dictionaries"), icon="vocabulary", url_name="dictionaries", position=60,
        shows=permitted("registry.read", "pack.read"),
    )
)  # fmt: skip
