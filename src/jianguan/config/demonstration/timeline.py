"""Time in the demonstration: every act at its instant, whichever application it belongs to."""

from __future__ import annotations

import functools
import heapq
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from pypdf import PdfWriter

from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case, Pack
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.jobs import service as jobs
from jianguan.platform.journal import service as journal
from jianguan.platform.workdays import service as workdays
from jianguan.registry.projects import service as projects

Step = tuple[datetime, Callable[[], object]]


def play(roads: Iterable[Iterator[Step]]) -> None:
    """Let everything happen in the order of time; what one application does interleaves with the others.

    A road goes on only when its last act was done, so that it can look at what came of it.
    """
    numbered = [_numbered(road, number) for number, road in enumerate(roads)]
    for when, _, act in heapq.merge(*numbered, key=lambda step: step[:2]):
        with clock.standing_at(min(when, clock.now())):
            act()
            settle()


def _numbered(road: Iterator[Step], number: int) -> Iterator[tuple[datetime, int, Callable[[], object]]]:
    return ((when, number, act) for when, act in road)


def settle() -> None:
    """Let jobs, the sequencer and reactions do what they would do in the background."""
    while jobs.drain() + journal.sequence() + journal.run_all():
        pass


def working_day(ago: int) -> date:
    """The last working day on or before so many days ago."""
    day = clock.today() - timedelta(days=ago)
    while not workdays.calendar().is_working(day):
        day -= timedelta(days=1)
    return day


def attach_uploads(
    actor: Actor, case: Case, pack: Pack, record: Mapping[str, Any], spared: Collection[str] = ()
) -> None:
    """Attach a document for every material the answers ask for that the libraries do not have and nobody promised."""
    shared = projects.newest_records(case.project_id) if case.project_id else {}
    for material in pack.matter.materials:
        wanted = material.source != "commitment" and material.record not in shared
        if wanted and material.key not in spared and material.applies(record):
            matters.attach(actor, case.id, material.key, f"{material.name.zh}.pdf", paper())


@functools.cache
def paper() -> bytes:
    """A blank sheet as PDF, standing for an uploaded document."""
    writer, buffer = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(buffer)
    return buffer.getvalue()
