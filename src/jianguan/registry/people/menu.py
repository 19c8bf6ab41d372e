"""Menu entries of the library of people."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import LIBRARIES, TABS, MenuEntry, permitted, register

register(
    MenuEntry(
        LIBRARIES,
        _("Library of people"),
        icon="users",
        url_name="people",
        position=20,
        shows=permitted("registry.read"),
    ),
    MenuEntry(TABS, _("Our people"), icon="users", url_name="own-people", position=50),
)
