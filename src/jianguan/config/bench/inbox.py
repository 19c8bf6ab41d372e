"""The lists of an ordinary officer beside those of the administrator, in a province of 1,000,000 cases."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet
from django.test import Client, RequestFactory

from jianguan.config.bench import province
from jianguan.config.bench.ground import Ground
from jianguan.config.bench.measuring import in_turn, seconds
from jianguan.config.bench.report import Figure, Limit, Report
from jianguan.config.demonstration.loading import World
from jianguan.licensing.matters import service as matters
from jianguan.licensing.process.service import WorkItem
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor
from jianguan.platform.web.service import Page, paginate

FIRST, CASES = "first page", "cases under way, first page"
LIMITS = dict.fromkeys((FIRST, CASES), Limit("at most", 1.2))  # architecture.md: officer's list, administrator's list
ORDER = (F("due_on").asc(nulls_last=True), "id")
OFFICERS = {
    "officer, six grants": (
        ("quality_reviewer", "4601"), ("safety_reviewer", "4601"), ("market_reviewer", "460105"), ("market_reviewer", "460106"),
        ("section_head", "460106"), ("window_clerk", "4602"),
    ),
    "officer, one grant": (("window_clerk", "460105"),),
    "officer of a quiet county": (("window_clerk", "469027"), ("section_head", "469027")),
    "officer of a place without cases": (("window_clerk", "460322"),),
}  # fmt: skip
ADMINISTRATOR = "administrator"
HANDLING = ("window_clerk", "quality_reviewer", "safety_reviewer", "market_reviewer", "section_head", "approver")
WORK = "/g/work/"
SEARCHED = "椰林产业园"
Lists = dict[str, tuple[Actor, QuerySet[WorkItem]]]


def measure(ground: Ground) -> Report:
    """Fill the province, then read lists as a page of the workbench does."""
    applicants = [UUID(int=number) for number in range(500)]
    filled = province.fill(ground.size(1_000_000, 2_000), applicants)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM {', '.join(province.TABLES)}")
    lists = _lists(ground.world)
    report = Report("inbox", _quicker(ground, lists) + _served(ground, lists))
    scans = {who: _plan(rows) for who, rows in _queries(lists)}
    full = [who for who, nodes in scans.items() if any(node.startswith("Seq Scan") for node in nodes)]
    report.figures.append(
        Figure("first pages that read a table in full", len(full), "lists", limit=Limit("at most", 0))
    )
    said = (
        f"{filled.cases:,} cases, {filled.open_steps:,} open steps. The administrator's list is every open step, without "
        "any condition on place or role. A page has 20 rows; times of lists include the ORM, not the drawing of the page. "
        "“Served” is the whole request: session, grants, figures, tabs, rows, drawing, every middleware."
    )
    report.remarks += [said, *(f"{who}: {', '.join(nodes)}." for who, nodes in scans.items())]
    return report


def _lists(world: World) -> Lists:
    """Who reads, and what waits for them."""
    lists: Lists = {}
    for number, (who, grants) in enumerate(OFFICERS.items()):
        actor = _officer(world, str(number), grants)
        lists[who] = actor, matters.inbox(actor)
    return {ADMINISTRATOR: (world.actor("admin"), WorkItem.objects.filter(state="open")), **lists}


def _officer(world: World, name: str, grants: Iterable[tuple[str, str]]) -> Actor:
    account = accounts.open_account(world.organisations["haikou"], f"bench-{name}", name, "a-password-of-benches")
    for role, prefix in grants:
        accounts.grant_at_installation(account, role, prefix)
    return accounts.actor(account)


def _quicker(ground: Ground, lists: Lists) -> list[Figure]:
    """Milliseconds of every list, and how many times the administrator's that is."""
    rounds, times = ground.size(7, 1), ground.size(15, 2)
    figures = []
    for kind, read in _readings(lists).items():
        names = {who: f"{kind}, {who}" for who in lists}
        things = {name: partial(_milliseconds, read, who, times) for who, name in names.items()}
        taken, base = in_turn(rounds, things), names.pop(ADMINISTRATOR)
        figures.append(taken.figure(base, "ms"))
        figures += [taken.figure(name, "ms", base, LIMITS.get(kind)) for name in names.values()]
    return figures


def _served(ground: Ground, lists: Lists) -> list[Figure]:
    """Server time of the officer's page of work, as many requests as a busy morning has."""
    times = ground.size(300, 4)
    figures = []
    everything = _officer(ground.world, "everything", [(role, "46") for role in HANDLING])
    readers = {"a person with every role in the province": everything.id}
    readers |= {who: actor.id for who, (actor, _) in lists.items() if who != ADMINISTRATOR}
    whole = 0.0
    for who, account_id in readers.items():
        visitor = Client(HTTP_HOST="localhost")
        visitor.force_login(accounts.Account.objects.get(pk=account_id))
        taken = sorted(_request(visitor) for _ in range(times))
        half, most = taken[times // 2], taken[times * 99 // 100]
        whole = whole or half
        figures += [
            Figure(f"served, {who}: p50", half, "ms", limit=Limit("at most", 30)),
            Figure(f"served, {who}: p99", most, "ms", limit=Limit("at most", 150)),
        ]
        if account_id != everything.id:
            others = f"{whole:.1f} ms of the person with every role"
            figures.append(Figure(f"served, {who}: p50 compared", half, "ms", others, half / whole, LIMITS[FIRST]))
    return figures


def _request(visitor: Client) -> float:
    began = time.perf_counter()
    answer = visitor.get(WORK)
    assert answer.status_code == HTTPStatus.OK, f"{WORK} answered {answer.status_code}"
    return 1000 * (time.perf_counter() - began)


def _milliseconds(read: Callable[[str], object], who: str, times: int) -> float:
    return 1000 * seconds(lambda: read(who), times)


def _readings(lists: Lists) -> dict[str, Callable[[str], object]]:
    """What is read of a list, by name."""
    cursors = {who: _cursor(rows, 49) for who, (_, rows) in lists.items()}

    def first(who: str) -> object:
        actor, rows = lists[who]
        return matters.of_items(list(_page(rows if who == ADMINISTRATOR else matters.inbox(actor)).rows))

    return {
        FIRST: first,
        "first page, steps alone": lambda who: _page(lists[who][1]),
        "page 50": lambda who: _page(lists[who][1], cursors[who]),
        "search by text": lambda who: _page(matters.matching(lists[who][1], text=SEARCHED)),
        "figures": lambda who: _figures(lists[who][0], who),
        CASES: lambda who: list(_cases(lists[who][0])[:21]),
        "overdue cases": lambda who: list(matters.overdue(lists[who][0]).order_by(*ORDER)[:21]),
    }


def _figures(actor: Actor, who: str) -> object:
    if who != ADMINISTRATOR:
        return matters.figures(actor)
    rows = WorkItem.objects.filter(state="open").values_list("stage", "due_on")
    return list(rows[: matters.COUNTED + 1])


def _cases(actor: Actor) -> QuerySet[matters.Case]:
    return matters.under_way(actor).order_by(*ORDER)


def _page(rows: QuerySet[WorkItem], after: str = "") -> Page[WorkItem]:
    return paginate(RequestFactory().get("/work/", {"after": after}), rows, *ORDER)


def _cursor(rows: QuerySet[WorkItem], pages: int) -> str:
    """The cursor after so many pages, or after as many as there are."""
    after = ""
    for _ in range(pages):
        page = _page(rows, after)
        if not page.after:
            break
        after = page.after
    return after


def _queries(lists: Lists) -> Iterator[tuple[str, QuerySet[Any]]]:
    for who, (actor, rows) in lists.items():
        yield f"steps, {who}", rows.order_by(*ORDER)[:21]
        yield f"cases, {who}", _cases(actor)[:21]


def _plan(rows: QuerySet[Any]) -> list[str]:
    """The scans and sorts of a query, each once."""
    (document,) = json.loads(rows.explain(format="json"))
    return list(dict.fromkeys(_nodes(document["Plan"])))


def _nodes(plan: dict[str, Any]) -> Iterator[str]:
    name, index = plan["Node Type"], plan.get("Index Name")
    if "Scan" in name or "Sort" in name or "Append" in name:
        yield f"{name} {index}" if index else name
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
