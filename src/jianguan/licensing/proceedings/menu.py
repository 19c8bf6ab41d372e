"""Menu entry of proceedings."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import BUSINESS, MenuEntry, permitted, register

register(
    MenuEntry(
        BUSINESS, _("Proceedings"), icon="file-text", url_name="proceedings", position=70, covers=("/objections/", "/g/objections/"),
        shows=permitted("case.read"),
    )
)  # fmt: skip
