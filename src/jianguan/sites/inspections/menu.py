"""Menu entries of inspections, plans and draws."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import PORTAL, SITES, TABS, MenuEntry, register
from jianguan.sites.inspections.pages import inspects

register(
    MenuEntry(
        SITES, _("Inspections"), icon="checks", url_name="inspections", position=20, covers=("/inspections/",),
        shows=lambda actor: actor is not None and inspects(actor),
    ),
    MenuEntry(
        SITES, _("Plans and draws"), icon="list-details", url_name="plans", position=25,
        shows=lambda actor: actor is not None and inspects(actor),
    ),
    MenuEntry(TABS, _("Inspections"), icon="checks", url_name="own-inspections", position=65, covers=("/inspections/",)),
    MenuEntry(PORTAL, _("Double-random draws"), icon="list-search", url_name="draws", position=52),
)  # fmt: skip
