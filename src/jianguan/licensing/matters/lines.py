"""Lines of links 办理环节线: where a project stands in the order of procedures of a place (`data/lines.yaml`)."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import yaml
from django.utils.translation import gettext

from jianguan.kernel.tables import Localized
from jianguan.licensing.matters.models import Case
from jianguan.licensing.matters.statuses import ENDED, Status
from jianguan.platform.web.service import Step, words
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.service import StageRecord

LINES = Path(__file__).parent / "data" / "lines.yaml"
DONE, OPEN, AHEAD = "done", "now", "todo"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a line.

    Attributes:
        matters: the matters that take it; records: kinds of stage records that show it was taken.
        core: the link the others hang on; always: taken by being in the library.
    """

    key: str
    name: Localized
    matters: frozenset[str]
    records: frozenset[str]
    core: bool
    always: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The links of a place in their order, what the order rests on and how sure we are of it."""

    key: str
    name: Localized
    source: Localized
    confidence: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a project stands at a link: done, now, todo; with the record or the case that shows it."""

    link: Link
    state: str
    record: StageRecord | None = None
    case: Case | None = None


@functools.cache
def lines() -> tuple[Line, ...]:
    """All lines that come with the product, in the order of the file."""
    document = yaml.safe_load(LINES.read_text("utf-8"))
    return tuple(
        Line(key, Localized(**d["name"]), Localized(**d["source"]), d["confidence"], tuple(map(_link, d["links"])))
        for key, d in document.items()
    )


def _link(d: Mapping[str, object]) -> Link:
    matters, records = d["matters"], d["records"]
    assert isinstance(matters, list)
    assert isinstance(records, list)
    name = Localized(str(d["zh"]), str(d["en"]))
    return Link(str(d["key"]), name, frozenset(matters), frozenset(records), "core" in d, "always" in d)


def line_standing(project_id: UUID) -> list[tuple[Line, list[Standing]]]:
    """Where a project stands on every line; two queries."""
    records = projects.newest_records(project_id)
    cases: dict[str, Case] = {}
    for case in Case.objects.filter(project_id=project_id).exclude(status=Status.DRAFT).order_by("id"):
        if case.status == Status.COMPLETED or case.status not in ENDED:
            cases[case.matter] = case
    return [(line, [_standing(link, records, cases) for link in line.links]) for line in lines()]


def _standing(link: Link, records: Mapping[str, StageRecord], cases: Mapping[str, Case]) -> Standing:
    record = next((records[kind] for kind in sorted(link.records) if kind in records), None)
    found = [cases[matter] for matter in sorted(link.matters) if matter in cases]
    completed = next((case for case in found if case.status == Status.COMPLETED), None)
    if record or completed or link.always:
        return Standing(link, DONE, record, completed)
    return Standing(link, OPEN, case=found[0]) if found else Standing(link, AHEAD)


def line_steps(links: list[Standing]) -> list[Step]:
    """Links as the step line of a page shows them."""
    return [Step(words(one.link.name), one.state, _note(one)) for one in links]  # type: ignore[arg-type]  # the states of Step


def _note(standing: Standing) -> str:
    if standing.record:
        return f"{standing.record.recorded_on:%Y-%m-%d}"
    return gettext("in progress") if standing.state == OPEN else ""
