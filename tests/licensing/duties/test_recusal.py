"""Keeping out of a case: declared, ordered, asked for by the applicant; nobody gets around it."""

from __future__ import annotations

import pytest

from jianguan.licensing.duties import service as duties
from jianguan.licensing.matters import queries
from jianguan.licensing.matters import service as matters
from jianguan.licensing.process.models import Handover, Recusal, WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal import service as journal
from jianguan.platform.notices.models import Notice


def recuse(actor, application, of=None, reason="kinship", words=""):
    return duties.recuse(actor, duties.Recuse(new_command_id(), application.case_id, (of or actor).id, reason, words))


def accept(actor, item_id):
    return matters.finish_step(actor, matters.FinishStep(new_command_id(), item_id, "accept", "同意受理。"))


def test_who_keeps_out_may_act_in_no_role_and_sees_nothing_of_it_in_their_list(world, road, colleague):
    application, window = road(), world.actor("window")
    accounts.grant_at_installation(accounts.Account.objects.get(username="window"), "quality_reviewer", "4601")
    window = world.actor("window")
    recuse(window, application)
    item = application.item("acceptance")
    for act in (lambda: accept(window, item), lambda: duties.claim(window, duties.Claim(new_command_id(), item))):
        with pytest.raises(Forbidden, match="keep out"):
            act()
    assert list(queries.inbox(window)) == []
    accept(colleague("li", "李某"), item)
    with pytest.raises(Forbidden, match="keep out"):
        matters.finish_step(
            window, matters.FinishStep(new_command_id(), application.item("quality_review"), "pass", "好。")
        )
    assert list(queries.inbox(window)) == []


def test_other_cases_are_not_touched(world, road):
    application, other = road(), road(project="p06", price=15200)
    recuse(world.actor("window"), application)
    assert accept(world.actor("window"), other.item("acceptance")).status == "review"


def test_what_the_person_holds_waits_for_all_again(world, road):
    application, window = road(), world.actor("window")
    item = application.item("acceptance")
    duties.claim(window, duties.Claim(new_command_id(), item))
    recuse(window, application)
    assert WorkItem.objects.get(pk=item).holder_id is None
    assert Handover.objects.filter(item=item).latest("at").way == "recused"


def test_nothing_is_passed_on_or_assigned_to_who_keeps_out(world, road, colleague):
    application, window, li = road(), world.actor("window"), colleague("li", "李某")
    recuse(li, application)
    item = application.item("acceptance")
    with pytest.raises(Refusal) as refused:
        duties.pass_on(window, duties.PassOn(new_command_id(), item, li.id, "请代办。"))
    assert set(refused.value.fields) == {"to"}
    with pytest.raises(Refusal):
        duties.assign(world.actor("head"), duties.Assign(new_command_id(), item, li.id))
    assert WorkItem.objects.get(pk=item).holder_id is None


def test_a_substitute_does_not_act_for_somebody_who_keeps_out(world, road, colleague):
    application = road()
    registrar = colleague("clerk", "某", "credit_reviewer")  # no role in acceptance of their own
    today = clock.today()
    window = world.actor("window")
    accounts.enter_absence(window, accounts.EnterAbsence(new_command_id(), window.id, registrar.id, today, today))
    recuse(window, application)
    with pytest.raises(Forbidden, match="stand in for keeps out"):
        accept(world.actor("clerk"), application.item("acceptance"))


def test_reasons_are_a_closed_list_and_another_one_needs_words(world, road):
    application, window = road(), world.actor("window")
    for reason, words, field in (("mood", "不想办", "reason"), ("other", " ", "words")):
        with pytest.raises(Refusal) as refused:
            recuse(window, application, reason=reason, words=words)
        assert set(refused.value.fields) == {field}


def test_only_a_head_orders_it_of_others(world, road, colleague):
    application, li = road(), colleague("li", "李某")
    with pytest.raises(Forbidden, match="head of the place"):
        recuse(world.actor("window"), application, of=li)
    recuse(world.actor("head"), application, of=li)
    with pytest.raises(Conflict, match="already"):
        recuse(world.actor("head"), application, of=li)


def test_words_are_kept_where_they_can_be_erased(world, road):
    application = road()
    recuse(world.actor("window"), application, words="系本人表弟。")
    (fact,) = [fact for fact in journal.about("case", application.case_id) if fact.kind == "recusal.begun"]
    assert "表弟" not in str(journal.data_of(fact))


def ask(world, application, **typed):
    given = {"named": "窗口王姓工作人员", "reason": "interest", "words": "系我公司前员工。", **typed}
    command = duties.AskRecusal(new_command_id(), application.case_id, **given)
    duties.ask_recusal(world.actor("agent2"), command)
    return Recusal.objects.latest("id")


def test_an_applicants_request_changes_nothing_until_the_head_grants_it(world, road, colleague):
    application, window = road(), world.actor("window")
    asked = ask(world, application)
    item = application.item("acceptance")
    duties.claim(window, duties.Claim(new_command_id(), item))
    assert Notice.objects.filter(account_id=world.accounts["head"].id).exists()
    with pytest.raises(Forbidden):
        duties.answer_recusal(window, duties.AnswerRecusal(new_command_id(), asked.id, None, "不回避。"))
    duties.answer_recusal(
        world.actor("head"), duties.AnswerRecusal(new_command_id(), asked.id, window.id, "经审查，决定回避。")
    )
    with pytest.raises(Forbidden, match="keep out"):
        accept(window, item)
    said = Notice.objects.filter(organisation_id=application.case.applicant_id).latest("id")
    assert said.params["answer"] == "经审查，决定回避。"


def test_a_request_that_is_declined_is_answered_and_decided_once(world, road):
    application = road()
    asked = ask(world, application)
    head = world.actor("head")
    duties.answer_recusal(
        head, duties.AnswerRecusal(new_command_id(), asked.id, None, "所述情形不属于应当回避的情形。")
    )
    accept(world.actor("window"), application.item("acceptance"))
    with pytest.raises(Conflict, match="decided already"):
        duties.answer_recusal(head, duties.AnswerRecusal(new_command_id(), asked.id, None, "再答。"))


def test_only_the_applicant_asks(world, road):
    application = road()
    with pytest.raises(NotFound):
        duties.ask_recusal(
            world.actor("agent"), duties.AskRecusal(new_command_id(), application.case_id, "某人", "interest", "x")
        )


def test_a_head_lifts_it_but_not_their_own(world, road, colleague):
    application, window, head = road(), world.actor("window"), world.actor("head")
    recuse(window, application)
    standing = Recusal.objects.latest("id")
    with pytest.raises(Forbidden):
        duties.lift_recusal(window, duties.LiftRecusal(new_command_id(), standing.id, "弄错了。"))
    duties.lift_recusal(head, duties.LiftRecusal(new_command_id(), standing.id, "经核实并无亲属关系。"))
    assert accept(window, application.item("acceptance")).status == "review"
    recuse(head, application)
    with pytest.raises(Forbidden, match="another head"):
        duties.lift_recusal(head, duties.LiftRecusal(new_command_id(), Recusal.objects.latest("since").id, "。"))
