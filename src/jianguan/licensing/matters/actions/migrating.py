"""Moving open cases to another version of their matter: the act that follows a dry run."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from jianguan.kernel.messages import message
from jianguan.licensing.matters import facts, migrating
from jianguan.licensing.matters.actions.proposing import MAY_PUBLISH
from jianguan.licensing.matters.actions.submitting import subject
from jianguan.licensing.matters.migrating import CasePlan, Route
from jianguan.licensing.matters.models import Case, PackVersion
from jianguan.licensing.process import service as process
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal, Stale
from jianguan.platform.journal.service import record


@dataclass(frozen=True, slots=True)
class MoveCases:
    """Move the open cases of a version that can be moved.

    Attributes:
        names: what nodes of the old version are called in the new one.
        seen: `DryRun.seen` of the dry run this follows.
        after: the case after which it began.
    """

    command_id: UUID
    matter: str
    source: int
    target: int
    names: tuple[tuple[str, str], ...]
    seen: str
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class CasesMoved:
    """How many cases were moved, and how many stay where they are."""

    moved: int
    stayed: int


@action
def move_cases(actor: Actor, command: MoveCases) -> CasesMoved:
    """Move cases as the dry run said; each has an entry in the journal, none has another due day.

    Raises:
        Forbidden: no permission.
        Stale: the dry run would come to something else by now.
        Conflict: nothing would change.
    """
    if not actor.may(MAY_PUBLISH):
        raise Forbidden(message("You have no permission for this."))
    route = route_of(command.matter, command.source, command.target, dict(command.names))
    cases = migrating.open_cases(actor, route.source, command.after)
    for case in cases:
        process.hold(case.id)
    found = migrating.dry_run(route, cases)
    if found.seen != command.seen:
        raise Stale(message("Cases have moved on since the dry run. Look at it again."))
    if not found.possible:
        raise Conflict(message("None of these cases can be moved: nothing was changed."))
    for plan in found.plans:
        if plan.possible:
            _move(actor, route, plan)
    return CasesMoved(found.possible, len(found.plans) - found.possible)


def route_of(matter: str, source: int, target: int, names: dict[str, str]) -> Route:
    """The way from one published version to another that is in force.

    Raises:
        NotFound: there is no such version.
        Refusal: both are the same, or the new one is not in force yet.
    """
    rows = PackVersion.objects.defer("content").filter(matter=matter, version__in=(source, target))
    found = {row.version: row for row in rows}
    if {source, target} - found.keys():
        raise NotFound
    if source == target:
        raise Refusal(message("Both versions are the same: nothing would change."))
    if found[target].effective_from > clock.today():
        raise Refusal(message("The new version is not in force yet."))
    route = Route(found[source], found[target], names)
    if names.keys() & route.new.net.nodes.keys():
        raise Refusal(message("A step that the new version has keeps its name."))
    return route


def _move(actor: Actor, route: Route, plan: CasePlan) -> None:
    case, pack = plan.case, route.new
    process.change_definition(
        case.id, plan.plan, process.Change(pack.definition, pack.net, plan.variables, route.names)
    )
    Case.objects.filter(pk=case.pk).update(pack=route.target)
    data = {
        "from": route.source.version,
        "to": route.target.version,
        "nodes": dict(plan.plan.moved),
        "digest": route.target.digest,
    }
    record(facts.MOVED, subject(case), actor, data)
