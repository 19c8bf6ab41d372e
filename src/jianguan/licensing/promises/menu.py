"""Menu entry of the checks of promises."""

from django.utils.translation import gettext_lazy as _

from jianguan.licensing.promises import queries
from jianguan.platform.accounts.service import Actor
from jianguan.platform.web.service import BUSINESS, MenuEntry, permitted, register

COUNTED = 99


def _mine(actor: Actor | None) -> int | None:
    return queries.mine(actor)[:COUNTED].count() if actor else None


register(
    MenuEntry(
        BUSINESS, _("Checks of promises"), icon="shield-check", url_name="promise-checks", position=60,
        shows=permitted("case.read"), count=_mine,
    )
)  # fmt: skip
