"""The lists of the workbench: what waits for a person, what they did, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jianguan.licensing.duties import service as duties
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
        item: the step it is listed for, and name of whoever holds it.
        why_late: whose hands the days after the due day fell into, a sentence each open step.
    """

    case: Case
    matter: str
    place: str
    tone: str
    stage: str
    check: Check
    at: datetime | None
    deadline: Deadline | None
    item: WorkItem | None = None
    holder: str = ""
    why_late: Sequence[str] = ()

    @property
    def late(self) -> bool:
        return self.deadline is not None and self.deadline.level == "overdue"


def of_items(items: Sequence[WorkItem]) -> list[Line]:
    """Lines for steps, in their order.

    One query for all their cases, one more where somebody holds one of them, two more where one of them is late.
    """
    cases, holders = matters.of_items(list(items)), duties.holders(items)
    whose = {item.id: (words,) for item, words in duties.lateness(cases, items)}
    lines = [
        (_line(cases[i.instance_id], i.closed_at or i.opened_at, i.node), i) for i in items if i.instance_id in cases
    ]
    return [
        replace(line, item=i, holder=holders.get(i.holder_id, "") if i.holder_id else "", why_late=whose.get(i.id, ()))
        for line, i in lines
    ]


def of_cases(cases: Sequence[Case]) -> list[Line]:
    """Lines for cases, in their order."""
    return [_line(case, case.submitted_at) for case in cases]


def of_late_cases(cases: Sequence[Case]) -> list[Line]:
    """Lines for overdue cases with whose hands the days fell into; three queries more."""
    by_id = {case.id: case for case in cases}
    whose: dict[UUID, list[str]] = {}
    for item, words_ in duties.lateness(by_id):
        step = matters.node_name(matters.of_version(by_id[item.instance_id].pack), item.node)
        whose.setdefault(item.instance_id, []).append(_("%(step)s: %(shares)s") % {"step": step, "shares": words_})
    return [replace(line, why_late=whose.get(line.case.id, ())) for line in of_cases(cases)]


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
