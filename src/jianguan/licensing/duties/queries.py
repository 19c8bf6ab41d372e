"""Reading who holds steps, for how long, who keeps out and who was reminded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import QuerySet

from jianguan.kernel.clock import Unit
from jianguan.licensing.duties import rules, wording
from jianguan.licensing.duties.models import Urging
from jianguan.licensing.duties.rules import Turn
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case
from jianguan.licensing.process import service as process
from jianguan.licensing.process.service import Handover, Recusal, WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Account, Actor


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A stretch of a step in words: whose hands, how it came to them, from when until when, how long."""

    holder: str
    way: str
    by: str
    reason: str
    first: datetime
    last: datetime | None
    lasted: str


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step with the stretches in which people held it.

    Attributes:
        item: the step; it is open where `item.state` says so.
        holder: name of who holds it; empty where nobody does.
        passed_on: whether the holder can return it to a colleague.
        late: whose hands the days after the due day fell into; empty where it is not late.
    """

    item: WorkItem
    name: str
    holder: str
    turns: Sequence[ShownTurn]
    passed_on: bool
    late: str


def steps(
    case: Case, items: Sequence[WorkItem], handovers: Mapping[UUID, Sequence[Handover]], names: Mapping[UUID, str]
) -> list[ShownStep]:
    """Steps of a case with who held them, the newest first; no query."""
    pack = matters.of_version(case.pack)
    working = pack.matter.promised.limit.unit is Unit.WORKING
    shown = []
    for item in reversed(items):
        stretches = rules.turns(item, handovers[item.id])
        shown.append(
            ShownStep(
                item, matters.node_name(pack, item.node), names.get(item.holder_id, "") if item.holder_id else "",
                [_turn(turn, names, working=working) for turn in stretches], rules.passed_on_by(handovers[item.id]) is not None,
                _late(item, stretches, names, working=working),
            )
        )  # fmt: skip
    return shown


def _turn(turn: Turn, names: Mapping[UUID, str], *, working: bool) -> ShownTurn:
    lasted = rules.held_for(turn, clock.legal_day, clock.today(), partial(matters.days_between, working=working))
    return ShownTurn(
        names.get(turn.holder, "") if turn.holder else "", str(wording.WAYS[turn.way]) if turn.way else "",
        names.get(turn.by, "") if turn.by and turn.by != turn.holder else "", turn.reason, turn.first, turn.last,
        wording.days(lasted, working=working),
    )  # fmt: skip


def _late(item: WorkItem, stretches: Sequence[Turn], names: Mapping[UUID, str], *, working: bool) -> str:
    """Whose hands the days after the due day of an open step fell into; empty where there are none."""
    today = clock.today()
    if item.state != "open" or item.due_on is None or item.due_on >= today:
        return ""
    count = partial(matters.days_between, working=working)
    shares = rules.late_shares(item.due_on, today, stretches, clock.legal_day, count)
    return wording.shares_of(shares, names, working=working)


def people_in(items: Sequence[WorkItem], handovers: Mapping[UUID, Sequence[Handover]]) -> set[UUID]:
    """Everyone who held, gave or finished one of the steps."""
    found = {item.holder_id for item in items} | {item.closed_by for item in items}
    for many in handovers.values():
        found |= {one.holder_id for one in many} | {one.by_id for one in many}
    return {account for account in found if account}


def holders(items: Sequence[WorkItem]) -> dict[UUID, str]:
    """Names of those who hold one of the steps; one query, none where nobody holds any."""
    ids = {item.holder_id for item in items if item.holder_id}
    return {pk: name for pk, (name, _) in accounts.names(ids).items()} if ids else {}


def lateness(cases: Mapping[UUID, Case], items: Sequence[WorkItem] | None = None) -> list[tuple[WorkItem, str]]:
    """The open steps (of these, or all) of overdue cases by id, each with whose hands the days fell into.

    Three queries at most, none where no case is overdue.
    """
    today = clock.today()
    late = {pk for pk, case in cases.items() if case.due_on and case.due_on < today and not case.ended_at}
    if items is None:
        items = list(WorkItem.objects.filter(instance__in=late, state="open").order_by("id")) if late else []
    items = [item for item in items if item.instance_id in late and item.state == "open"]
    if not items:
        return []
    handovers = process.handovers_of([item.id for item in items])
    names = {pk: name for pk, (name, _) in accounts.names(people_in(items, handovers)).items()}
    found = []
    for item in items:
        working = matters.of_version(cases[item.instance_id].pack).matter.promised.limit.unit is Unit.WORKING
        if words := _late(item, rules.turns(item, handovers[item.id]), names, working=working):
            found.append((item, words))
    return found


# --- choosing people


def handlers(items: Iterable[WorkItem], without: Iterable[UUID] = ()) -> list[Account]:
    """Who may be given one of the steps: who handles its role there now, and does not keep out of the case."""
    found: dict[UUID, Account] = {}
    left_out = set(without)
    for role, region in sorted({(item.role, item.region) for item in items}):
        found |= {account.pk: account for account in accounts.handlers(role, region)}
    return sorted((account for pk, account in found.items() if pk not in left_out), key=lambda one: (one.name, one.pk))


def open_items(actor: Actor, item_ids: Sequence[UUID]) -> list[WorkItem]:
    """Open steps with these ids whose case a person may see, in the order of the ids."""
    rows = WorkItem.objects.filter(pk__in=item_ids, state="open")
    seen = set(matters.visible_to(actor).filter(pk__in=rows.values("instance")).values_list("pk", flat=True))
    found = {item.pk: item for item in rows if item.instance_id in seen}
    return [found[item_id] for item_id in dict.fromkeys(item_ids) if item_id in found]


def officers_of(case: Case, actor: Actor) -> list[Account]:
    """Officers who may come to handle a case: those of the roles of its process at its place."""
    nodes = matters.of_version(case.pack).net.nodes.values()
    roles = sorted({node.role for node in nodes if node.role and node.role != "applicant"})
    found: dict[UUID, Account] = {}
    for role in roles:
        found |= {account.pk: account for account in accounts.handlers(role, case.region)}
    return sorted((one for one in found.values() if one.pk != actor.id), key=lambda one: (one.name, one.pk))


# --- recusals and reminders of a case


def recusals_of(case_id: UUID) -> list[Recusal]:
    """All recusals of a case, asked for or in force or ended, the newest first."""
    return list(Recusal.objects.filter(instance=case_id).order_by("-id"))


def urgings_of(case_id: UUID) -> QuerySet[Urging]:
    """When and by whom people were reminded of steps of a case, the newest first."""
    return Urging.objects.filter(case_id=case_id).order_by("-id")
