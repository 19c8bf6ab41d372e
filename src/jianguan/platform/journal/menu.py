"""Menu entry of the audit log."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import CONFIGURATION, MenuEntry, permitted, register

register(
    MenuEntry(
        CONFIGURATION, _("Audit log"), icon="list-search", url_name="audit-log", position=80, shows=permitted("journal.read")
    )
)  # fmt: skip
