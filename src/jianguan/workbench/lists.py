"""The lists of the workbench: what waits for a person, what they did, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case, Deadline, Status
from jianguan.licensing.process.service import WorkItem
from jianguan.platform.regions import service as regions
from jianguan.platform.web.service import Check, words


@dataclass(frozen=True, slots=True)
class Line:
    """A case in a list.

    Attributes:
        stage: name of the step it is listed for, or empty.
        at: when the step was opened or finished, or the case submitted.
    """

    case: Case
    matter: str
    place: str
    tone: str
    stage: str
    check: Check
    at: datetime | None
    deadline: Deadline | None

    @property
    def late(self) -> bool:
        return self.deadline is not None and self.deadline.level == "overdue"


def of_items(items: Sequence[WorkItem]) -> list[Line]:
    """Lines for steps, in their order; one query for all their cases."""
    cases = matters.of_items(list(items))
    return [
        _line(cases[item.instance_id], item.closed_at or item.opened_at, item.node)
        for item in items
        if item.instance_id in cases
    ]


def of_cases(cases: Sequence[Case]) -> list[Line]:
    """Lines for cases, in their order."""
    return [_line(case, case.submitted_at) for case in cases]


def _line(case: Case, at: datetime | None, node: str = "") -> Line:
    pack = matters.of_version(case.pack)
    return Line(
        case=case,
        matter=words(pack.matter.name),
        place=regions.name(case.region),
        tone=matters.TONES[Status(case.status)],
        stage=matters.node_name(pack, node) if node else "",
        check=_check(case),
        at=at,
        deadline=matters.deadline(case),
    )


def _check(case: Case) -> Check:
    """The result of the automatic check in one word."""
    if case.checks_failed:
        return Check("failed", _("%(n)s not met") % {"n": case.checks_failed})
    if case.checks_hinted:
        words_ = ngettext("%(n)s remark", "%(n)s remarks", case.checks_hinted)
        return Check("remark", words_ % {"n": case.checks_hinted})
    return Check("passed", _("passed"))
