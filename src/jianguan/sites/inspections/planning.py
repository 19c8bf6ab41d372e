"""Acts of planning: lines of plans, weekly patrols, recusals, and double-random draws."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from jianguan.kernel.messages import Message, message
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Account, Actor
from jianguan.platform.commands.service import action
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal.service import Subject, record
from jianguan.platform.regions import service as regions
from jianguan.sites.inspections import facts, queries, rules
from jianguan.sites.inspections.checklists import STANDARDS, draw_weights
from jianguan.sites.inspections.inspecting import Done, make
from jianguan.sites.inspections.models import Draw, Kind, PatrolQuota, PlanLine, Recusal
from jianguan.sites.oversight import service as oversight
from jianguan.sites.oversight.service import SupervisionFile

MOST = 500  # inspections of a line, patrols a week
SEED = 32  # octets


@dataclass(frozen=True, slots=True)
class Plan:
    """Plan so many inspections of a kind in a period, at a place or of one file."""

    command_id: UUID
    region: str
    title: str
    kind: str
    first_day: date
    last_day: date
    wanted: int
    file_id: UUID | None = None


@action
def plan(actor: Actor, command: Plan) -> Done:
    """Enter a line of the plan.

    Raises:
        Forbidden: the actor does not plan inspections there.
        Refusal: something does not fit; says which.
        NotFound: no such file there.
    """
    _demand_planner(actor, command.region)
    wrong = _wrong_period(command.title, command.first_day, command.last_day, command.wanted)
    if command.kind not in Kind.values or command.kind == Kind.DOUBLE_RANDOM:
        wrong["kind"] = message("Choose one of the kinds; double-random inspections come from a draw.")
    if wrong:
        raise Refusal(message("Nothing was recorded: complete the marked fields."), wrong)
    if command.file_id and not SupervisionFile.objects.filter(pk=command.file_id, region=command.region).exists():
        raise NotFound
    given = {key: value for key, value in asdict(command).items() if key != "command_id"}
    line = PlanLine.objects.create(**given | {"title": command.title.strip()}, made_by=actor.id, made_at=clock.now())
    record(facts.PLANNED, Subject("plan_line", line.id, line.region), actor, _plain(given))
    return Done(str(line.id))


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in given.items()}


def _wrong_period(title: str, first_day: date, last_day: date, wanted: int) -> dict[str, Message]:
    wrong = {}
    if not title.strip():
        wrong["title"] = message("Name it in a few words.")
    if last_day < first_day:
        wrong["last_day"] = message("The last day does not come before the first.")
    if not 1 <= wanted <= MOST:
        wrong["wanted"] = message("A whole number from 1 to %(most)s.", most=MOST)
    return wrong


@dataclass(frozen=True, slots=True)
class SetQuota:
    """Say how many patrols a file gets each week; 0 takes the quota away."""

    command_id: UUID
    file_id: UUID
    per_week: int


@action
def set_quota(actor: Actor, command: SetQuota) -> Done:
    """Set the weekly patrols of a file.

    Raises:
        NotFound: no such file for this person.
        Forbidden: the actor does not plan inspections there.
        Refusal: the number does not fit.
    """
    file = _planned_file(actor, command.file_id)
    if not 0 <= command.per_week <= 7:
        says = message("From 0 to 7 patrols a week.")
        raise Refusal(says, {"per_week": says})
    if command.per_week:
        PatrolQuota.objects.update_or_create(
            file=file, defaults={"per_week": command.per_week, "set_by": actor.id, "set_at": clock.now()}
        )
    else:
        PatrolQuota.objects.filter(file=file).delete()
    record(facts.QUOTA_SET, _about(file), actor, {"per_week": command.per_week})
    return Done(str(file.id))


@dataclass(frozen=True, slots=True)
class Recuse:
    """Enter that a person does not inspect a site."""

    command_id: UUID
    file_id: UUID
    account_id: UUID
    reason: str


@action
def recuse(actor: Actor, command: Recuse) -> Done:
    """Enter a recusal; a person may recuse themselves from files they may open.

    Raises:
        NotFound: no such file or person.
        Forbidden: the actor neither plans there nor recuses themselves.
        Conflict: the person is recused already.
        Refusal: no reason was given.
    """
    file = oversight.visible_to(actor).filter(pk=command.file_id).first()
    if file is None:
        raise NotFound
    if actor.id != command.account_id:
        _demand_planner(actor, file.region)
    if not command.reason.strip():
        says = message("Say why the person is recused.")
        raise Refusal(says, {"reason": says})
    who = accounts.names([command.account_id]).get(command.account_id)
    if who is None:
        raise NotFound
    row, made = Recusal.objects.get_or_create(
        file=file, account_id=command.account_id, ended_at=None,
        defaults={
            "name": who[0], "reason": command.reason.strip(), "entered_by": actor.id, "entered_at": clock.now(),
        },
    )  # fmt: skip
    if not made:
        raise Conflict(message("%(name)s is recused from this file already.", name=who[0]))
    record(facts.RECUSED, _about(file), actor, {"account": row.account_id, "reason": row.reason})
    return Done(str(row.id))


@dataclass(frozen=True, slots=True)
class EndRecusal:
    """End a recusal."""

    command_id: UUID
    recusal_id: UUID


@action
def end_recusal(actor: Actor, command: EndRecusal) -> Done:
    """End a recusal.

    Raises:
        NotFound: no such recusal in force.
        Forbidden: the actor does not plan inspections there.
    """
    row = Recusal.objects.select_for_update(of=("self",)).filter(pk=command.recusal_id, ended_at=None).first()
    if row is None:
        raise NotFound
    file = _planned_file(actor, row.file_id)
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    record(facts.RECUSAL_ENDED, _about(file), actor, {"account": row.account_id})
    return Done(str(row.id))


@dataclass(frozen=True, slots=True)
class SealDraw:
    """Freeze the lists of a double-random draw and seal its seed."""

    command_id: UUID
    region: str
    title: str
    checklist: str
    first_day: date
    last_day: date
    wanted: int
    inspectors: tuple[UUID, ...]
    exclude_bound: bool = True


@action
def seal_draw(actor: Actor, command: SealDraw) -> Done:
    """Freeze lists and rules and commit to the seed; nobody knows the seed until the draw is held.

    Raises:
        Forbidden: the actor does not plan inspections there.
        Conflict: another draw of the place is sealed and was not held yet.
        Refusal: something does not fit; says which.
    """
    _demand_planner(actor, command.region)
    if Draw.objects.filter(region=command.region, held_at=None).exists():
        raise Conflict(message("A draw of this place is sealed already: hold it first."))
    frozen = _frozen(command)
    line = PlanLine.objects.create(
        region=command.region, title=command.title.strip(), kind=Kind.DOUBLE_RANDOM, first_day=command.first_day,
        last_day=command.last_day, wanted=command.wanted, made_by=actor.id, made_at=clock.now(),
    )  # fmt: skip
    seed, draw_id = os.urandom(SEED).hex(), uuid7()
    committed = rules.commitment(frozen, seed)
    data = {
        "title": line.title, "commitment": committed, "wanted": command.wanted, "files": len(frozen["files"]),
        "inspectors": len(frozen["inspectors"]),
    }  # fmt: skip
    entry = record(facts.DRAW_SEALED, Subject("draw", draw_id, command.region), actor, data)
    Draw.objects.create(
        id=draw_id, region=command.region, title=line.title, frozen=frozen, seed=seed, commitment=committed,
        committed_by=actor.id, committed_at=clock.now(), committed_in=entry, plan_line=line,
    )  # fmt: skip
    return Done(str(draw_id))


def _frozen(command: SealDraw) -> dict[str, Any]:
    """Lists and rules of a draw; refuses what could not be drawn."""
    prefix = regions.jurisdiction(command.region)
    files = queries.list_of_files(prefix)
    people = able_in(command.region)
    wrong = _wrong_period(command.title, command.first_day, command.last_day, command.wanted)
    if command.checklist not in STANDARDS:
        wrong["checklist"] = message("Choose one of the checklists.")
    if command.wanted > len(files):
        wrong["wanted"] = message("The list holds %(count)s works.", count=len(files))
    if len(command.inspectors) < rules.PAIR or any(one not in people for one in command.inspectors):
        wrong["inspectors"] = message("Choose at least two supervisors of this place.")
    if wrong:
        raise Refusal(message("Nothing was recorded: complete the marked fields."), wrong)
    listed = sorted((people[one] for one in set(command.inspectors)), key=lambda one: str(one.id))
    frozen = {
        "v": 1, "region": command.region, "title": command.title.strip(), "checklist": command.checklist,
        "first_day": command.first_day.isoformat(), "last_day": command.last_day.isoformat(), "wanted": command.wanted,
        "rules": {"exclude_bound": command.exclude_bound, "pair": rules.PAIR, "weights": draw_weights()["risk"]},
        "files": files,
        "inspectors": [{"id": str(one.id), "name": one.name, "unit": one.organisation.name} for one in listed],
        "excluded": queries.excluded(prefix, bound=command.exclude_bound),
    }  # fmt: skip
    if short := rules.too_few(frozen):
        says = message("After recusal, “%(works)s” has fewer than two inspectors: put more on the list.", works=short)
        raise Refusal(says, {"inspectors": says})
    return frozen


def able_in(region: str) -> dict[UUID, Account]:
    """The supervisors of a place."""
    return {one.id: one for role in queries.ROLES for one in accounts.holders(role, region)}


@dataclass(frozen=True, slots=True)
class HoldDraw:
    """Open the seed and draw."""

    command_id: UUID
    draw_id: UUID


@action
def hold_draw(actor: Actor, command: HoldDraw) -> Done:
    """Open the seed, draw, publish, and put the inspections into the plan.

    Raises:
        NotFound: no such draw.
        Forbidden: the actor does not plan inspections there.
        Conflict: it was held already.
    """
    draw = Draw.objects.select_for_update(of=("self",)).select_related("plan_line").filter(pk=command.draw_id).first()
    if draw is None:
        raise NotFound
    _demand_planner(actor, draw.region)
    if draw.held_at:
        raise Conflict(message("This draw was held already."))
    chosen = rules.draw(draw.frozen, draw.seed)
    data = {"commitment": draw.commitment, "seed": draw.seed, "chosen": chosen}
    draw.held_in = record(facts.DRAW_HELD, Subject("draw", draw.id, draw.region), actor, data)
    draw.chosen, draw.held_by, draw.held_at = chosen, actor.id, clock.now()
    draw.save(update_fields=["chosen", "held_by", "held_at", "held_in"])
    files = SupervisionFile.objects.in_bulk([UUID(one["file"]) for one in chosen])
    wanted = {UUID(who) for one in chosen for who in one["inspectors"]}
    people = Account.objects.select_related("organisation").in_bulk(list(wanted))
    for one in chosen:
        pair = [people[UUID(who)] for who in one["inspectors"]]
        last_day, checklist = draw.plan_line.last_day, draw.frozen["checklist"]
        make(actor, files[UUID(one["file"])], Kind.DOUBLE_RANDOM, checklist, last_day, pair, draw.plan_line)
    return Done(str(draw.id))


def _demand_planner(actor: Actor, region: str) -> None:
    if not actor.may("inspection.plan", region):
        raise Forbidden(message("You do not plan inspections at this place."))


def _planned_file(actor: Actor, file_id: UUID) -> SupervisionFile:
    file = oversight.visible_to(actor).filter(pk=file_id).first()
    if file is None:
        raise NotFound
    _demand_planner(actor, file.region)
    return file


def _about(file: SupervisionFile) -> Subject:
    return Subject("supervision", file.id, file.region)
