"""Menu entries of the administration of grants, and of leave."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.accounts.rules import HEADING
from jianguan.platform.web.service import CONFIGURATION, WORKBENCH, MenuEntry, permitted, register

register(
    MenuEntry(
        CONFIGURATION, _("Permissions"), icon="user-shield", url_name="accounts", position=50,
        shows=permitted("grant.manage"),
    ),
    MenuEntry(
        WORKBENCH, _("Leave and substitutes"), icon="clock", url_name="leave", position=60, covers=("/me/leave/",),
        shows=permitted(HEADING),
    ),
)  # fmt: skip
