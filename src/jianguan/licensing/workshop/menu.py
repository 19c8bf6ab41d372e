"""Menu entry of this room."""

from django.utils.translation import gettext_lazy as _

from jianguan.licensing.matters.service import MAY_PROPOSE
from jianguan.platform.web.service import CONFIGURATION, MenuEntry, permitted, register

register(
    MenuEntry(
        CONFIGURATION, _("Change matters"), icon="edit", url_name="workshop", position=15, shows=permitted(MAY_PROPOSE)
    )
)
