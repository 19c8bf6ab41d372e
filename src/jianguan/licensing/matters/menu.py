"""Menu entries of this room: what enterprises see."""

from django.utils.translation import gettext_lazy as _

from jianguan.licensing.matters import queries
from jianguan.licensing.matters.statuses import Status
from jianguan.platform.accounts.service import Actor
from jianguan.platform.web.service import CONFIGURATION, TABS, MenuEntry, permitted, register


def _to_correct(actor: Actor | None) -> int | None:
    """Cases that wait for the applicant's correction, counted to 100."""
    return queries.visible_to(actor).filter(status=Status.CORRECTION)[:100].count() if actor else None


register(
    MenuEntry(
        TABS,
        _("Service hall"),
        icon="building-bank",
        url_name="hall",
        position=20,
        covers=("/e/apply/", "/e/packages/"),
    ),
    MenuEntry(
        CONFIGURATION,
        _("Matters"),
        icon="list-details",
        url_name="conf-matters",
        covers=("/g/conf/proposals/",),
        position=10,
        shows=permitted("pack.read"),
    ),
    MenuEntry(
        TABS,
        _("My cases"),
        icon="folders",
        url_name="own-cases",
        position=30,
        covers=("/e/promises/",),
        count=_to_correct,
    ),
)
