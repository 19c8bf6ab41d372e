"""Entries of the portal's menu."""

from django.utils.translation import gettext_lazy as _

from jianguan.platform.web.service import PORTAL, MenuEntry, register

register(
    MenuEntry(PORTAL, _("Home page"), icon="world", url_name="portal", position=10),
    MenuEntry(PORTAL, _("Permits issued"), icon="file-text", url_name="notices", position=20),
    MenuEntry(PORTAL, _("Guides to matters"), icon="book", url_name="guides", position=30),
    MenuEntry(PORTAL, _("Barred from promises"), icon="alert-triangle", url_name="barred", position=55),
    MenuEntry(PORTAL, _("Verify a certificate"), icon="qrcode", url_name="verify", position=40),
    MenuEntry(PORTAL, _("Progress"), icon="route", url_name="progress", position=50),
    MenuEntry(PORTAL, _("Transparency log"), icon="table", url_name="log", position=60),
)
