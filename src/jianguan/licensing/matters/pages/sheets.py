"""Which sheets of a case can be printed, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jianguan.licensing.matters.models import Case


@dataclass(frozen=True, slots=True)
class Sheet:
    """A kind of sheet: its name, of which cases there is one, and whether it is for officers only."""

    title: Promise
    exists: Callable[[Case], bool]
    internal: bool = False


SHEETS: Mapping[str, Sheet] = {
    "handling": Sheet(_("Handling sheet"), lambda case: case.number is not None, internal=True),
    "received": Sheet(_("Receipt of the application"), lambda case: case.number is not None),
    "decision": Sheet(_("Notice of the decision"), lambda case: case.decided_on is not None),
}


def sheets_of(case: Case, *, for_officer: bool) -> list[tuple[str, Promise]]:
    """The sheets a reader may print of a case, by the end of their address."""
    return [
        (kind, sheet.title)
        for kind, sheet in SHEETS.items()
        if sheet.exists(case) and (for_officer or not sheet.internal)
    ]
