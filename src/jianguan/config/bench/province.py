"""A province's worth of cases, written by COPY: what lists are slow or quick on.

Deterministic. Places weigh as their cities build, most cases have ended long ago, and open ones stand where real ones
stand: many in parallel reviews, some overdue, some with a stopped clock.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from jianguan.licensing.matters import service as matters
from jianguan.platform import clock

SEED = 20261120
OPEN_SHARE = 0.2
STOPPED_SHARE = 0.08  # of the open ones: their clock stands still, they have no due date
CASES_A_DAY = 70
AT_ONCE = 20_000  # cases held in memory
ROAD = (
    ("acceptance", "acceptance", "window_clerk", "accept"),
    ("quality_review", "review", "quality_reviewer", "pass"),
    ("safety_review", "review", "safety_reviewer", "pass"),
    ("market_review", "review", "market_reviewer", "pass"),
    ("examination", "examination", "section_head", "agree"),
    ("approval", "approval", "approver", "approve"),
)
REVIEWS = slice(1, 4)
# Where an open case stands, and how often: the steps done, and those open.
STANDINGS = (
    (25, ROAD[:0], ROAD[:1]), (30, ROAD[:1], ROAD[REVIEWS]), (15, ROAD[:2], ROAD[2:4]), (18, ROAD[:4], ROAD[4:5]),
    (12, ROAD[:5], ROAD[5:]),
)  # fmt: skip
PLACES: Mapping[str, int] = {
    "460105": 11, "460106": 14, "460107": 10, "460108": 12, "460100802": 2, "460202": 5, "460203": 7, "460204": 7,
    "460205": 4, "460400": 6, "460400801": 2, "469001": 1, "469002": 3, "469005": 3, "469006": 2, "469007": 2,
    "469021": 1, "469022": 1, "469023": 3, "469024": 1, "469025": 1, "469026": 1, "469027": 1, "469028": 2,
    "469029": 1, "469030": 1,
}  # fmt: skip
FIRST = (
    "滨江",
    "海岸",
    "云露",
    "椰林",
    "龙湾",
    "秀英",
    "美舍",
    "金盘",
    "白沙",
    "桂林洋",
    "江东",
    "南渡",
    "凤翔",
    "长流",
)
SECOND = (
    "住宅",
    "中学教学楼",
    "人民医院门诊楼",
    "产业园",
    "标准厂房",
    "污水处理厂",
    "保障性住房",
    "商务中心",
    "学生公寓",
)
WORKS = ("项目", "工程", "扩建工程", "项目一期", "项目二期", "改造工程")
TABLES = ("matters_case", "process_instance", "process_workitem")


@dataclass(frozen=True, slots=True)
class Province:
    """What was written."""

    cases: int
    open_steps: int


def fill(count: int, spread_over: Sequence[UUID]) -> Province:
    """Write so many cases, applied for by the organisations given, beside what is there."""
    version = matters.current("construction_permit", clock.today())
    cases, open_steps = _cases(count, version.id, spread_over), 0
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the rows fit each other: no check of foreign keys
        while rows := list(itertools.islice(cases, AT_ONCE)):
            items = [item for case in rows for item in case.items]
            _copy(cursor, "matters_case", rows[0].case, (case.case.values() for case in rows))
            _copy(cursor, "process_instance", rows[0].instance, (case.instance.values() for case in rows))
            _copy(cursor, "process_workitem", items[0], (item.values() for item in items))
            open_steps += sum(item["state"] == "open" for item in items)
        cursor.execute("RESET session_replication_role")
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
    return Province(count, open_steps)


def _copy(cursor: Any, table: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(tuple(row))


@dataclass(frozen=True, slots=True)
class _Case:
    case: dict[str, Any]
    instance: dict[str, Any]
    items: list[dict[str, Any]]


def _cases(count: int, pack_id: UUID, applicants: Sequence[UUID]) -> Iterator[_Case]:
    chance, now = random.Random(SEED), clock.now()  # noqa: S311 - not a secret
    for number in range(count):
        age = (count - number) / CASES_A_DAY  # days
        is_open = number >= count * (1 - OPEN_SHARE)
        yield _case(_Draw(chance, number, now - timedelta(days=age), is_open, now), pack_id, applicants)


@dataclass(frozen=True, slots=True)
class _Draw:
    """One throw of the dice: which case, sent in when, and whether it is still open."""

    chance: random.Random
    number: int
    at: datetime
    is_open: bool
    now: datetime

    def new_id(self) -> UUID:
        """An id as of the instant of the case, ordered as UUIDv7 are, the same in every run."""
        milliseconds = int(self.at.timestamp() * 1000)
        return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | self.chance.getrandbits(62))


def _case(draw: _Draw, pack_id: UUID, applicants: Sequence[UUID]) -> _Case:
    chance, case_id = draw.chance, draw.new_id()
    (place,) = chance.choices(tuple(PLACES), PLACES.values())  # type: ignore[arg-type]  # weights in the same order
    stopped = draw.is_open and chance.random() < STOPPED_SHARE
    due_on = None if stopped or not draw.is_open else clock.legal_day(draw.now) + timedelta(chance.randint(-8, 25))
    _, done, waiting = chance.choices(STANDINGS, [s[0] for s in STANDINGS])[0] if draw.is_open else (0, ROAD, ())
    items = [_item(draw, case_id, place, step, None) for step in done]
    items += [_item(draw, case_id, place, step[:3], due_on) for step in waiting]
    ended_at = None if draw.is_open else draw.at + timedelta(days=6)
    name = chance.choice(FIRST) + chance.choice(SECOND) + chance.choice(WORKS)
    applicant = chance.randrange(len(applicants))
    case = {
        "id": case_id, "number": f"SG{draw.at:%Y%m%d}{draw.number:06d}", "pack_id": pack_id, "matter": "construction_permit",
        "region": place, "applicant_id": applicants[applicant], "applicant_name": f"海南示例建设{applicant:03d}有限公司",
        "created_by": applicants[applicant], "title": f"{name}{draw.number}号", "status": "correction" if stopped else waiting[0][1] if waiting else "completed",
        "created_at": draw.at, "submitted_at": draw.at, "accepted_on": draw.at.date(),
        "decided_on": ended_at.date() if ended_at else None, "decision": "completed" if ended_at else "", "ended_at": ended_at,
        "due_on": due_on, "statutory_due_on": due_on, "checks_failed": 0, "checks_hinted": 1, "object_key": "",
    }  # fmt: skip
    instance = {
        "id": case_id, "definition": "construction_permit/1", "region": place, "status": "active" if draw.is_open else "done",
        "variables": "{}", "end": "" if draw.is_open else "issued", "started_at": draw.at, "ended_at": ended_at,
    }  # fmt: skip
    return _Case(case, instance, items)


def _item(draw: _Draw, case_id: UUID, place: str, step: Sequence[str], due_on: object) -> dict[str, Any]:
    node, stage, role, *outcome = step
    closed_at = draw.at + timedelta(days=2) if outcome else None
    return {
        "id": draw.new_id(), "token_id": draw.new_id(), "node": node, "stage": stage, "role": role, "element": None, "position": 0,
        "state": "done" if outcome else "open", "region": place, "due_on": due_on, "opened_at": draw.at, "closed_at": closed_at,
        "closed_by": case_id if outcome else None, "outcome": outcome[0] if outcome else None, "instance_id": case_id,
    }  # fmt: skip
