"""Menu entries of packages."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import BUSINESS, MenuEntry, permitted, register

register(
    MenuEntry(
        BUSINESS, _("Parallel handling"), icon="stack-2", url_name="packages", position=90, shows=permitted("case.read")
    )
)
