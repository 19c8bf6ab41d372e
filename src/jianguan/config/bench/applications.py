"""Applications for a construction permit, ready to be sent in, and driven by the real actions."""

from __future__ import annotations

import functools
import io
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pypdf import PdfWriter

from jianguan.config.demonstration import cases
from jianguan.config.demonstration.loading import World
from jianguan.config.demonstration.numbers import identity
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import service as matters
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor
from jianguan.platform.commands.service import new_command_id
from jianguan.registry.people import service as people
from jianguan.registry.projects import service as projects

AGENT, OWNER, BUILDER = "agent2", "owner_2", "builder_1"
REGION, PRICE = "460105", "24650.00"
STEPS = len(cases.ROAD) + 1  # durable transitions of an application: sent in, and every step finished
_serials = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Application:
    """A complete draft."""

    case_id: UUID
    revision: int


def prepare(world: World, count: int, at: datetime) -> list[Application]:
    """Complete drafts, each for a project of its own with a project manager of its own (在建锁定)."""
    with clock.standing_at(at):
        return [_application(world, f"bench-{next(_serials)}") for _ in range(count)]


def drive(applications: Sequence[Application], at: datetime) -> float:
    """Send applications in and finish every step up to the approval; returns the seconds their `STEPS` acts took.

    Looking for the step, which the page of an officer has at hand, is not counted. What follows in the background
    (certificate, log, messages) is left waiting.
    """
    taken = 0.0
    with clock.standing_at(at):
        actors = {name: accounts.actor_by_username(name) for name in (AGENT, *(line[1] for line in cases.ROAD))}
        for application in applications:
            command = matters.Submit(new_command_id(), application.case_id, application.revision)
            taken += _seconds(matters.submit, actors[AGENT], command)
            for step, username, outcome, words, *_ in cases.ROAD:
                item = matters.open_step(application.case_id, step)
                finish = matters.FinishStep(new_command_id(), item, outcome, words, submission=1)
                taken += _seconds(matters.finish_step, actors[username], finish)
    return taken


def _seconds(act: Callable[[Actor, Any], Any], actor: Actor, command: Any) -> float:
    began = time.perf_counter()
    act(actor, command)
    return time.perf_counter() - began


def _application(world: World, key: str) -> Application:
    registrar, agent = world.actor("registrar"), world.actor(AGENT)
    world.people[key] = _manager(registrar, world.enterprises[BUILDER], key)
    world.projects[key] = _project(registrar, world.enterprises[OWNER], key)
    world.document["projects"].append({"key": key, "zh": key, "owner": OWNER})
    row = {"project": key, "builder": BUILDER, "manager": key, "chief": "chief_2", "price": PRICE}
    opened = matters.open_draft(agent, matters.OpenDraft(new_command_id(), "construction_permit", world.projects[key]))
    case = matters.Case.objects.select_related("pack", "draft").get(pk=opened.id)
    pack = matters.of_version(case.pack)
    record = {**forms.open_record(pack.form, case.draft.record), **cases.answers(world, row)}
    revision = matters.save_draft(agent, case.id, record, case.draft.revision)
    for material in pack.matter.materials:
        if material.source == "upload" and material.applies(record):
            matters.attach(agent, case.id, material.key, "paper.pdf", _paper())
    return Application(case.id, revision)


def _manager(registrar: Actor, employer: str, key: str) -> dict[str, str]:
    serial = _serial(key)
    number = identity(date(1984, 1 + serial // 900 % 12, 1), serial % 900)
    done = people.register_person(
        registrar, people.RegisterPerson(new_command_id(), "吴测", number, "460000", employer_uscc=employer)
    )
    certificate = f"琼1462099{serial:07d}"
    person_id, valid = UUID(done.id), (date(2024, 1, 15), date(2035, 1, 14))
    people.record_registration(
        registrar,
        people.RecordRegistration(new_command_id(), person_id, "13", certificate, ("建筑工程",), employer, *valid),
    )
    safety = f"琼建安B(2024)9{serial:06d}"
    people.record_post_certificate(
        registrar, people.RecordPostCertificate(new_command_id(), person_id, "B", safety, employer, *valid)
    )
    return {"name": "吴测", "identity": number, "phone": "13900000001", "certificate": certificate, "uscc": employer}


def _serial(key: str) -> int:
    return int(key.rpartition("-")[2])


def _project(registrar: Actor, owner: str, key: str) -> UUID:
    serial = _serial(key)
    done = projects.register_project(
        registrar,
        projects.RegisterProject(
            new_command_id(), key, "01", "001", "100", REGION, "海口市秀英区", owner, Decimal(PRICE), fund_source="03",
            investment_code=f"2609-{REGION}-04-01-{serial:06d}", scale="住宅楼一栋", total_area=Decimal(9000),
        ),
    )  # fmt: skip
    project_id = UUID(done.id)
    projects.add_works(
        registrar,
        projects.AddWorks(
            new_command_id(), project_id, "1#楼", structure="005", area_above=Decimal(9000), floors_above=18, height=Decimal(54)
        ),
    )  # fmt: skip
    for kind, number, data in (
        ("land", f"琼(2026)海口市不动产权第{serial:07d}号", {}),
        ("planning", f"建字第{REGION}2026{serial:05d}号", {}),
        ("drawing_review", f"琼Z-{serial:06d}-1-2026", {"violations": 0}),
        ("award_notice", f"{done.code}-BD-001", {"price": PRICE}),
    ):
        projects.record_stage(
            registrar, projects.RecordStage(new_command_id(), project_id, kind, number, clock.today(), data=data)
        )
    return project_id


@functools.cache
def _paper() -> bytes:
    """A blank sheet as PDF, standing for an uploaded document."""
    writer, buffer = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(buffer)
    return buffer.getvalue()
