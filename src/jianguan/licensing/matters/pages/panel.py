"""The panel in which an officer decides a step: what can be chosen, what was typed, what has to be said besides."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.http import QueryDict

from jianguan.kernel.messages import Message
from jianguan.licensing.matters import competence, queries
from jianguan.licensing.matters.actions import MARKS, FinishStep
from jianguan.licensing.matters.models import Case, UnsentDecision
from jianguan.licensing.matters.pack import Outcome as PackOutcome
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.pages.corrections import Subjects, subjects
from jianguan.licensing.matters.pages.shown import ShownCheck
from jianguan.licensing.matters.progress import node_name
from jianguan.licensing.process import service as process
from jianguan.licensing.process.service import WorkItem
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.web.service import Outcome, posted_id, say, words

TONES = {"good": "", "caution": "mid", "bad": "neg"}
APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the inputs."""

    outcome: str = ""
    opinion: str = ""
    clause: str = ""
    items: Sequence[tuple[str, str]] = (("", ""),)  # text, a line each item, and what it is about
    marks: Mapping[str, str] = field(default_factory=dict)
    assignees: Sequence[str] = ()
    overrides: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def kept(cls, content: Mapping[str, Any]) -> Typed:
        """Inverse of `plain`."""
        items = content.get("items") or ""
        rows = [(items, "")] if isinstance(items, str) else [(text, about) for text, about in items]
        return cls(**{**content, "items": rows})

    def with_another(self) -> Typed:
        """The same with room for another item."""
        return replace(self, items=(*self.items, ("", "")))

    def plain(self) -> dict[str, Any]:
        """For keeping."""
        return {
            "outcome": self.outcome, "opinion": self.opinion, "clause": self.clause,
            "items": [list(row) for row in self.items], "marks": dict(self.marks), "assignees": list(self.assignees),
            "overrides": dict(self.overrides),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Panel:
    """A step that the reader may decide now.

    Attributes:
        subjects: groups of inputs an item of a correction may be about.
        show_clause: JSON of `data-show`: the outcomes that need a clause; `show_items` and `show_overrides` likewise.
        people: who can be named at this step, as (id, name, organisation, chosen).
        failures: failed checks that stand in the way of approval, each with the reason typed so far.
        faults: sentences by input name.
    """

    item: WorkItem
    title: str
    outcomes: Sequence[Outcome]
    typed: Typed
    phrases: Sequence[str]
    clauses: Sequence[str]
    subjects: Sequence[Subjects]
    show_clause: str
    show_items: str
    show_overrides: str
    people: Sequence[tuple[str, str, str, bool]]
    failures: Sequence[tuple[ShownCheck, str]]
    command_id: UUID
    fault: Message | None = None
    faults: Mapping[str, Message] = field(default_factory=dict)
    kept: bool = False

    @property
    def items_fault(self) -> Message | None:
        """The sentence at the items; asked for `faults.items`, a template would get the method of the mapping."""
        return self.faults.get("items")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the reader may do in a case now: decide at one of `mine`, or nothing, with the reason where there is one."""

    mine: Sequence[WorkItem]
    why_not: Message | None = None


def standing(actor: Actor, items: Sequence[WorkItem], pack: Pack) -> Standing:
    """The open steps of a case that a person may finish."""
    theirs = [item for item in items if item.state == "open" and actor.has_role(item.role, item.region)]
    recused = process.recused(theirs[0].instance_id) if theirs else ()
    refused = {item.id: says for item in theirs if (says := competence.why_not(actor, item, pack, recused))}
    mine = [item for item in theirs if item.id not in refused]
    return Standing(mine, None if mine else next(iter(refused.values()), None))


def panel(
    actor: Actor,
    case: Case,
    pack: Pack,
    item: WorkItem,
    checks: Sequence[ShownCheck],
    typed: Typed | None = None,
    refused: tuple[UUID, Message, Mapping[str, Message]] | None = None,
) -> Panel:
    """The panel of a step; with what was typed and refused, or with what was kept for later."""
    kept = None
    if typed is None:
        kept = UnsentDecision.objects.filter(item_id=item.id, account_id=actor.id).first()
    typed = typed or (Typed.kept(kept.content) if kept else Typed())
    act = pack.matter.acts.get(item.node)
    codes = pack.net.nodes[item.node].outcomes
    outcomes = {code: pack.matter.outcomes[code] for code in codes}
    if not queries.may_ask_for_correction(case, pack.matter):
        outcomes = {code: outcome for code, outcome in outcomes.items() if outcome.needs != "items"}
    command_id, fault, faults = refused or (new_command_id(), None, {})
    return Panel(
        item=item,
        title=words(act.title) if act else node_name(pack, item.node),
        outcomes=[Outcome(code, words(o.label), TONES[o.tone]) for code, o in outcomes.items()],  # type: ignore[arg-type]
        typed=typed,
        phrases=[words(phrase) for phrase in act.phrases] if act else [],
        clauses=[words(clause) for clause in pack.matter.clauses if any(map(clause.fits, outcomes))],
        subjects=subjects(pack),
        show_clause=_show(code for code, o in outcomes.items() if o.needs == "clause"),
        show_items=_show(code for code, o in outcomes.items() if o.needs == "items"),
        show_overrides=_show(code for code in outcomes if code == APPROVE),
        people=_people(pack, case, item, typed),
        failures=[(check, typed.overrides.get(check.id, "")) for check in checks if check.is_failure]
        if APPROVE in outcomes
        else [],
        command_id=command_id,
        fault=fault,
        faults=faults,
        kept=kept is not None,
    )


def _show(codes: Any) -> str:
    """The condition of `data-show`: one of these outcomes is chosen; empty where none of the step needs it."""
    needed = list(codes)
    return json.dumps([["outcome", needed]]) if needed else ""


def _people(pack: Pack, case: Case, item: WorkItem, typed: Typed) -> list[tuple[str, str, str, bool]]:
    act = pack.matter.acts.get(item.node)
    if act is None or act.assigns is None:
        return []
    return [
        (str(account.id), account.name, account.organisation.name, str(account.id) in typed.assignees)
        for account in accounts.holders(act.assigns.role, case.region)
    ]


def read(post: QueryDict) -> Typed:
    """What stands in the inputs of a posted panel."""
    rows = zip_longest(post.getlist("items"), post.getlist("about"), fillvalue="")
    return Typed(
        outcome=post.get("outcome", ""), opinion=post.get("opinion", ""), clause=post.get("clause", ""),
        items=[row for row in rows if any(row)] or [("", "")], marks=_beginning("mark-", post),
        assignees=tuple(post.getlist("assignees")), overrides=_beginning("override-", post),
    )  # fmt: skip


def _beginning(prefix: str, post: QueryDict) -> dict[str, str]:
    return {name.removeprefix(prefix): str(post[name]) for name in post if name.startswith(prefix)}


def command(
    typed: Typed, command_id: UUID, item_id: UUID, submission: int, needs: Mapping[str, PackOutcome]
) -> FinishStep:
    """The act a posted panel asks for; what its outcome does not need is left out, shown or not."""
    outcome = needs.get(typed.outcome)
    wants = outcome.needs if outcome else ""
    items = [(line.strip(), about) for text, about in typed.items for line in text.splitlines() if line.strip()]
    items = items if wants == "items" else []
    return FinishStep(
        command_id=command_id,
        item_id=item_id,
        outcome=typed.outcome,
        opinion=typed.opinion,
        clause=typed.clause if wants == "clause" else "",
        items=tuple(text for text, _ in items),
        about=tuple(about for _, about in items),
        marks=tuple((int(n), said) for n, said in typed.marks.items() if n.isdecimal() and said in MARKS),
        assignees=tuple(map(posted_id, typed.assignees)),
        overrides=tuple((posted_id(check), reason) for check, reason in typed.overrides.items() if reason.strip()),
        submission=submission,
    )


def nothing_to_do(stand: Standing) -> str:
    """Why there is no panel, where that is not plain."""
    return say(stand.why_not) if stand.why_not else ""
