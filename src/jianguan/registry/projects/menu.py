"""Menu entries of the library of projects."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import LIBRARIES, TABS, MenuEntry, permitted, register

register(
    MenuEntry(
        LIBRARIES,
        _("Library of projects"),
        icon="folders",
        url_name="projects",
        position=30,
        key="p",
        shows=permitted("registry.read"),
    ),
    MenuEntry(TABS, _("Our projects"), icon="folders", url_name="own-projects", position=40, key="p"),
)
