"""Packages of matters in the demonstration: applied for with one form, each case driven by whoever holds its steps."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from jianguan.config.demonstration import further
from jianguan.config.demonstration.loading import World, at
from jianguan.config.demonstration.timeline import Step, paper, working_day
from jianguan.licensing.forms import service as forms
from jianguan.licensing.packages import service as packages
from jianguan.licensing.packages.service import Desk, Package
from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.workdays import service as workdays
from jianguan.registry.projects import service as projects

Written = Callable[[World, Mapping[str, Any]], Mapping[str, Any]]
"""What people would write into the form of a construction permit."""


def road(world: World, row: Mapping[str, Any], written: Written) -> Iterator[Step]:
    """What happens in a package: its submission, then every day a step of each of its cases, for so many `days`."""
    made: list[UUID] = []
    begun = at(working_day(row["ago"]), 9, 20)
    yield begun, lambda: made.append(apply(world, row, written))
    day, acted = clock.legal_day(begun), defaultdict[UUID, set[UUID]](set)
    for _ in range(row["days"]):
        yield at(day, 14, 30), functools.partial(_work, made, acted)
        day = workdays.calendar().add(day, 1)


def _work(made: list[UUID], acted: dict[UUID, set[UUID]]) -> None:
    """Finish a step of each open case of the package."""
    for member in packages.members_of(_package(made[0])):
        if member.case_id:
            further.work_on(member.case_id, acted[member.case_id])


def apply(world: World, row: Mapping[str, Any], written: Written) -> UUID:
    """Open, fill in and submit a package."""
    actor, project_id = world.actor(row["by"]), world.projects[row["project"]]
    command = packages.OpenPackage(new_command_id(), row["package"], project_id)
    package_id = UUID(packages.open_package(actor, command).id)
    wanted = row.get("matters", ())
    packages.save_draft(actor, package_id, packages.desk_of(_package(package_id)).record, wanted, 0)
    desk = packages.desk_of(_package(package_id))
    revision = packages.save_draft(actor, package_id, answers(world, row, desk, written), wanted, desk.package.revision)
    for slot in packages.desk_of(_package(package_id)).slots():
        if not slot.satisfied:
            packages.attach(actor, package_id, slot.key, f"{slot.material.name.zh}.pdf", paper())
    packages.submit(actor, packages.SubmitPackage(new_command_id(), package_id, revision))
    return package_id


def _package(package_id: UUID) -> Package:
    return Package.objects.get(pk=package_id)


def answers(world: World, row: Mapping[str, Any], desk: Desk, written: Written) -> dict[str, Any]:
    """What the libraries fill in, what people would write, and samples of the rest."""
    form = desk.union.form
    asked = {field.key for field in form.fields}
    texts: dict[str, Any] = {
        f.key: further.TEXTS[f.key] for f in form.fields if f.key in further.TEXTS and not f.chosen
    }
    works = [str(works.id) for works in projects.works_of(desk.package.project_id)]
    texts |= {field.key: works for field in form.fields if field.widget == "works"}
    permit = written(world, row) if "price" in row else {}
    known = {key: value for key, value in desk.record.items() if value and not isinstance(value, list)}
    said = {**texts, **known, **permit, **row.get("answers", {})}
    return forms.sample(form, desk.known, {key: value for key, value in said.items() if key in asked})
