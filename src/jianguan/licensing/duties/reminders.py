"""Telling people what is due 催办: once a working day a message each, from the due days of the legal clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from jianguan.kernel.messages import message
from jianguan.licensing.duties.models import Round
from jianguan.licensing.duties.settings import Reminders, reminders
from jianguan.licensing.matters import service as matters
from jianguan.licensing.process.service import Recusal, WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import HEADING, ActiveGrant
from jianguan.platform.notices import service as notices
from jianguan.platform.notices.service import Recipient
from jianguan.platform.workdays import service as workdays

NAMED = 5  # numbers of cases a message to heads names


def remind() -> int:
    """Tell people what is due, where that was not done today; returns how many were told.

    On days that are no working days, and before the hour that is configured, nobody is told. Any number of workers may
    call it: the row of the day lets one of them go on.
    """
    now, configured = clock.now(), reminders()
    day = clock.legal_day(now)
    hour = now.astimezone(clock.LEGAL_ZONE).hour
    if hour < configured.from_hour or not workdays.calendar().is_working(day) or Round.objects.filter(pk=day).exists():
        return 0
    with transaction.atomic():
        _, is_first = Round.objects.get_or_create(day=day, defaults={"at": now})
        return tell(day, configured) if is_first else 0


@dataclass(slots=True)
class Tally:
    """How many steps of a person are overdue, due today, due soon."""

    overdue: int = 0
    today: int = 0
    soon: int = 0

    def add(self, due_on: date, day: date) -> None:
        if due_on < day:
            self.overdue += 1
        elif due_on == day:
            self.today += 1
        else:
            self.soon += 1


@dataclass(frozen=True, slots=True)
class People:
    """Who handles steps and who heads work now; grants by role, substitutes of the absent, who keeps out of what."""

    by_role: Mapping[str, list[tuple[UUID, ActiveGrant]]]
    heads: list[tuple[UUID, ActiveGrant]]
    substitutes: Mapping[UUID, set[UUID]]
    recused: frozenset[tuple[UUID, UUID]]

    def responsible(self, item: WorkItem) -> Iterable[UUID]:
        """The holder with whoever stands in for them, or all who may finish the step."""
        if item.holder_id:
            return {item.holder_id} | self.substitutes.get(item.holder_id, set())
        fits = (account for account, grant in self.by_role.get(item.role, ()) if grant.covers(item.region))
        return {account for account in fits if (item.instance_id, account) not in self.recused}


def tell(day: date, configured: Reminders) -> int:
    """Send everyone one message about what is due, and heads one about what is long overdue; returns how many were sent.

    The number of queries that read does not depend on how much is due; the message of a person and a day is sent once.
    """
    last = workdays.calendar().add(day, configured.soon_days)
    due = list(
        WorkItem.objects.filter(state="open", due_on__lte=last).exclude(role="applicant").order_by("due_on", "id")
    )
    people = _people()
    tallies: dict[UUID, Tally] = {}
    for item in due:
        assert item.due_on is not None
        for account in people.responsible(item):
            tallies.setdefault(account, Tally()).add(item.due_on, day)
    sent = sum(_remind(account, tally, day, configured.soon_days) for account, tally in tallies.items())
    return sent + _escalate(due, people, day, configured.escalate_after_days)


def _people() -> People:
    by_role: dict[str, list[tuple[UUID, ActiveGrant]]] = {}
    substitutes: dict[UUID, set[UUID]] = {}
    grants = accounts.officers_grants()
    for account, grant in grants:
        by_role.setdefault(grant.role, []).append((account, grant))
        if grant.on_behalf_of:
            substitutes.setdefault(grant.on_behalf_of.id, set()).add(account)
    rows = Recusal.objects.filter(since__isnull=False, ended_at=None).values_list("instance_id", "account_id")
    out = ((case, account) for case, account in rows if account)
    return People(by_role, [one for one in grants if HEADING in one[1].permissions], substitutes, frozenset(out))


def _remind(account_id: UUID, tally: Tally, day: date, soon_days: int) -> bool:
    says = message(
        "Your work: %(overdue)s overdue, %(today)s due today, %(soon)s due within %(days)s working days.",
        overdue=tally.overdue, today=tally.today, soon=tally.soon, days=soon_days,
    )  # fmt: skip
    return notices.send(Recipient(account_id=account_id), says, "/g/work/", f"due:{account_id}:{day}")


def _escalate(due: Iterable[WorkItem], people: People, day: date, after: int) -> int:
    count = workdays.calendar().count
    long_overdue = [item for item in due if item.due_on and item.due_on < day and count(item.due_on, day) >= after]
    for_heads: dict[UUID, dict[UUID, None]] = {}  # head → cases, in the order of their due days
    for item in long_overdue:
        for head, grant in people.heads:
            if grant.covers(item.region):
                for_heads.setdefault(head, {})[item.instance_id] = None
    ids = {case for cases in for_heads.values() for case in cases}
    numbers = dict(matters.Case.objects.filter(pk__in=ids).values_list("pk", "number"))
    return sum(_tell_head(head, [numbers[case] for case in cases], day, after) for head, cases in for_heads.items())


def _tell_head(head: UUID, numbers: list[str | None], day: date, after: int) -> bool:
    named = " ".join(str(number) for number in numbers[:NAMED]) + (" …" if len(numbers) > NAMED else "")
    says = message(
        "%(count)s cases at your places are overdue by %(days)s working days or more: %(numbers)s",
        count=len(numbers), days=after, numbers=named,
    )  # fmt: skip
    return notices.send(Recipient(account_id=head), says, "/g/overdue/", f"overdue:{head}:{day}")
