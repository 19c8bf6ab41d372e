"""Many steps in one go: each is an act of its own, certificates are one batch, nothing is done twice."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.licensing.conftest import CLAUSE

from jianguan.config.demonstration import timeline
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.models import Batch
from jianguan.licensing.certificates.receipts import receipts
from jianguan.licensing.matters.actions.together import FinishTogether, finish_together
from jianguan.licensing.matters.models import Act, Case
from jianguan.licensing.matters.pages import together as pages
from jianguan.platform.commands.service import new_command_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(road):
    """Two applications before approval."""
    return [road().to_approval(), road(project="p06", price=15200).to_approval()]


def approve(world, waiting, command_id=None, username="approver"):
    items = tuple(one.item("approval") for one in waiting)
    return finish_together(world.actor(username), FinishTogether(command_id or uuid4(), items, "approve", "同意发证。"))


def test_each_case_gets_a_record_of_its_own_and_the_certificates_one_batch(world, waiting):
    results = approve(world, waiting)
    assert [one.refused for one in results] == [None, None]
    assert Act.objects.filter(outcome="approve").count() == 2
    (batch,) = Batch.objects.all()
    assert certificates.progress(batch).total == 2
    assert not certificates.issued().exists(), "the keeper of the seal has not confirmed yet"


def test_once_the_seal_is_confirmed_all_are_issued(world, waiting):
    approve(world, waiting)
    (batch,) = Batch.objects.all()
    keeper = world.actor("seal")
    certificates.confirm_batch(keeper, certificates.ConfirmBatch(new_command_id(), batch.id, 2))
    timeline.settle()
    assert set(Case.objects.values_list("status", flat=True)) == {"completed"}
    assert certificates.issued().count() == 2
    assert all(one.told_at and one.read_at is None for one in receipts(list(batch.certificates.all())))


def test_sending_it_again_finishes_nothing_twice(world, waiting):
    command_id, items = uuid4(), tuple(one.item("approval") for one in waiting)
    command = FinishTogether(command_id, items, "approve", "同意发证。")
    finish_together(world.actor("approver"), command)
    again = finish_together(world.actor("approver"), command)
    assert [one.refused for one in again] == [None, None]
    assert Act.objects.filter(outcome="approve").count() == 2
    assert Batch.objects.count() == 1


def test_what_is_refused_leaves_the_others_as_they_are(world, waiting):
    items = tuple(one.item("approval") for one in waiting)
    waiting[0].finish("approval", "approver", "approve")
    results = finish_together(world.actor("approver"), FinishTogether(uuid4(), items, "approve", "同意发证。"))
    assert results[0].refused is not None
    assert results[1].refused is None


def test_nobody_decides_together_what_they_may_not_decide_alone(world, waiting):
    results = approve(world, waiting, username="head")
    assert all(one.refused for one in results)
    assert not Act.objects.filter(outcome="approve").exists()


def test_the_page_offers_what_is_in_order_and_says_what_became_of_it(visit, waiting):
    page = visit("approver").get("/g/cases/together/")
    assert page.status_code == 200
    sent = {
        "command_id": str(uuid4()), "step": page.context["chosen"], "opinion": "同意发证。",
        "item": [str(one.item("approval")) for one in waiting],
    }  # fmt: skip
    answer = visit("approver").post("/g/cases/together/", sent)
    assert answer.text.count("已办理") == 2
    nothing = visit("approver").post("/g/cases/together/", sent | {"item": []})
    assert nothing.status_code == 422
    assert "请勾选" in nothing.text


def test_refusals_share_words_and_clause_but_not_the_record(world, waiting):
    items = tuple(one.item("approval") for one in waiting)
    own = ((items[1], "该项目用地批准手续已失效。"),)
    command = FinishTogether(uuid4(), items, "deny", "不符合法定条件。", CLAUSE, own)
    assert [one.refused for one in finish_together(world.actor("approver"), command)] == [None, None]
    acts = Act.objects.filter(outcome="deny").order_by("at")
    assert [act.opinion for act in acts] == ["不符合法定条件。", "该项目用地批准手续已失效。"]
    assert {act.details["clause"] for act in acts} == {CLAUSE}
    assert not Batch.objects.exists()


def test_the_page_asks_for_the_clause_before_anything_is_refused(visit, waiting):
    client = visit("approver")
    key = next(key for key, *_ in client.get("/g/cases/together/").context["steps"] if key.endswith(":deny"))
    page = client.get("/g/cases/together/", {"step": key})
    assert not any(ticked for *_, ticked, _own in page.context["lines"])
    own = {f"own-{waiting[0].item('approval')}": "另有原因。"}
    sent = {"command_id": str(uuid4()), "step": key, "opinion": "不符合条件。"} | own
    sent["item"] = [str(one.item("approval")) for one in waiting]
    refused = client.post("/g/cases/together/", sent)
    assert refused.status_code == 422
    assert "另有原因。" in refused.text
    assert not Act.objects.filter(outcome="deny").exists()
    done = client.post("/g/cases/together/", sent | {"clause": CLAUSE})
    assert done.text.count("已办理") == 2
    assert set(Act.objects.filter(outcome="deny").values_list("opinion", flat=True)) == {"另有原因。", "不符合条件。"}


def test_more_than_a_page_goes_on_where_the_last_ended(visit, waiting, monkeypatch):
    monkeypatch.setattr(pages, "AT_ONCE", 1)
    client = visit("approver")
    for left in (1, 0):
        page = client.get("/g/cases/together/")
        assert (len(page.context["lines"]), page.context["more"]) == (1, left)
        item, *_ = page.context["lines"][0]
        sent = {"command_id": str(uuid4()), "step": page.context["chosen"], "opinion": "同意。", "item": [str(item.pk)]}
        assert client.post("/g/cases/together/", sent).text.count("已办理") == 1
    assert Act.objects.filter(outcome="approve").count() == 2
