"""The applications of the demonstration, each driven to where it stands by the people who would."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from jianguan.config.demonstration import beside, drafts, duties, further, inspecting, packages
from jianguan.config.demonstration.loading import World, at
from jianguan.config.demonstration.timeline import Step, attach_uploads, play, working_day
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import service as matters
from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.workdays import service as workdays
from jianguan.registry.projects import service as projects

# Who does what, in order. Each line: step, user name, outcome, words, working days after the one before, hour.
ROAD = (
    ("acceptance", "window", "accept", "申请材料齐全、符合法定形式，予以受理。", 0, 15),
    ("quality_review", "quality", "pass", "质量保证措施齐备，同意办理质量监督手续。", 1, 10),
    ("safety_review", "safety", "pass", "安全技术措施齐备，危大工程清单已核，同意办理安全监督手续。", 0, 14),
    ("market_review", "market", "pass", "施工企业确定，资质符合要求。", 0, 16),
    ("examination", "head", "agree", "经审核，符合《建筑工程施工许可管理办法》第四条规定，报请批准。", 1, 9),
    ("approval", "approver", "approve", "同意发证。", 0, 16),
)
STOPS_AT = {"acceptance": 0, "review": 1, "examination": 4, "approval": 5, "issued": 6, "refused": 5, "correction": 0}
RECORDS = {
    "land": "land_approval_number",
    "planning": "planning_permit_number",
    "award_notice": "award_notice_number",
    "drawing_review": "drawing_review_number",
}
FUNDS = "《建筑工程施工许可管理办法》第四条第一款第（五）项"
CORRECTIONS = ("《施工合同》第12页缺少承包人签章，请补充完整后重新上传。", "请补充危大工程中基坑支护的专家论证日期。")

ABOUT = ("file-contract", "hazards")
REPLIES = ("承包人已补签章，附件为完整合同。", "专家论证日期已在危大工程清单中填写。")
MENDED = ((0, "mended"), (1, "mended"))


def load_cases(world: World) -> None:
    """All applications of the file: construction permits, and further matters."""
    permits = (_road(world, row) for row in world.document["cases"])
    others = (further.road(world, row) for row in world.document["matters"])
    together = (packages.road(world, row, answers) for row in world.document["packages"])
    play([*permits, *others, *together, duties.road(world), inspecting.road(world)])
    drafts.open_working_copy(world)


def _road(world: World, row: Mapping[str, Any]) -> Iterator[Step]:
    """What happens in one case, in order, each with its instant."""
    made: list[UUID] = []
    begun = at(working_day(row["ago"]), 9, 12)
    yield begun, lambda: made.append(apply(world, row))
    if row["until"] == "draft":
        return
    day = clock.legal_day(begun)
    if row["until"] == "correction" or row.get("corrected"):
        day = workdays.calendar().add(day, 1)
        asked = ("acceptance", "window", "correct", "材料不完整，请一次性补正。")
        yield at(day, 11, 47), functools.partial(_finish, world, made, *asked, items=CORRECTIONS, about=ABOUT)
        if row["until"] == "correction":
            return
        day = workdays.calendar().add(day, 3)
        yield at(day, 10, 18), functools.partial(_answer, world, row, made)
    for step, username, outcome, words, days, hour in ROAD[: STOPS_AT[row["until"]]]:
        day = workdays.calendar().add(day, days) if days else day
        if row["until"] == "refused" and step == "examination":
            denied = (step, username, "deny", "建设资金未落实，不符合发证条件。")
            yield at(day, hour), functools.partial(_finish, world, made, *denied, clause=FUNDS)
            yield from beside.objection(world.actor(_agent(world, row)), made[0], day)
            return
        marks = {"marks": MENDED} if row.get("corrected") and step == "acceptance" else {}
        yield at(day, hour), functools.partial(_finish, world, made, step, username, outcome, words, **marks)
    if row.get("survey"):
        yield from beside.survey(world.actor("safety"), made[0], day)


def _finish(world: World, made: list[UUID], step: str, username: str, outcome: str, words: str, **more: Any) -> None:
    """Let a person finish a step of the case, now."""
    command = matters.FinishStep(new_command_id(), matters.open_step(made[0], step), outcome, words, **more)
    matters.finish_step(world.actor(username), command)


def _answer(world: World, row: Mapping[str, Any], made: list[UUID]) -> None:
    """The applicant submits the correction."""
    case, agent = matters.Case.objects.get(pk=made[0]), world.actor(_agent(world, row))
    matters.keep_replies(agent, case.id, dict(enumerate(REPLIES)))
    matters.submit(agent, matters.Submit(new_command_id(), case.id, case.draft.revision))


def apply(world: World, row: Mapping[str, Any]) -> UUID:
    """Open, fill in and (unless it stays a draft) submit an application."""
    actor = world.actor(_agent(world, row))
    opened = matters.open_draft(
        actor, matters.OpenDraft(new_command_id(), "construction_permit", world.projects[row["project"]])
    )
    case_id = UUID(opened.id)
    if row["until"] == "draft":
        return case_id
    matters.submit(actor, matters.Submit(new_command_id(), case_id, fill(world, case_id, row)))
    return case_id


def fill(world: World, case_id: UUID, row: Mapping[str, Any]) -> int:
    """Fill in a draft and attach its documents; returns its revision."""
    actor = world.actor(_agent(world, row))
    case = matters.Case.objects.with_pack().get(pk=case_id)
    pack = matters.of_version(case.pack)
    record = {**forms.open_record(pack.form, case.draft.record), **answers(world, row)}
    attach_uploads(actor, case, pack, record)
    return matters.save_draft(actor, case_id, record, case.draft.revision)


def answers(world: World, row: Mapping[str, Any]) -> dict[str, Any]:
    """The answers an agent would give for a project of the file."""
    project = next(p for p in world.document["projects"] if p["key"] == row["project"])
    works = projects.works_of(world.projects[row["project"]])
    begun = clock.today() + timedelta(days=25)
    municipal = project.get("type") == "02"
    record = {
        "works_name": project["zh"], "permit_category": "02" if municipal else "01",
        "works_ids": [str(w.id) for w in works], "contract_price": str(row["price"]), "contract_days": "730",
        "start": begun.isoformat(), "finish": (begun + timedelta(days=730)).isoformat(),
        "land_required": True, "planning_required": True, "expropriation": False, "site_ready": True,
        "tender_required": True, "award_way": "001", "divided_award": False, "drawing_review_required": True,
        "funding_committed": True, "technical_measures": True, "quality_responsibility": True,
        "special_measures_needed": True, "special_measures": True,
        "units": _units(world, row), "staff": _staff(world, row), "quality_commitment": True,
        "testing_uscc": world.enterprises["testing"], "testing_name": _name(world, "testing"),
        "hazardous": True, "hazards": _hazards(begun), "machinery_planned": True,
        "machinery_plan": "塔式起重机2台、施工升降机4台，按楼栋进度安装。",
        "safety_fee": str((Decimal(str(row["price"])) * Decimal("0.02")).quantize(Decimal("0.01"))),
        "adjacent_disclosure": True, "green_level": "002", "prefabricated": True, "prefabrication_rate": "52",
        "note": "绿色建筑二星级，装配率52%。", "owner_leader_name": "林晓", "contact_name": "林晓",
        "owner_leader_identity": world.people["designer"]["identity"], "owner_leader_phone": "13900000099",
        "contact_phone": "13900000099",
    }  # fmt: skip
    if municipal:
        record |= {"length": str(project["length"])}
    else:
        record |= {
            "area_above": str(sum((w.area_above or Decimal() for w in works), Decimal())),
            "area_below": str(sum((w.area_below or Decimal() for w in works), Decimal())),
        }
    for kind, answer in RECORDS.items():
        found = projects.newest_records(world.projects[row["project"]]).get(kind)
        record[answer] = found.number if found else ""
    return {**record, **row.get("answers", {})}


def _units(world: World, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    chief = next(p for p in world.document["people"] if p["key"] == row["chief"])
    return [
        _unit(world, "010", "survey", "surveyor"),
        _unit(world, "011", "design", "designer"),
        _unit(world, "009", row["builder"], row["manager"]),
        _unit(world, "007", chief["at"], row["chief"]),
    ]


def _unit(world: World, role: str, key: str, leader: str) -> dict[str, Any]:
    person = world.people[leader]
    return {
        "role": role, "uscc": world.enterprises[key], "name": _name(world, key), "leader_name": person["name"],
        "leader_identity": person["identity"], "leader_phone": person["phone"],
        "leader_certificate": person.get("certificate", ""),
    }  # fmt: skip


def _staff(world: World, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    posts = [("1009", row["manager"]), ("1001", row["chief"])]
    officers = ("officer_1", "officer_2") if row["builder"] == "builder_1" else ("officer_3", "rare")
    return [_post(world, post, key) for post, key in [*posts, *(("1018", key) for key in officers)]]


def _post(world: World, post: str, key: str) -> dict[str, Any]:
    person = world.people[key]
    return {
        "post": post,
        "name": person["name"],
        "identity": person["identity"],
        "certificate": person["certificate"],
        "uscc": person["uscc"],
    }


def _hazards(begun: date) -> list[dict[str, Any]]:
    reviewed = (begun - timedelta(days=40)).isoformat()
    return [
        {"kind": "01", "part": "地下室基坑", "parameter": "开挖深度9.8m", "planned_on": begun.isoformat(), "over_scale": True, "expert_review_on": reviewed},
        {"kind": "03", "part": "塔式起重机安装拆卸", "parameter": "塔机2台", "planned_on": begun.isoformat(), "over_scale": False},
    ]  # fmt: skip


def _name(world: World, key: str) -> str:
    return str(next(e["zh"] for e in world.document["enterprises"] if e["key"] == key))


def _agent(world: World, row: Mapping[str, Any]) -> str:
    owner = next(p["owner"] for p in world.document["projects"] if p["key"] == row["project"])
    return str(next(a["username"] for a in world.document["accounts"] if a["at"] == owner))
