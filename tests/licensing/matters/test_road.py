"""From an application to a sealed permit: what each person can do, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.licensing.conftest import CLAUSE

from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.models import Act, CorrectionNotice, Submission
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal, Stale
from jianguan.platform.journal import service as journal
from jianguan.platform.notices.models import Notice
from jianguan.registry.projects import service as projects
from jianguan.sites.oversight.models import SupervisionFile


def test_an_application_becomes_a_sealed_permit(road):
    application = road().to_certificate()
    case = application.case
    certificate = certificates.of_case(case.id)
    assert case.status == "completed"
    assert certificate.sha256
    assert certificates.by_number(certificate.number).verdict == "valid"
    assert certificates.by_number(certificate.national_number).verdict == "valid"
    assert projects.under_permit([w.id for w in projects.works_of(case.project_id)]) is not None
    file = SupervisionFile.objects.get(case_id=case.id)
    assert {a.speciality for a in file.assignments.all()} == {"quality", "safety"}
    assert journal.audit(journal.verifier_key()).sound


def test_every_act_is_in_the_journal(road):
    application = road().to_certificate()
    kinds = [fact.kind for fact in journal.facts(journal.about("case", application.case_id))]
    assert kinds == [
        "case.submitted", "case.accepted", "case.acted", "case.acted", "case.acted", "case.acted", "case.approved",
        "case.completed",
    ]  # fmt: skip


def test_the_applicant_is_told_what_happens(road):
    application = road().to_certificate()
    told = Notice.objects.filter(link=f"/e/cases/{application.case_id}/").values_list("template", flat=True)
    assert len(told) == 3  # accepted, approved, completed


def test_a_second_click_gets_the_first_answer(road):
    application = road()
    command = matters.FinishStep(new_command_id(), application.item("acceptance"), "accept", "同意受理。")
    first = application.act("window", command)
    assert application.act("window", command) == first
    assert Act.objects.filter(case=application.case, node="acceptance").count() == 1


def test_the_same_command_for_something_else_is_refused(road):
    application = road()
    command = matters.FinishStep(new_command_id(), application.item("acceptance"), "accept", "同意受理。")
    application.act("window", command)
    with pytest.raises(Conflict, match="already used"):
        application.act("window", replace(command, opinion="不同意。"))


def test_a_stale_page_is_refused_and_changes_nothing(road):
    application = road()
    item = application.item("acceptance")
    application.through("acceptance")
    with pytest.raises(Stale, match="already finished"):
        application.act("window", matters.FinishStep(new_command_id(), item, "accept", "再次受理。"))


def test_an_act_without_grant_is_refused_and_says_what_is_missing(road):
    application = road()
    with pytest.raises(Forbidden, match="no grant in force gives “窗口受理人员”"):
        application.finish("acceptance", "market", "accept")


def test_an_act_outside_the_jurisdiction_is_refused(road, world):
    application = road()
    actor = world.actor("window")
    elsewhere = replace(actor, grants=tuple(replace(g, region_prefix="4602") for g in actor.grants))
    with pytest.raises(Forbidden, match="“窗口受理人员” is granted for 海南省三亚市, but not for 海南省海口市秀英区"):
        matters.finish_step(
            elsewhere, matters.FinishStep(new_command_id(), application.item("acceptance"), "accept", "好。")
        )


def test_handling_and_examining_are_different_people(road, world):
    application = road().through("acceptance", "quality_review", "safety_review", "market_review")
    window, head = world.actor("window"), world.actor("head")
    both = replace(window, grants=(*window.grants, *head.grants))
    with pytest.raises(Forbidden, match="another person"):
        matters.finish_step(
            both, matters.FinishStep(new_command_id(), application.item("examination"), "agree", "同意。")
        )


def test_one_time_correction_stops_the_clock_and_is_told_once(road):
    application = road()
    application.finish("acceptance", "window", "correct", items=("合同缺少签章。", "补充危大工程清单。"))
    case = application.case
    assert (case.status, case.due_on, case.statutory_due_on) == ("correction", None, None)
    notice = CorrectionNotice.objects.get(case=case)
    assert notice.items == ["合同缺少签章。", "补充危大工程清单。"]
    agent = application.world.actor("agent2")
    matters.submit(agent, matters.Submit(new_command_id(), case.id, case.draft.revision))
    assert application.case.status == "acceptance"
    assert application.case.due_on is not None
    assert Submission.objects.filter(case=case).count() == 2
    with pytest.raises(Conflict, match="told once"):
        application.finish("acceptance", "window", "correct", items=("还有一项。",))


@pytest.mark.parametrize(
    ("step", "outcome", "words", "field"),
    [
        ("acceptance", "correct", {"items": ()}, "items"),
        ("acceptance", "correct", {"items": ("  ",)}, "items"),
        ("acceptance", "not_accept", {"opinion": ""}, "opinion"),
        ("acceptance", "not_accept", {"clause": ""}, "clause"),
        ("acceptance", "approve", {}, "outcome"),
    ],
)
def test_a_decision_without_its_words_is_refused(road, step, outcome, words, field):
    with pytest.raises(Refusal) as refusal:
        road().finish(step, "window", outcome, **words)
    assert field in refusal.value.fields


def test_refusal_names_its_clause(road):
    application = road().through("acceptance", "quality_review", "safety_review", "market_review")
    application.finish("examination", "head", "deny", opinion="资金未落实。", clause=CLAUSE)
    assert application.case.status == "refused"
    assert Act.objects.get(case=application.case, outcome="deny").details == {"clause": CLAUSE}
    assert certificates.of_case(application.case_id) is None


def test_a_failed_condition_stands_in_the_way_of_approval(road):
    application = road(answers={"funding_committed": False}).to_approval()
    with pytest.raises(Refusal, match="statutory conditions are not met") as refusal:
        application.finish("approval", "approver", "approve")
    assert len(refusal.value.fields) == 1
    assert application.case.status == "approval"


def test_a_failed_check_can_be_contested_with_a_reason(road):
    from jianguan.licensing.rules import service as rules

    application = road(answers={"funding_committed": False}).to_approval()
    (failed,) = rules.standing_failures(application.case_id)
    application.finish("approval", "approver", "approve", overrides=((failed.id, "已核银行资金证明原件。"),))
    assert application.case.status == "completed"
    assert failed.overrides.get().reason == "已核银行资金证明原件。"


def test_works_are_not_permitted_twice(road):
    road().to_certificate()
    with pytest.raises(Conflict, match="already has the construction permit"):
        road()


def test_one_open_application_for_the_same_works(road):
    first = road()
    with pytest.raises(Conflict, match=first.case.number):
        road()


def test_after_withdrawal_one_may_apply_again(road, world):
    application = road()
    matters.withdraw(world.actor("agent2"), matters.Withdraw(new_command_id(), application.case_id, "资料有误。"))
    assert application.case.status == "withdrawn"
    assert road().case.status == "acceptance"


def test_withdrawing_needs_a_reason_and_ones_own_case(road, world):
    application = road()
    with pytest.raises(Refusal, match="Say why"):
        matters.withdraw(world.actor("agent2"), matters.Withdraw(new_command_id(), application.case_id, " "))
    with pytest.raises(NotFound):
        matters.withdraw(world.actor("agent"), matters.Withdraw(new_command_id(), application.case_id, "不是我的。"))


def test_a_decided_case_is_not_withdrawn(road, world):
    application = road().to_certificate()
    with pytest.raises(Conflict, match="decided"):
        matters.withdraw(world.actor("agent2"), matters.Withdraw(new_command_id(), application.case_id, "不要了。"))


def test_an_incomplete_form_is_refused_with_every_missing_answer(world):
    agent = world.actor("agent2")
    opened = matters.open_draft(
        agent, matters.OpenDraft(new_command_id(), "construction_permit", world.projects["p05"])
    )
    with pytest.raises(Refusal, match="not complete") as refusal:
        matters.submit(agent, matters.Submit(new_command_id(), opened.id, 0))
    assert {"contract_price", "start", "file-contract"} <= set(refusal.value.fields)
    assert matters.Case.objects.get(pk=opened.id).status == "draft"


def test_one_applies_for_ones_own_projects_only(world):
    with pytest.raises(Forbidden, match="your enterprise owns"):
        matters.open_draft(
            world.actor("agent"), matters.OpenDraft(new_command_id(), "construction_permit", world.projects["p05"])
        )


def test_permit_numbers_follow_the_rule(road):
    application = road().to_certificate()
    certificate = certificates.of_case(application.case_id)
    today = date.today()
    assert certificate.number == f"460105{today:%Y%m%d}0101"
    assert certificate.national_number.endswith("-SX-001")
    assert certificate.identifier.startswith("1.2.156.3005.2.11100000000013338W009.")
