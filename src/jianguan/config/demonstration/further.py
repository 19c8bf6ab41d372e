"""Applications for further matters, each with made-up answers, driven by whoever holds the role of the step."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from jianguan.config.demonstration.loading import World, at
from jianguan.config.demonstration.timeline import Step, attach_uploads, working_day
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case, Pack
from jianguan.licensing.process import service as process
from jianguan.licensing.process.service import WorkItem
from jianguan.licensing.rules import service as rules
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.workdays import service as workdays
from jianguan.registry.projects import service as projects

# What people would write where a form asks for a text; everything else is a sample of its kind.
TEXTS = {
    "contact_name": "林晓", "contact_phone": "13900000099", "reason": "工程进度需要，已落实保障措施。",
    "location": "工地北侧围挡内", "part": "主体结构", "design_unit": "海南示例建筑设计院有限公司",
    "contract_name": "施工总承包合同", "section_name": "施工一标段", "road_name": "滨江大道", "duty": "项目负责人", "serial_number": "TC-6013-0286",
    "manufacturer": "示例机械制造有限公司", "builder_name": "海南示例建工有限公司", "supervisor_name": "海南示例工程监理有限公司",
}  # fmt: skip
EXPLAINED = "已核对原件，符合条件。"
APPLICANT = "applicant"


def road(world: World, row: Mapping[str, Any]) -> Iterator[Step]:
    """What happens in one application, in order, each with its instant; it stops at the step `row["at"]`."""
    made: list[UUID] = []
    begun = at(working_day(row["ago"]), 9, 40)
    yield begun, functools.partial(_apply, world, row, made)
    day, acted = clock.legal_day(begun), set[UUID]()
    for hour in (15, 10, 14, 10, 16, 10, 14):
        item = _next_step(made[0])
        if item is None or row.get("at") in (item.node, item.stage):
            return
        actor = _whoever_may(item, acted)
        acted.add(actor.id)
        yield at(day, hour), functools.partial(_finish, actor, item)
        day = workdays.calendar().add(day, 1)


def _next_step(case_id: UUID) -> WorkItem | None:
    return next((i for i in process.items_of(case_id) if i.state == "open" and i.role != APPLICANT), None)


def _whoever_may(item: WorkItem, acted: set[UUID]) -> Actor:
    """Someone who holds the role there; where there is a choice, one who did nothing in the case yet."""
    holders = list(accounts.holders(item.role, item.region))
    assert holders, f"the demonstration has nobody for {item.role} in {item.region}"
    return accounts.actor(next((account for account in holders if account.id not in acted), holders[0]))


def _finish(actor: Actor, item: WorkItem) -> None:
    """Finish a step in favour of the applicant."""
    case = Case.objects.select_related("pack").get(pk=item.instance_id)
    pack = matters.of_version(case.pack)
    outcomes = [pack.matter.outcomes[code] for code in pack.net.nodes[item.node].outcomes]
    good = next(outcome for outcome in outcomes if outcome.tone == "good")
    words = next((phrase.zh for phrase in pack.matter.acts[item.node].phrases), "同意。")
    overrides = tuple((check.id, EXPLAINED) for check in rules.standing_failures(case.id))
    command = matters.FinishStep(new_command_id(), item.id, good.code, words, overrides=overrides)
    matters.finish_step(actor, command)


def _apply(world: World, row: Mapping[str, Any], made: list[UUID]) -> None:
    actor = world.actor(row["by"])
    project_id = world.projects[row["project"]] if "project" in row else None
    opened = matters.open_draft(
        actor, matters.OpenDraft(new_command_id(), row["matter"], project_id, _certificate(actor, row))
    )
    case = Case.objects.select_related("pack", "draft").get(pk=UUID(opened.id))
    pack = matters.of_version(case.pack)
    record = _answers(world, row, case, pack)
    attach_uploads(actor, case, pack, record)
    revision = matters.save_draft(actor, case.id, record, case.draft.revision)
    matters.submit(actor, matters.Submit(new_command_id(), case.id, revision))
    made.append(case.id)


def _texts(pack: Pack) -> list[forms.Field]:
    return [field for field in pack.form.fields if field.key in TEXTS and not field.chosen]


def _certificate(actor: Actor, row: Mapping[str, Any]) -> UUID | None:
    if "certificate" not in row:
        return None
    held = certificates.current().filter(kind=row["certificate"], holder_uscc=actor.uscc)
    return held.order_by("id").values_list("id", flat=True).first()


def _answers(world: World, row: Mapping[str, Any], case: Case, pack: Pack) -> dict[str, Any]:
    """What the libraries fill in, what people would write, and samples of the rest."""
    begun = forms.open_record(pack.form, case.draft.record)
    known = {key: value for key, value in begun.items() if value and not isinstance(value, list)}
    written: dict[str, Any] = {field.key: TEXTS[field.key] for field in _texts(pack)}
    written |= {field.key: case.region for field in pack.form.fields if field.widget == "region"}
    if case.project_id:
        works = [str(works.id) for works in projects.works_of(case.project_id)]
        written |= {field.key: works for field in pack.form.fields if field.widget == "works"}
    if "person" in row:
        person = world.people[row["person"]]
        written |= {"person_name": person["name"], "identity": person["identity"], "person_phone": person["phone"]}
    asked = {field.key for field in pack.form.fields}
    answers = {key: value for key, value in {**written, **known, **row.get("answers", {})}.items() if key in asked}
    return forms.sample(pack.form, answers=answers)
