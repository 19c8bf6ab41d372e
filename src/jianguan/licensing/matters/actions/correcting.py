"""The correction request 补正告知 as an object: told once, answered item by item, mended or not, in time or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from jianguan.kernel.clock import Clock, derive_due
from jianguan.kernel.messages import Message, message
from jianguan.kernel.process import Delta
from jianguan.licensing.matters.actions.drafting import editable
from jianguan.licensing.matters.models import Case, CorrectionNotice
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.rules import CORRECTION, TEXT_LIMIT
from jianguan.licensing.matters.statuses import Status
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.errors import Refusal
from jianguan.platform.notices import service as notices
from jianguan.platform.notices.service import Recipient
from jianguan.platform.numbering.service import next_in
from jianguan.platform.workdays import service as workdays

FILE = "file-"  # beginning of the input names of documents
MARKS = ("mended", "unmended")
REMIND_DAYS = 5  # before the last day
AT_ONCE = 100  # reminders of one run


def inputs_of(pack: Pack) -> frozenset[str]:
    """The inputs an item may be about: questions of the form, and documents."""
    documents = {FILE + material.key for material in pack.matter.materials}
    return frozenset({field.key for field in pack.form.fields} | documents)


def notify(case: Case, actor: Actor, items: Sequence[str], about: Sequence[str]) -> str:
    """Issue the notice of a correction; returns its number."""
    at = clock.now()
    year = clock.legal_day(at).year
    number = f"{case.region[:6]}-BZ-{year}-{next_in(f'correction:{case.region[:6]}:{year}'):05d}"
    CorrectionNotice.objects.create(
        case=case, number=number, items=[text.strip() for text in items], about=list(about), issued_by=actor.id, issued_at=at
    )  # fmt: skip
    return number


def set_reply_day(case: Case, pack: Pack, delta: Delta) -> date | None:
    """Store the last day for the correction, where a move of the process armed the timer at the applicant's step.

    Parallel reviews may ask for it before the process comes there; the day is the process's.
    """
    hosts = ((pack.net.nodes[timer.node].host, timer.limit) for timer in delta.timers_armed)
    limit = next((limit for host, limit in hosts if host and pack.net.nodes[host].stops == CORRECTION), None)
    if limit is None:
        return None
    day = derive_due(Clock(clock.today(), limit), workdays.calendar()).day
    CorrectionNotice.objects.filter(case=case, answered_at=None).update(reply_by=day)
    return day


def keep_replies(actor: Actor, case_id: UUID, replies: Mapping[int, str]) -> None:
    """Keep what the applicant says to items of the notice, by their number from 0; saving it again changes nothing.

    Raises:
        NotFound: no such case of the actor's enterprise.
        Conflict: no correction is asked for (any more).
        Refusal: a reply is too long.
    """
    with transaction.atomic():
        case = editable(actor, case_id)
        notice = CorrectionNotice.objects.select_for_update().filter(case=case, answered_at=None).last()
        if notice is None:
            return
        said = [replies.get(n, before).strip() for n, before in enumerate(in_step(notice, notice.replies))]
        too_long = message("At most %(count)s characters.", count=TEXT_LIMIT)
        if wrong := {f"reply-{n}": too_long for n, reply in enumerate(said) if len(reply) > TEXT_LIMIT}:
            raise Refusal(too_long, wrong)
        CorrectionNotice.objects.filter(pk=notice.pk).update(replies=said)


def in_step(notice: CorrectionNotice, values: Sequence[str]) -> list[str]:
    """Values that follow the items of a notice, one for each; what nobody said yet is empty."""
    return [*values, *[""] * len(notice.items)][: len(notice.items)]


def mark(case: Case, actor: Actor, marks: Mapping[int, str]) -> None:
    """Keep which items of the newest answered notice an officer found mended; advice for those who decide."""
    notice = CorrectionNotice.objects.filter(case=case).exclude(answered_at=None).last() if marks else None
    if notice:
        notice.marks = [marks.get(n, before) for n, before in enumerate(in_step(notice, notice.marks))]
        notice.marked_by, notice.marked_at = actor.id, clock.now()
        notice.save(update_fields=["marks", "marked_by", "marked_at"])


def lapse(case: Case) -> CorrectionNotice | None:
    """Note on the notice that nobody answered it in time and the application counts as withdrawn; None if that is not so."""
    notice = CorrectionNotice.objects.filter(case=case, answered_at=None).last()
    if notice is None or case.status != Status.WITHDRAWN:
        return None
    notice.lapsed_at = clock.now()
    notice.save(update_fields=["lapsed_at"])
    return notice


def remind_of_corrections() -> int:
    """Remind applicants, once, of corrections whose last day is near; returns how many were told."""
    near = clock.today() + timedelta(days=REMIND_DAYS)
    waiting = CorrectionNotice.objects.filter(
        reply_by__lte=near, answered_at=None, lapsed_at=None, reminded_at=None, case__ended_at=None
    )
    with transaction.atomic():
        rows = waiting.select_for_update(of=("self",), skip_locked=True).select_related("case").order_by("reply_by")
        due = list(rows[:AT_ONCE])
        for notice in due:
            case = notice.case
            notices.send(
                Recipient(organisation_id=case.applicant_id), _reminder(notice), f"/e/cases/{case.id}/",
                f"correction-reminder:{notice.id}",
            )  # fmt: skip
        CorrectionNotice.objects.filter(pk__in=[notice.pk for notice in due]).update(reminded_at=clock.now())
    return len(due)


def _reminder(notice: CorrectionNotice) -> Message:
    return message(
        "The correction of your application %(number)s is due by %(day)s; without it the application counts as withdrawn.",
        number=notice.case.number or "", day=notice.reply_by,
    )  # fmt: skip
