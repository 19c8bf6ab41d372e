"""The check after the decision: opened, made by another person, mended, heard, sanctioned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.licensing.promises.conftest import Promised, noon

from jianguan.config.demonstration import timeline
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import promising
from jianguan.licensing.matters import service as matters
from jianguan.licensing.promises import queries
from jianguan.licensing.promises import service as promises
from jianguan.licensing.promises.models import LaterCheck, Note, State
from jianguan.licensing.rules import service as rules
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.notices.models import Notice
from jianguan.platform.workdays import service as workdays


def test_the_decision_opens_the_check(promised):
    check = promised().decided().check
    assert check.state == State.WAITING
    assert check.due_on == workdays.calendar().add(clock.today(), 20)
    assert check.role == "urban_reviewer"


def test_a_decision_on_documents_opens_none(promised):
    case = promised(promise=None).decided().case
    assert promises.check_of(case.id) is None


def test_a_refusal_opens_none(promised):
    application = promised()
    application.finish("acceptance", "window", "accept")
    clause = "《城镇排水与污水处理条例》第二十一条"
    application.finish("review", "urban", "refuse", opinion="不符合条件。", clause=clause)
    application.finish("examination", "head", "deny", opinion="不符合条件。", clause=clause)
    assert promises.check_of(application.case_id) is None


def test_opening_it_again_changes_nothing(promised):
    check = promised().decided().check
    with transaction.atomic():
        promising.open_check(check.case_id, None)
    assert LaterCheck.objects.get() == check
    assert LaterCheck.objects.get().approved_by == check.approved_by != None  # noqa: E711


def test_kept(promised):
    application = promised().decided()
    application.result(kept=True)
    assert (application.check.state, application.check.broken) == (State.KEPT, False)
    with pytest.raises(Conflict):
        application.result(kept=False)


def test_a_result_is_entered_once_however_often_it_is_sent(promised):
    application, command_id = promised().decided(), new_command_id()
    assert application.result(kept=False, command_id=command_id) == application.result(
        kept=False, command_id=command_id
    )
    assert Note.objects.count() == 1


def test_findings_are_written(promised):
    application = promised().decided()
    with pytest.raises(Refusal) as refused:
        application.result(kept=True, words=" ")
    assert set(refused.value.fields) == {"findings"}


def test_who_approved_does_not_check(promised, world):
    application = promised().decided()
    accounts.grant_at_installation(world.accounts["approver"], "urban_reviewer", "4601")
    with pytest.raises(Forbidden, match="another person"):
        application.result(kept=True, by="approver")


@pytest.mark.parametrize("by", ["quality", "head", "deputy"])
def test_only_the_role_at_the_place_checks(promised, by):
    with pytest.raises((Forbidden, NotFound)):
        promised().decided().result(kept=True, by=by)


def test_what_was_not_kept_is_mended(promised):
    application = promised().decided()
    application.result(kept=False)
    assert (application.check.state, application.check.broken) == (State.MENDING, True)
    assert application.check.due_on == workdays.calendar().add(clock.today(), 10)
    application.say(promises.report_mended)
    application.result(kept=True)
    assert application.check.state == State.MENDED
    assert application.certificate.status == certificates.Status.VALID


def test_the_applicant_has_its_time_to_mend(promised):
    application = promised().decided()
    application.result(kept=False)
    with pytest.raises(Conflict, match="has until"):
        application.result(kept=False)
    with noon(application.check.due_on + timedelta(days=1)):
        application.result(kept=False)
    assert application.check.state == State.HEARING


def test_the_applicant_is_heard_before_the_sanction(promised):
    application = promised().announced()
    with pytest.raises(Conflict, match="may be heard"):
        application.decide(sanction=True)
    application.say(promises.reply, "正在施工。")
    assert application.check.notes.get(kind="promise.heard").words == "正在施工。"
    with pytest.raises(Conflict):
        application.say(promises.reply, "再说一遍。")
    application.decide(sanction=True)
    assert application.check.state == State.SANCTIONED


def test_who_says_nothing_in_time_is_sanctioned_without(promised):
    application = promised().announced()
    with noon(application.check.due_on + timedelta(days=1)):
        with pytest.raises(Conflict, match="ended"):
            application.say(promises.reply)
        application.decide(sanction=True)
    assert application.check.state == State.SANCTIONED


def test_an_objection_may_be_upheld(promised):
    application = promised().announced()
    application.say(promises.reply, "检测报告在此。")
    application.decide(sanction=False, reason="申辩成立。")
    assert application.check.state == State.SPARED
    assert application.certificate.status == certificates.Status.VALID
    assert promises.barred(application.check.applicant_uscc) is None


def test_only_who_decides_on_certificates_sanctions(promised, world):
    application = promised().announced()
    application.say(promises.reply)
    with pytest.raises(Forbidden, match="certificates"):
        application.decide(sanction=True, by="urban")
    accounts.grant_at_installation(world.accounts["urban"], "approver", "4601")
    with pytest.raises(Forbidden, match="You checked"):
        application.decide(sanction=True, by="urban")


def test_a_sanction_revokes_the_certificate_and_bars_the_applicant(promised, world):
    application = promised().sanctioned()
    assert application.certificate.status == certificates.Status.REVOKED
    bar = promises.barred(application.check.applicant_uscc)
    assert bar
    assert bar.last_day == clock.today() + timedelta(days=365)
    with noon(bar.last_day + timedelta(days=1)):
        assert promises.barred(application.check.applicant_uscc) is None


def test_a_sanction_is_decided_once_however_often_it_is_sent(promised):
    application, command_id = promised().announced(), new_command_id()
    application.say(promises.reply)
    first = application.decide(sanction=True, command_id=command_id)
    assert application.decide(sanction=True, command_id=command_id) == first
    assert promises.barred_now().count() == 1


def test_a_certificate_that_ended_meanwhile_is_left_alone(promised, world):
    application = promised().announced()
    application.say(promises.reply)
    ended = certificates.ChangeStatus(
        new_command_id(), application.certificate.id, certificates.Status.CANCELLED.value, "企业申请。"
    )
    certificates.change_status(world.actor("approver"), ended)
    application.decide(sanction=True)
    assert application.certificate.status == certificates.Status.CANCELLED
    assert application.check.state == State.SANCTIONED


def test_who_is_barred_applies_with_documents(promised):
    promised().sanctioned()
    with pytest.raises(Conflict, match="may not apply by promise"):
        promised(project="p10")
    case = promised(project="p10", promise=None).case
    assert case.number
    application = rules.Application(
        {}, None, clock.today(), lambda: accounts.organisation(case.applicant_id).uscc or ""
    )
    assert rules.declared()["promise_barred"].find(application).value is True


def test_the_applicant_is_told_at_each_step(promised, world):
    application = promised().sanctioned()
    told = Notice.objects.filter(link=f"/e/promises/{application.check.id}/").order_by("id")
    beginnings = ("The promise", "The promise", "For your application", "The decision on")
    assert [one.template.startswith(begin) for one, begin in zip(told, beginnings, strict=True)] == [True] * 4
    assert {one.organisation_id for one in told} == {application.check.applicant_id}
    assert told[1].params["until"]


def test_strangers_see_nothing(promised, world):
    check = promised().decided().check
    assert not queries.visible_to(world.actor("agent")).exists()
    assert not queries.visible_to(world.actor("supervisor1")).exists()
    assert queries.visible_to(world.actor("agent2")).get() == check
    command = promises.Say(new_command_id(), check.id, "x")
    with pytest.raises(NotFound):
        promises.report_mended(world.actor("agent"), command)
    with pytest.raises(NotFound):
        promises.enter_result(world.actor("agent2"), promises.EnterResult(new_command_id(), check.id, True, "x"))


def test_mine_is_what_i_am_to_do(promised, world):
    application = promised().decided()
    urban, approver = world.actor("urban"), world.actor("approver")
    assert (queries.mine(urban).count(), queries.mine(approver).count()) == (1, 0)
    application.result(kept=False)
    application.say(promises.report_mended)
    application.result(kept=False)
    assert (queries.mine(urban).count(), queries.mine(approver).count()) == (0, 1)


def test_overdue_checks_are_counted(promised, world):
    application = promised().decided()
    rows = queries.visible_to(world.actor("head"))
    with noon(application.check.due_on):
        assert not queries.overdue(rows).exists()
    with noon(application.check.due_on + timedelta(days=1)):
        assert queries.overdue(rows).count() == 1


def test_figures_tell_shares_and_false_promises(promised, world):
    promised(project="p10", promise=None)
    promised().sanctioned()
    (found,) = queries.figures(world.actor("head"))
    assert (found.applications, found.promised, found.share) == (2, 1, 50)
    assert (found.waiting, found.overdue, found.done, found.broken, found.sanctioned) == (0, 0, 1, 1, 1)
    assert queries.figures(world.actor("supervisor1")) == []


def test_what_was_said_stays(promised):
    application: Promised = promised().decided()
    application.result(kept=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.update(words="另一回事。")
    with pytest.raises(IntegrityError), transaction.atomic():
        application.check.promise.delete()


def test_a_case_on_documents_goes_the_common_road(promised):
    """The reaction meets every decision; where nothing was promised it leaves no trace."""
    case = promised(matter="road_occupation", promise=None).case
    timeline.settle()
    assert matters.of_version(case.pack).matter.promise is None
    assert not LaterCheck.objects.exists()
