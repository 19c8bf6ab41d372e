"""Who holds a step: taking it, giving it back, passing it on, and what that means for the others."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.licensing.conftest import ROW, Road
from tests.licensing.process.test_concurrency import at_once

from jianguan.licensing.duties import service as duties
from jianguan.licensing.matters import queries
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.models import Act
from jianguan.licensing.process.models import Handover, Token, WorkItem
from jianguan.platform.accounts import service as accounts
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Forbidden, Refusal, Stale
from jianguan.platform.journal import service as journal
from jianguan.platform.notices.models import Notice


def claim(actor, item_id):
    return duties.claim(actor, duties.Claim(new_command_id(), item_id))


def pass_on(actor, item_id, to, reason="正在外勤，请代为办理。"):
    return duties.pass_on(actor, duties.PassOn(new_command_id(), item_id, to.id, reason))


def accept(actor, item_id):
    return matters.finish_step(actor, matters.FinishStep(new_command_id(), item_id, "accept", "同意受理。"))


def holder(item_id):
    return WorkItem.objects.get(pk=item_id).holder_id


@pytest.fixture
def two(world, colleague):
    """Two window clerks of one place."""
    return world.actor("window"), colleague("li", "李某")


def test_a_step_that_is_held_is_finished_by_its_holder_only(road, two):
    window, li = two
    item = road().item("acceptance")
    claim(li, item)
    with pytest.raises(Forbidden, match="李某 holds this step"):
        accept(window, item)
    assert accept(li, item).status == "review"


def test_a_step_nobody_holds_is_finished_without_taking_it_first(road, two):
    application = road()
    item = application.item("acceptance")
    accept(two[0], item)
    assert not Handover.objects.filter(item=item).exists()


def test_holding_moves_no_token_and_no_due_day(road, two):
    application = road()
    item = application.item("acceptance")
    before = list(Token.objects.values_list("id", "node")), WorkItem.objects.get(pk=item).due_on
    claim(two[0], item)
    pass_on(two[0], item, two[1])
    assert (list(Token.objects.values_list("id", "node")), WorkItem.objects.get(pk=item).due_on) == before


def test_who_holds_it_stays_visible_to_colleagues_in_a_list_of_its_own(road, two):
    window, li = two
    item = road().item("acceptance")
    claim(li, item)
    assert [one.id for one in queries.inbox(li)] == [item] == [one.id for one in queries.held(li)]
    assert list(queries.inbox(window)) == []
    assert queries.figures(window).total == 0
    assert [one.id for one in queries.held_by_others(window)] == [item]
    assert list(queries.held_by_others(li)) == []


def test_giving_back_lets_everyone_finish_it_again(road, two):
    window, li = two
    item = road().item("acceptance")
    claim(li, item)
    with pytest.raises(Conflict, match="李某 holds this step"):
        duties.give_back(window, duties.GiveBack(new_command_id(), item))
    duties.give_back(li, duties.GiveBack(new_command_id(), item))
    assert holder(item) is None
    assert accept(window, item).status == "review"


def test_taking_what_one_holds_changes_nothing(road, two):
    item = road().item("acceptance")
    claim(two[0], item)
    claim(two[0], item)
    assert Handover.objects.filter(item=item).count() == 1


def test_passing_on_needs_a_reason_and_somebody_who_may(world, road, two):
    window, li = two
    item = road().item("acceptance")
    with pytest.raises(Refusal) as refused:
        pass_on(window, item, li, " ")
    assert set(refused.value.fields) == {"reason"}
    for stranger in ("quality", "agent"):
        with pytest.raises(Refusal) as refused:
            pass_on(window, item, world.actor(stranger))
        assert set(refused.value.fields) == {"to"}
    pass_on(window, item, li)
    assert holder(item) == li.id
    assert Notice.objects.filter(account_id=li.id).count() == 1


def test_who_was_passed_a_step_can_return_it_to_the_colleague(road, two):
    window, li = two
    item = road().item("acceptance")
    pass_on(window, item, li)
    duties.return_step(li, duties.Return(new_command_id(), item, "材料我不熟悉。"))
    assert holder(item) == window.id
    with pytest.raises(Conflict, match="Nobody passed this step on to you"):
        duties.return_step(window, duties.Return(new_command_id(), item, "再还。"))


def test_a_step_is_not_passed_on_to_who_handled_an_earlier_one(world, road, colleague):
    application = road().to_approval()
    deputy = colleague("deputy2", "副局", "approver")
    accounts.grant_at_installation(accounts.Account.objects.get(username="window"), "approver", "4601")
    item = application.item("approval")
    with pytest.raises(Refusal, match="may not finish"):
        pass_on(world.actor("approver"), item, world.actor("window"))
    pass_on(world.actor("approver"), item, deputy)


def test_a_head_assigns_takes_away_and_reminds(world, road, two):
    window, li = two
    head, item = world.actor("head"), road().item("acceptance")
    duties.assign(head, duties.Assign(new_command_id(), item, li.id))
    assert holder(item) == li.id
    duties.assign(head, duties.Assign(new_command_id(), item, window.id))
    assert holder(item) == window.id
    duties.urge(head, duties.Urge(new_command_id(), item, "请今日内受理。"))
    assert "请今日内受理。" in Notice.objects.filter(account_id=window.id).latest("id").params["reason"]
    duties.take_away(head, duties.TakeAway(new_command_id(), item, "调整分工。"))
    assert holder(item) is None
    for act, words in ((duties.assign, duties.Assign(new_command_id(), item, li.id)),
                       (duties.take_away, duties.TakeAway(new_command_id(), item, "。")),
                       (duties.urge, duties.Urge(new_command_id(), item, "快。"))):  # fmt: skip
        with pytest.raises(Forbidden, match="head of the place"):
            act(window, words)


def test_the_head_of_another_place_has_no_say(world, road, colleague):
    sanya = colleague("sanya", "三亚科长", "section_head", "4602", "sanya")
    item = road().item("acceptance")
    with pytest.raises(Forbidden):
        duties.assign(sanya, duties.Assign(new_command_id(), item, world.actor("window").id))


def test_what_is_finished_is_not_handed_over(road, two):
    application = road()
    item = application.item("acceptance")
    accept(two[0], item)
    with pytest.raises(Stale):
        claim(two[1], item)


def test_handovers_are_in_the_journal_and_never_change(road, two):
    application = road()
    item = application.item("acceptance")
    claim(two[0], item)
    pass_on(two[0], item, two[1])
    kinds = [fact.kind for fact in journal.about("case", application.case_id)]
    assert kinds.count("step.handed_over") == 2
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        Handover.objects.update(reason="")


def test_of_two_who_take_it_at_one_moment_one_has_it_and_the_other_is_told_who(committed_world):
    application = Road(committed_world, {**ROW, "project": "p28", "price": 40300})
    item = application.item("acceptance")
    actors = [committed_world.actor("window"), committed_world.actor("window2")]
    answers = at_once(*[lambda one=one: claim(one, item) for one in actors])
    (refused,) = [answer for answer in answers if isinstance(answer, Refusal)]
    winner = next(one for one in actors if one.id == holder(item))
    assert isinstance(refused, Conflict)
    assert str(refused) == f"{winner.name} holds this step. They, or the head of the place, can pass it on."
    assert Handover.objects.filter(item=item).count() == 1
    loser = next(one for one in actors if one.id != winner.id)
    answers = at_once(lambda: accept(winner, item), lambda: accept(loser, item))
    assert sum(isinstance(answer, Refusal) for answer in answers) == 1
    assert list(Act.objects.filter(case=application.case_id, node="acceptance").values_list("actor_id", flat=True)) == [
        winner.id
    ]


def test_the_inbox_asks_one_query_more_for_names_only_where_somebody_holds_something(road, two, visit):
    def asked(count):
        with CaptureQueriesContext(connection) as captured:
            visit("window").get("/g/work/")
        return len(captured)

    applications = [road(), road(project="p06", price=15200), road(project="p07", price=5600)]
    free = asked(0)
    claim(two[0], applications[0].item("acceptance"))
    one = asked(1)
    for application in applications[1:]:
        claim(two[0], application.item("acceptance"))
    assert asked(3) == one == free + 1
