"""Menu entries of the library of enterprises."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import LIBRARIES, TABS, MenuEntry, permitted, register

register(
    MenuEntry(
        LIBRARIES,
        _("Library of enterprises"),
        icon="building",
        url_name="enterprises",
        position=10,
        shows=permitted("registry.read"),
    ),
    MenuEntry(TABS, _("Our enterprise"), icon="building", url_name="own-enterprise", position=70),
)
