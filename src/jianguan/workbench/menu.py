"""Menu entries of the workbench."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jianguan.licensing.matters import service as matters
from jianguan.platform.accounts.service import Actor
from jianguan.platform.web.service import TABS, WORKBENCH, MenuEntry, register

COUNTED = 999


def _waiting(actor: Actor | None) -> int | None:
    return matters.inbox(actor)[:COUNTED].count() if actor else None


def _late(actor: Actor | None) -> int | None:
    return matters.overdue(actor)[:COUNTED].count() if actor else None


def _reads_cases(actor: Actor | None) -> bool:
    return actor is not None and actor.may("case.read")


register(
    MenuEntry(
        WORKBENCH,
        _("Work to do"),
        icon="inbox",
        url_name="work",
        position=10,
        covers=("/g/cases/",),
        count=_waiting,
        key="i",
    ),
    MenuEntry(WORKBENCH, _("Done"), icon="checks", url_name="done", position=20, key="d"),
    MenuEntry(
        WORKBENCH, _("Overdue"), icon="alarm", url_name="overdue", position=30, shows=_reads_cases, count=_late, key="o"
    ),
    MenuEntry(WORKBENCH, _("Messages"), icon="bell", url_name="inbox", position=40, key="m"),
    MenuEntry(TABS, pgettext_lazy("tab", "Home"), icon="home", url_name="enterprise-home", position=10, key="h"),
)
