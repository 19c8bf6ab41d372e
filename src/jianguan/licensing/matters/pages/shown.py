"""What templates of this room are given: checks, events and materials of a case, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from jianguan.kernel.tables import Localized, Table
from jianguan.licensing.matters.companions import Beside
from jianguan.licensing.matters.materials import Slot
from jianguan.licensing.matters.models import Act, Case, CorrectionNotice, Submission
from jianguan.licensing.matters.pack import Material, Outcome, Pack
from jianguan.licensing.matters.progress import node_name
from jianguan.licensing.matters.rules import WITHDRAW
from jianguan.licensing.matters.statuses import Status
from jianguan.licensing.process.service import WorkItem
from jianguan.licensing.rules import service as rules
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor
from jianguan.platform.documents import service as documents
from jianguan.platform.documents.service import Document
from jianguan.platform.web.service import Check, Event, day, say, words
from jianguan.registry.projects.service import StageRecord

_RESULTS = {rules.PASSED: "passed", rules.HINT: "remark", rules.FAILED: "failed"}


@dataclass(frozen=True, slots=True)
class Finding:
    """That an officer found otherwise than a check."""

    who: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A statutory condition as checked: the sentence, what it rests on, and what would have changed it.

    Attributes:
        inputs: name and value of everything the table looked at.
        otherwise: for each single input that would have changed the result: its name and what would be said then.
    """

    id: str
    mark: Check
    says: str
    clause: str
    inputs: Sequence[tuple[str, str]]
    otherwise: Sequence[tuple[str, str]]
    overrides: Sequence[Finding] = ()

    @property
    def is_failure(self) -> bool:
        return self.mark.result == "failed" and not self.overrides


def kept_checks(case: Case, pack: Pack) -> list[ShownCheck]:
    """The checks of the last asking, with what officers found otherwise."""
    rows = rules.last_round(case.id)
    people = accounts.names([override.actor_id for row in rows for override in row.overrides.all()])
    return [
        _check(
            str(row.id), pack.tables[row.table], row.evaluation, _evidence(row.evidence),
            [Finding(people[o.actor_id][0], o.reason, o.at) for o in row.overrides.all()],
        )
        for row in rows
    ]  # fmt: skip


def fresh_checks(asked: Iterable[rules.Asked], waiting: Iterable[Table]) -> list[ShownCheck]:
    """Checks that were only tried, before an application is submitted; last those that lack an answer."""
    tried = [
        _check(
            one.table.key, one.table, one.evaluation.to_json(),
            [say(finding.evidence) for finding in one.findings.values() if finding.evidence],
        )
        for one in asked
    ]  # fmt: skip
    unknown = gettext("not yet known")
    return tried + [
        ShownCheck(table.key, Check("waiting", words(table.name)), unknown, table.basis, (), ()) for table in waiting
    ]


def _evidence(kept: Mapping[str, Any]) -> list[str]:
    return [say(rules.sentence(sentence)) for sentence in kept.values()]


def _check(
    check_id: str,
    table: Table,
    evaluation: Mapping[str, Any],
    evidence: Sequence[str],
    overrides: Sequence[Finding] = (),
) -> ShownCheck:
    outputs = evaluation["outputs"][0] if evaluation["outputs"] else {}
    names = {column.key: words(column.name) for column in table.inputs}
    clauses = [fired["clause"] for fired in evaluation["fired"] if fired["clause"]]
    return ShownCheck(
        id=check_id,
        mark=Check(
            _RESULTS.get(outputs.get(rules.RESULT, ""), "waiting"),  # type: ignore[arg-type]  # the four of Check
            words(table.name),
            " ".join(evidence),
        ),
        says=_said(outputs),
        clause=clauses[0] if clauses else table.basis,
        inputs=[(names[key], value) for key, value in evaluation["inputs"].items()],
        otherwise=[(names[miss["input"]], _said(miss["would"])) for miss in evaluation["near_misses"]],
        overrides=overrides,
    )


def _said(outputs: Mapping[str, Any]) -> str:
    said = outputs.get("say")
    return words(Localized(said["zh"], said["en"])) if said else ""


@dataclass(frozen=True, slots=True)
class ShownMaterial:
    """A document that is asked for, and what is there of it."""

    material: Material
    shared: StageRecord | None
    files: Sequence[Document]


def submitted_materials(slots: Sequence[Slot], submission: Submission) -> list[ShownMaterial]:
    """The materials of a submission as they were submitted; later changes of the applicant's draft do not show."""
    found = documents.by_ids([UUID(document["id"]) for document in submission.documents])
    by_slot: dict[str, list[Document]] = {}
    for document in submission.documents:
        by_slot.setdefault(document["slot"], []).append(found[UUID(document["id"])])
    return [ShownMaterial(slot.material, slot.shared, by_slot.get(slot.material.key, [])) for slot in slots]


def events(case: Case, pack: Pack, items: Sequence[WorkItem], reader: Actor, beside: Iterable[Beside]) -> list[Event]:
    """What happened in a case, newest first; the applicant reads decisions and notices, not opinions inside the office."""
    for_applicant = reader.is_enterprise
    acts = list(Act.objects.filter(case=case).order_by("-id"))
    people = accounts.names({act.actor_id for act in acts if act.actor_id} | {_principal(act) for act in acts})
    notices = {notice.number: notice for notice in CorrectionNotice.objects.filter(case=case).order_by("-id")}
    now = [_waiting(item, pack, for_applicant=for_applicant) for item in items if item.state == "open"]
    done = [_event(act, pack, people, notices, for_applicant=for_applicant) for act in acts]
    ended = _end(case, acts, next(iter(notices.values()), None))
    further = [event for one in beside for event in one.events]
    return now + sorted([*ended, *further, *done], key=_instant, reverse=True)


def _instant(event: Event) -> datetime:
    return event.at or clock.now()


def _end(case: Case, acts: Sequence[Act], notice: CorrectionNotice | None) -> list[Event]:
    """What ended the case without anybody's act: the sealed certificate, or a time limit that ran out."""
    if case.status == Status.COMPLETED:
        return [Event(gettext("Certificate issued"), case.ended_at)]
    if case.status == Status.WITHDRAWN and not any(act.outcome == WITHDRAW for act in acts):
        says = gettext("Not corrected in time: deemed withdrawn")
        told = gettext("Notice %(number)s asked for it by %(day)s.") if notice and notice.reply_by else ""
        words_ = told % {"number": notice.number, "day": day(notice.reply_by)} if notice and told else ""
        return [Event(says, case.ended_at, words=words_, tone="warn")]
    return []


def _waiting(item: WorkItem, pack: Pack, *, for_applicant: bool) -> Event:
    stopped = item.role == "applicant"
    words_ = gettext("waiting for the applicant") if stopped and not for_applicant else gettext("in progress")
    return Event(node_name(pack, item.node), item.opened_at, words=words_, tone="warn" if stopped else "now")


def _event(
    act: Act,
    pack: Pack,
    people: Mapping[UUID, tuple[str, str]],
    notices: Mapping[str, CorrectionNotice],
    *,
    for_applicant: bool,
) -> Event:
    outcome = pack.matter.outcomes.get(act.outcome)
    notice = notices.get(act.details.get("notice", ""))
    said = [act.opinion] if act.opinion and not (for_applicant and _internal(act, pack)) else []
    if clause := act.details.get("clause"):
        said.append(clause)
    if notice:
        said += [f"{number}. {item}" for number, item in enumerate(notice.items, 1)]
        if notice.reply_by:
            said.append(gettext("To be corrected by %(day)s.") % {"day": day(notice.reply_by)})
    who, unit = people.get(act.actor_id, ("", "")) if act.actor_id else ("", "")
    if _principal(act) in people:
        who = gettext("%(name)s for %(absent)s, who was on leave") % {"name": who, "absent": people[_principal(act)][0]}
    if for_applicant and act.stage != "submission":
        who = ""  # the office answers, not the clerk
    done = _done(act, outcome)
    tone = "warn" if notice or (outcome and outcome.tone == "bad") else ""
    return Event(
        f"{node_name(pack, act.node)} · {done}" if act.node in pack.net.nodes else done,
        act.at, who, unit, "\n".join(said), tone,  # type: ignore[arg-type]  # the tones of Event
    )  # fmt: skip


def _principal(act: Act) -> UUID:
    """The absent person a substitute acted for; an id of nobody where there was none."""
    return UUID(act.details.get("on_behalf_of", str(UUID(int=0))))


def _done(act: Act, outcome: Outcome | None) -> str:
    if act.outcome == WITHDRAW:
        return gettext("Withdrawn by the applicant")
    return words(outcome.done) if outcome and act.stage != "submission" else gettext("Submitted")


def _internal(act: Act, pack: Pack) -> bool:
    """Whether an opinion is one among officers: a section's word, not a notice or a refusal of the whole."""
    node = pack.net.nodes.get(act.node)
    return bool(node and node.stage in {"review", "examination", "approval"} and act.outcome not in {"deny", "correct"})
