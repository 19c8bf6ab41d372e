"""Moving open cases to another version of their matter: planned case by case, with what speaks against it.

A case moves only where nothing legal moves with it: the limits, what they run from and what stops them are the same in
both versions, and the application as submitted fits the form of the new one. The plan changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jianguan.kernel.messages import Message, message
from jianguan.kernel.process import Kind, NothingChangedError, Plan, explore, plan_migration
from jianguan.licensing.forms import service as forms
from jianguan.licensing.forms.service import Form
from jianguan.licensing.matters import packs
from jianguan.licensing.matters.gate import declared_variables
from jianguan.licensing.matters.models import Act, Case, PackVersion, Submission
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.queries import visible_to
from jianguan.licensing.matters.statuses import ENDED, Status
from jianguan.licensing.process import service as process
from jianguan.licensing.process.service import Past
from jianguan.platform.accounts.service import Actor

AT_ONCE = 200  # cases of one act


@dataclass(frozen=True, slots=True)
class Route:
    """From which version to which; `names` says what nodes of the old one are called in the new one."""

    source: PackVersion
    target: PackVersion
    names: Mapping[str, str]

    @property
    def old(self) -> Pack:
        return packs.of_version(self.source)

    @property
    def new(self) -> Pack:
        return packs.of_version(self.target)

    @property
    def variables(self) -> dict[str, str]:
        """Under which names results of steps are known in the new version, where they are others."""
        old, new = self.old.net.nodes, self.new.net.nodes
        pairs = [(node.variable, new.get(self.names.get(node.id, node.id))) for node in old.values()]
        return {first: to.variable for first, to in pairs if first and to and to.variable and first != to.variable}

    def carried(self, variables: Mapping[str, object]) -> dict[str, object]:
        """The variables of a case with the results it has under their new names too."""
        known = {new: variables[old] for old, new in self.variables.items() if old in variables}
        return {**known, **variables}

    @property
    def flow_names(self) -> dict[str, str]:
        """Flows of other ids that are the only ones between the same two nodes: the same flows."""
        old, new = self.old.net.flows, self.new.net.flows
        between: dict[tuple[str, str], list[str]] = {}
        for flow in new.values():
            if flow.id not in old:
                between.setdefault((flow.source, flow.target), []).append(flow.id)
        found = {
            flow.id: between.get(
                (self.names.get(flow.source, flow.source), self.names.get(flow.target, flow.target)), []
            )
            for flow in old.values()
            if flow.id not in new
        }
        return {flow: same[0] for flow, same in found.items() if len(same) == 1}


@dataclass(frozen=True, slots=True)
class CasePlan:
    """What would become of one case.

    Attributes:
        plan: the move of its process.
        variables: those it would have.
        reasons: what speaks against it; a case with reasons stays where it is.
        notices: what people will notice.
    """

    case: Case
    plan: Plan
    variables: Mapping[str, object]
    reasons: tuple[Message, ...]
    notices: tuple[Message, ...]

    @property
    def possible(self) -> bool:
        """Whether the case may move."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a move would come to.

    Attributes:
        unnamed: nodes at which the cases stand or stood and which the new version does not have.
    """

    plans: tuple[CasePlan, ...]
    unnamed: tuple[str, ...]

    @property
    def possible(self) -> int:
        """How many cases may move."""
        return sum(plan.possible for plan in self.plans)

    @property
    def last(self) -> UUID | None:
        """Where the next act goes on, where one was not enough for all."""
        return self.plans[-1].case.id if len(self.plans) == AT_ONCE else None

    @property
    def seen(self) -> str:
        """The result in short: the act is refused where it would come to something else."""
        lines = "\n".join(f"{plan.case.id} {plan.possible}" for plan in self.plans)
        return hashlib.sha256(lines.encode()).hexdigest()


def open_cases(actor: Actor, version: PackVersion, after: UUID | None = None) -> list[Case]:
    """The open cases of a version that a person may see, oldest first, as many as one act takes; `after` a case."""
    rows = visible_to(actor).filter(pack=version).exclude(status__in=[*ENDED, Status.DRAFT])
    rows = rows.filter(id__gt=after) if after else rows
    return list(rows.order_by("id")[:AT_ONCE])


def dry_run(route: Route, cases: Sequence[Case]) -> DryRun:
    """What would become of cases, in their order."""
    old, new = route.old, route.new
    ids = [case.id for case in cases]
    past = process.pasts(ids, old.definition, old.net)
    papers = _Papers.of(ids, old, new)
    common = tuple(_legal_reasons(old, new))
    plans = [_plan(route, case, past[case.id], papers, common) for case in cases if case.id in past]
    used = {node for one in past.values() for node in _nodes_of(one)}
    return DryRun(tuple(plans), tuple(node for node in old.net.nodes if node in used - new.net.nodes.keys()))


def _nodes_of(past: Past) -> set[str]:
    tokens, timers = past.marking.tokens, past.marking.timers
    return {*past.done_at, *(token.node for token in tokens), *(timer.node for timer in timers)}


@dataclass(frozen=True, slots=True)
class _Papers:
    """What the files of cases say: the newest submission where it matters, and at which steps people were named."""

    records: Mapping[UUID, Mapping[str, Any]]
    named_at: Mapping[UUID, set[str]]

    @classmethod
    def of(cls, ids: Sequence[UUID], old: Pack, new: Pack) -> _Papers:
        named: dict[UUID, set[str]] = {}
        acts = Act.objects.filter(case__in=ids, details__has_key="assignees")
        for case_id, node in acts.values_list("case_id", "node"):
            named.setdefault(case_id, set()).add(node)
        if old.form.digest == new.form.digest:
            return cls({}, named)
        rows = Submission.objects.filter(case__in=ids).order_by("case_id", "-version").distinct("case_id")
        return cls({row.case_id: forms.open_record(old.form, row.record) for row in rows}, named)


def _plan(route: Route, case: Case, past: Past, papers: _Papers, common: tuple[Message, ...]) -> CasePlan:
    plan = _plan_process(route, past)
    reasons = [
        *common,
        *(remark.message for remark in (*plan.refusals, *plan.gained)),
        *_past_reasons(route, past),
        *_standing_reasons(route, plan),
        *_people_reasons(route.new, papers.named_at.get(case.id, set())),
        *_form_reasons(route, papers.records.get(case.id)),
    ]
    variables = route.carried(past.variables)
    if not reasons:  # asked of every way the case could still go, and therefore last
        found = explore(route.new.net, declared_variables(route.new), marking=plan.marking, variables=variables)
        reasons = [finding.message for finding in found.findings]
    once = {str(reason): reason for reason in reasons}  # a token and its work item often have the same
    return CasePlan(case, plan, variables, tuple(once.values()), tuple(remark.message for remark in plan.notices))


def _plan_process(route: Route, past: Past) -> Plan:
    try:
        return plan_migration(route.old.net, route.new.net, past.marking, {**route.flow_names, **route.names})
    except NothingChangedError:  # the process is the same; rules or words are not
        return Plan(past.marking, {token.node: token.node for token in past.marking.tokens}, (), (), ())


def _legal_reasons(old: Pack, new: Pack) -> Iterator[Message]:
    """What is different in law between two versions, for every case alike."""
    if old.matter.clock != new.matter.clock or _limits(old) != _limits(new):
        yield message("The new version has other time limits; a case in hand keeps those it began with.")
    if old.matter.subject != new.matter.subject:
        yield message("The new version is applied for by others, or for something else.")
    kept = _protected(new.form)
    if any(kept.get(path, "") != kind for path, kind in _protected(old.form).items()):
        yield message("The new form encrypts other answers.")


def _limits(pack: Pack) -> tuple[object, ...]:
    matter = pack.matter
    return matter.promised.limit, matter.statutory.limit if matter.statutory else None


def _protected(form: Form) -> dict[tuple[str, ...], str]:
    """Which answers are encrypted, by their place."""
    found: dict[tuple[str, ...], str] = {(field.key,): field.sensitive for field in form.fields}
    return found | {(f.key, column.key): column.sensitive for f in form.fields for column in f.columns}


def _past_reasons(route: Route, past: Past) -> Iterator[Message]:
    """That other people must do later steps (审办分离) is told by the steps that were done: none may get lost."""
    for node in sorted(past.done_at):
        there = route.new.net.nodes.get(route.names.get(node, node))
        if there is None or there.kind is not Kind.USER:
            yield message("“%(node)s” was done in this case and has no counterpart in the new version.", node=node)


def _standing_reasons(route: Route, plan: Plan) -> Iterator[Message]:
    """Neither the main step nor the clock may change by being moved."""
    before, after = route.old.net.nodes, route.new.net.nodes
    for here, there in plan.moved.items():
        if there in after and before[here].stops != after[there].stops:
            yield message("“%(node)s” does not stop the legal clock for the same reason.", node=there)
        if there in after and before[here].stage != after[there].stage:
            yield message("“%(node)s” belongs to another main step.", node=there)


def _people_reasons(new: Pack, named_at: set[str]) -> Iterator[Message]:
    for node in sorted(named_at):
        if node not in new.matter.acts or new.matter.acts[node].assigns is None:
            yield message("The people named at “%(node)s” would be lost.", node=node)


def _form_reasons(route: Route, record: Mapping[str, Any] | None) -> Iterator[Message]:
    """Answers that were right under the old form and are not under the new one."""
    if record is None:
        return
    before, after = (forms.errors(pack.form, record) for pack in (route.old, route.new))
    for name in sorted(after.keys() - before.keys()):
        wrong = after[name]
        yield message("Does not fit the new form: %(title)s: %(why)s", title=wrong.title, why=wrong.says)
