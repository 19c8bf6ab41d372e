"""The inbox as merged index scans gives what its condition says, in a province of cases."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import Exists, F, OuterRef
from django.test import RequestFactory

from jianguan.config.bench import province
from jianguan.config.bench.inbox import OFFICERS
from jianguan.licensing.matters import queries
from jianguan.licensing.matters.models import Case
from jianguan.licensing.process.service import WorkItem
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor
from jianguan.platform.web.service import paginate

ORDER = (F("due_on").asc(nulls_last=True), "id")
GRANTS = {
    **OFFICERS,
    "management area": (("window_clerk", "460100802"), ("quality_reviewer", "460100802")),
    "a role everywhere": (("window_clerk", ""), ("approver", "4602")),
    "province": (("section_head", "46"), ("approver", "46")),
    "nothing": (),
}


@pytest.fixture
def cases(world: Any) -> province.Province:
    return province.fill(1500, [UUID(int=1), UUID(int=2)])


def officer(world: Any, grants: Any) -> Actor:
    account = accounts.open_account(world.organisations["haikou"], f"officer-{uuid4()}", "某", "a-password-of-tests")
    for role, prefix in grants:
        accounts.grant_at_installation(account, role, prefix)
    return accounts.actor(account)


def expected(grants: Any) -> list[UUID]:
    """What an officer has to do, worked out by hand."""
    items = [
        item
        for item in WorkItem.objects.filter(state="open")
        if any(item.role == role and item.region.startswith(prefix) for role, prefix in grants)
    ]
    return [item.id for item in sorted(items, key=lambda item: (item.due_on is None, item.due_on, item.id))]


@pytest.mark.parametrize("grants", GRANTS.values(), ids=GRANTS.keys())
def test_an_inbox_is_what_the_grants_say_by_due_date(world, cases, grants):
    actor, wanted = officer(world, grants), expected(grants)
    assert [item.id for item in queries.inbox(actor).order_by(*ORDER)] == wanted
    assert queries.inbox(actor).count() == queries.figures(actor).total == len(wanted)
    assert cases.open_steps > len(wanted)


def test_an_inbox_can_be_filtered_paged_and_asked_about(world, cases):
    grants = OFFICERS["officer, six grants"]
    actor, wanted = officer(world, grants), expected(grants)
    items = queries.inbox(actor)
    reviews = queries.matching(items, stage="review", region="460106", matter="construction_permit")
    assert {item.id for item in reviews} == {
        item.id for item in WorkItem.objects.filter(pk__in=wanted, stage="review", region="460106")
    }
    page = paginate(RequestFactory().get("/"), items, *ORDER)
    following = paginate(RequestFactory().get("/", {"after": page.after}), items, *ORDER)
    assert [item.id for item in (*page.rows, *following.rows)] == wanted[:40]
    assert items.order_by(*ORDER).first().id == wanted[0]
    assert set(items.order_by().values_list("pk", flat=True)) == set(wanted)
    assert WorkItem.objects.filter(pk__in=items.order_by().values("pk")).count() == len(wanted)
    waiting = Case.objects.filter(Exists(items.filter(instance_id=OuterRef("pk"))))
    assert waiting.count() == len({item.instance_id for item in items})


def test_an_inbox_is_one_query_whoever_reads_it(world, cases, django_assert_num_queries):
    for grants in (OFFICERS["officer, one grant"], OFFICERS["officer, six grants"]):
        actor = officer(world, grants)
        with django_assert_num_queries(1):
            list(queries.inbox(actor).order_by(*ORDER)[:21])


def test_nobody_writes_through_an_inbox(world, cases):
    items = queries.inbox(officer(world, OFFICERS["officer, six grants"]))
    with pytest.raises(TypeError, match="reading"):
        items.filter(stage="review").update(state="done")
    with pytest.raises(TypeError, match="reading"):
        items.delete()
