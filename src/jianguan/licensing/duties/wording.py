"""Words for who holds what: handovers, stretches, whose hands the days after the due day fell into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy

from jianguan.licensing.duties.rules import EARLIER, POOL
from jianguan.licensing.process.service import Way

WAYS: Mapping[str, Promise] = {
    Way.CLAIMED: pgettext_lazy("handover", "Taken"),
    Way.GIVEN_BACK: pgettext_lazy("handover", "Given back to all"),
    Way.DELEGATED: pgettext_lazy("handover", "Passed on"),
    Way.RETURNED: pgettext_lazy("handover", "Returned"),
    Way.ASSIGNED: pgettext_lazy("handover", "Assigned"),
    Way.TAKEN_AWAY: pgettext_lazy("handover", "Taken away"),
    Way.RECUSED: pgettext_lazy("handover", "Given back for recusal"),
}


def days(number: int, *, working: bool) -> str:
    """So many days, as the limit of the case counts them; less than one is said so."""
    if number == 0:
        return gettext("the same day")
    if working:
        return ngettext("%(days)s working day", "%(days)s working days", number) % {"days": number}
    return ngettext("%(days)s day", "%(days)s days", number) % {"days": number}


def shares_of(shares: Sequence[tuple[UUID | str, int]], names: Mapping[UUID, str], *, working: bool) -> str:
    """李某持有 2 天、待签收 1 天."""
    return pgettext("between shares", ", ").join(
        _share(whose, number, names, working=working) for whose, number in shares
    )


def _share(whose: UUID | str, number: int, names: Mapping[UUID, str], *, working: bool) -> str:
    lasted = days(number, working=working)
    if whose == EARLIER:
        return gettext("earlier steps %(days)s") % {"days": lasted}
    if whose == POOL:
        return gettext("nobody's %(days)s") % {"days": lasted}
    assert isinstance(whose, UUID)
    return gettext("%(name)s held it %(days)s") % {"name": names.get(whose, ""), "days": lasted}
