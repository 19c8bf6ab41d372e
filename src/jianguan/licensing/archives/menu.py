"""Menu entries of archive boxes."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import LIBRARIES, TABS, MenuEntry, permitted, register

register(
    MenuEntry(
        LIBRARIES, _("Archive boxes"), icon="folder-open", url_name="archive", position=60,
        shows=permitted("registry.read"),
    ),
    MenuEntry(TABS, _("Archive boxes"), icon="folder-open", url_name="own-archive", position=70),
)  # fmt: skip
