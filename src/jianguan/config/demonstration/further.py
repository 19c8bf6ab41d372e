"""Applications for further matters, each with made-up answers, driven by whoever holds the role of the step."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
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
from jianguan.licensing.promises import service as promises
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
            break
        actor = _whoever_may(item, acted)
        acted.add(actor.id)
        yield at(day, hour), functools.partial(_finish, actor, item)
        day = workdays.calendar().add(day, 1)
    for hour, act in enumerate(_checked_later(world, row, made[0]) if "later" in row else (), 10):
        yield at(day, hour), act
        day = workdays.calendar().add(day, 1)


def _checked_later(world: World, row: Mapping[str, Any], case_id: UUID) -> Iterator[Callable[[], object]]:
    """What becomes of a promise after the decision: it was kept, or it was not and nobody mended it."""
    check = promises.check_of(case_id)
    assert check is not None
    applicant, checker, decider = world.actor(row["by"]), world.actor("urban"), world.actor("approver")

    def found(words: str, *, kept: bool) -> Callable[[], object]:
        command = promises.EnterResult(new_command_id(), check.id, kept, words)
        return functools.partial(promises.enter_result, checker, command)

    def said(act: Callable[..., object], words: str) -> Callable[[], object]:
        return functools.partial(act, applicant, promises.Say(new_command_id(), check.id, words))

    if row["later"] == "kept":
        yield found("现场核查，运输合同、消纳协议和车辆密闭情况与承诺一致。", kept=True)
        return
    yield found("现场核查，未设置检测井，预处理设施未按方案建成，与承诺不符。", kept=False)
    yield said(promises.report_mended, "已安排施工，检测井正在砌筑。")
    yield found("复核，检测井未建成，仍在直接排放。", kept=False)
    yield said(promises.reply, "因台风停工，请求延期整改。")
    reason = "承诺不实，责令限期整改后仍不符合条件，依据《行政许可法》第六十九条予以撤销。"
    decision = promises.Decide(new_command_id(), check.id, sanction=True, reason=reason)
    yield functools.partial(promises.decide, decider, decision)


def work_on(case_id: UUID, acted: set[UUID]) -> bool:
    """Let somebody who did nothing in the case yet, where there is one, finish its next step in favour; whether it had one."""
    item = _next_step(case_id)
    if item is None:
        return False
    actor = _whoever_may(item, acted)
    acted.add(actor.id)
    _finish(actor, item)
    return True


def _next_step(case_id: UUID) -> WorkItem | None:
    return next((i for i in process.items_of(case_id) if i.state == "open" and i.role != APPLICANT), None)


def _whoever_may(item: WorkItem, acted: set[UUID]) -> Actor:
    """Someone who holds the role there; where there is a choice, one who did nothing in the case yet."""
    holders = list(accounts.holders(item.role, item.region))
    assert holders, f"the demonstration has nobody for {item.role} in {item.region}"
    return accounts.actor(next((account for account in holders if account.id not in acted), holders[0]))


def _finish(actor: Actor, item: WorkItem) -> None:
    """Finish a step in favour of the applicant."""
    case = Case.objects.with_pack().get(pk=item.instance_id)
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
    certificate_id, proof = _certificate(world, actor, row)
    begin = matters.OpenDraft(new_command_id(), row["matter"], project_id, certificate_id, proof=proof)
    opened = matters.open_draft(actor, begin)
    case = Case.objects.select_related("pack", "draft").get(pk=UUID(opened.id))
    pack = matters.of_version(case.pack)
    record = _answers(world, row, case, pack)
    terms = pack.matter.promise if "promise" in row else None
    attach_uploads(actor, case, pack, record, terms.materials if terms else ())
    if terms:
        confirmed = [item.key for item in terms.items]
        matters.choose_way(actor, case.id, promised=True, confirmed=confirmed, signer=row["promise"])
    revision = matters.save_draft(actor, case.id, record, case.draft.revision)
    matters.submit(actor, matters.Submit(new_command_id(), case.id, revision))
    made.append(case.id)


def _permit(project_id: UUID) -> str | None:
    """The number of the newest permit of a project."""
    project = projects.by_id(project_id)
    permitted = projects.tree(project).permitted if project else []
    return permitted[-1].permit_number if permitted else None


def _texts(pack: Pack) -> list[forms.Field]:
    return [field for field in pack.form.fields if field.key in TEXTS and not field.chosen]


def _certificate(world: World, actor: Actor, row: Mapping[str, Any]) -> tuple[UUID | None, str]:
    """The certificate a matter is about: the first that is held, or one of another employer that is named."""
    if "certificate" not in row:
        return None, ""
    held = certificates.current().filter(kind=row["certificate"]).order_by("id")
    if "named" in row:
        person = world.people[row["named"]]
        number = held.filter(holder_name=person["name"]).values_list("number", flat=True)[0]
        kinds = [row["certificate"]]
        found, proof = matters.certificate_named(actor, kinds, number, person["name"], person["identity"])
        return found.pk, proof
    held = held.filter(holder_uscc=actor.uscc)
    if "project" in row:
        held = held.filter(project_id=world.projects[row["project"]])
    return held.values_list("id", flat=True).first(), ""


def _dated(answer: Any) -> Any:
    """An answer of the demonstration; `{ago: 3}` is the day so many days ago."""
    if isinstance(answer, dict) and "ago" in answer:
        return (clock.today() - timedelta(days=answer["ago"])).isoformat()
    return answer


def _answers(world: World, row: Mapping[str, Any], case: Case, pack: Pack) -> dict[str, Any]:
    """What the libraries fill in, what people would write, and samples of the rest."""
    begun = forms.open_record(pack.form, case.draft.record)
    known = {key: value for key, value in begun.items() if value and not isinstance(value, list)}
    written: dict[str, Any] = {field.key: TEXTS[field.key] for field in _texts(pack)}
    written |= {field.key: case.region for field in pack.form.fields if field.widget == "region"}
    if case.project_id:
        works = [str(works.id) for works in projects.works_of(case.project_id)]
        written |= {field.key: works for field in pack.form.fields if field.widget == "works"}
        written["permit_number"] = _permit(case.project_id)
    if person := world.people.get(str(row.get("person") or row.get("named"))):
        written |= {"person_name": person["name"], "identity": person["identity"], "person_phone": person["phone"]}
    asked = {field.key for field in pack.form.fields}
    given = {key: _dated(value) for key, value in row.get("answers", {}).items()}
    answers = {key: value for key, value in {**written, **known, **given}.items() if key in asked and value is not None}
    return forms.sample(pack.form, matters.known_of(case), answers)
