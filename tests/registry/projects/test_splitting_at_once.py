"""Several connections at one tree: works are split once, and no code is given twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import connections

from jianguan.platform.errors import Conflict
from jianguan.registry.projects import actions, regrouping
from jianguan.registry.projects.models import Works
from jianguan.registry.projects.regrouping import Part, SplitWorks


def test_two_splits_at_once_split_once(committed_world):
    actor, project_id = committed_world.actor("registrar"), committed_world.projects["p29"]
    whole = actions.AddWorks(uuid4(), project_id, "并发楼", area_above=Decimal(1000))
    works_id = UUID(actions.add_works(actor, whole).id)
    halves = (Part("东", Decimal(500)), Part("西", Decimal(500)))

    def attempt(_: int) -> str:
        try:
            regrouping.split_works(actor, SplitWorks(uuid4(), works_id, halves))
        except Conflict:
            return "refused"
        else:
            return "split"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == ["refused", "refused", "refused", "split"]
    made = Works.objects.filter(ancestors__contains=[works_id])
    assert len({one.code for one in made}) == made.count() == 2
