"""Objections: in time, once, answered by a person who did not act in the case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.licensing.proceedings.conftest import objection

from jianguan.config.demonstration import timeline
from jianguan.licensing.matters import service as matters
from jianguan.licensing.proceedings import service as proceedings
from jianguan.licensing.proceedings.models import Objection, Result
from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal import service as journal
from jianguan.platform.notices.service import Notice


def answer(application, objection_id, username="approver", result="maintained", words="资金证明在受理之后才到账。"):
    command = proceedings.Answer(new_command_id(), objection_id, result, words)
    return proceedings.answer(application.world.actor(username), command)


@pytest.mark.parametrize(("result", "told"), [("upheld", "apply again"), ("maintained", "60 days")])
def test_an_objection_is_answered_and_the_applicant_told_what_to_do(refused, result, told):
    answer(refused, objection(refused), result=result)
    found = Objection.objects.get()
    assert (found.result, found.number[7:9], found.against) == (result, "YY", "refused")
    notice = Notice.objects.get(dedup_key=f"objection:{found.id}")
    assert told in notice.template % notice.params
    assert refused.case.status == "refused"  # it does not open the case again
    timeline.settle()
    facts = journal.facts(journal.about("case", refused.case_id).filter(kind__startswith="objection."))
    assert [fact.kind for fact in facts] == ["objection.entered", "objection.answered"]
    assert "资金" not in str([fact.data for fact in facts])


def test_who_decided_does_not_answer(refused):
    made = objection(refused)
    with pytest.raises(Forbidden, match="another person"):
        answer(refused, made, "head")
    assert Objection.objects.get().result == ""


@pytest.mark.parametrize("username", ["window", "quality", "market"])
def test_who_may_answer_no_objections_does_not(refused, username):
    with pytest.raises(Forbidden, match="answer no objections"):
        answer(refused, objection(refused), username)


def test_strangers_neither_object_nor_answer(refused):
    with pytest.raises(NotFound):
        proceedings.object_(
            refused.world.actor("agent"),
            proceedings.Object(new_command_id(), refused.case_id, f"refused:{refused.case.number}", "不服。"),
        )
    with pytest.raises(NotFound):
        answer(refused, objection(refused), "registrar")


def test_one_objection_against_one_decision(refused):
    objection(refused)
    with pytest.raises(Conflict, match="no objection"):
        objection(refused)


def test_sending_an_objection_again_enters_it_once(refused):
    agent = refused.world.actor("agent2")
    command = proceedings.Object(new_command_id(), refused.case_id, f"refused:{refused.case.number}", "不服。")
    assert proceedings.object_(agent, command) == proceedings.object_(agent, command)
    assert Objection.objects.count() == 1


def test_after_its_period_it_is_too_late(refused):
    with clock.standing_at(clock.now() + timedelta(days=40)), pytest.raises(Conflict, match="period is over"):
        objection(refused)


def test_an_open_case_without_a_notice_has_nothing_to_object_to(road):
    application = road()
    with pytest.raises(Conflict):
        objection(application)


def test_a_notice_of_correction_may_be_objected_to_while_the_case_is_open(road):
    application = road()
    application.finish("acceptance", "window", "correct", items=("合同缺少签章。",))
    notice = application.case.corrections.get()
    made = objection(application, key=f"correction:{notice.number}")
    answer(application, made, result=Result.UPHELD)
    assert application.case.status == matters.Status.CORRECTION


def test_it_is_answered_once(refused):
    made = objection(refused)
    answer(refused, made)
    with pytest.raises(Conflict, match="answered already"):
        answer(refused, made, "approver", "upheld")


@pytest.mark.parametrize(
    ("result", "words", "field"), [("", "理由。", "result"), ("upheld", " ", "words"), ("x", "y", "result")]
)
def test_an_answer_without_result_or_reasons_is_refused(refused, result, words, field):
    with pytest.raises(Refusal) as refusal:
        answer(refused, objection(refused), result=result, words=words)
    assert list(refusal.value.fields) == [field]


def test_an_objection_without_reasons_is_refused(refused):
    with pytest.raises(Refusal) as refusal:
        objection(refused, reasons="  ")
    assert list(refusal.value.fields) == ["reasons"]
