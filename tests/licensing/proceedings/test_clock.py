"""What a procedure does to the legal clock and to the step it was ordered at."""

from __future__ import annotations

import pytest
from tests.licensing.proceedings.conftest import at, enter_record, on, order

from jianguan.config.demonstration import timeline
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.models import ClockStop
from jianguan.licensing.proceedings import service as proceedings
from jianguan.licensing.proceedings.models import Proceeding, State
from jianguan.licensing.process.service import WorkItem
from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal
from jianguan.platform.journal import service as journal
from jianguan.platform.notices.service import Notice


def due(application):
    case = application.case
    return case.due_on, case.statutory_due_on


def test_a_survey_of_a_week_moves_both_days_by_what_it_took(begun):
    assert due(begun) == (on(11, 5), on(11, 9))
    with clock.standing_at(at(11, 3)):
        made = order(begun)
        assert due(begun) == (None, None)
        assert WorkItem.objects.get(pk=begun.item("acceptance")).due_on is None
    with clock.standing_at(at(11, 10)):
        enter_record(begun, made)
    assert due(begun) == (on(11, 12), on(11, 16))
    assert WorkItem.objects.get(pk=begun.item("acceptance")).due_on == on(11, 12)


def test_a_hearing_after_the_survey_stops_the_clock_again(begun):
    with clock.standing_at(at(11, 3)):
        made = order(begun)
    with clock.standing_at(at(11, 10)):
        enter_record(begun, made)
    with clock.standing_at(at(11, 11)):
        hearing = order(begun, kind="hearing")
        assert due(begun) == (None, None)
    with clock.standing_at(at(11, 12)):
        enter_record(begun, hearing)
    assert due(begun) == (on(11, 13), on(11, 17))
    stops = list(
        ClockStop.objects.filter(case=begun.case).order_by("id").values_list("reason", "first_day", "last_day")
    )
    assert stops == [("survey", on(11, 3), on(11, 10)), ("hearing", on(11, 11), on(11, 12))]


def test_two_procedures_at_once_are_one_stop_of_the_clock(begun):
    with clock.standing_at(at(11, 3)):
        survey, testing = order(begun), order(begun, kind="testing")
    with clock.standing_at(at(11, 5)):
        enter_record(begun, survey)
        assert due(begun) == (None, None)
    with clock.standing_at(at(11, 10)):
        enter_record(begun, testing)
    assert due(begun) == (on(11, 12), on(11, 16))


def test_what_is_late_stays_late_and_is_held_all_the_same(begun):
    with clock.standing_at(at(11, 16)):
        order(begun)
        assert begun.case.due_on == on(11, 5)
        with pytest.raises(Conflict, match="under way"):
            begun.finish("acceptance", "window", "accept")


@pytest.mark.parametrize(("outcome", "words"), [("accept", {}), ("not_accept", {"clause": "某条"})])
def test_a_step_is_decided_neither_for_nor_against_while_its_procedure_is_open(begun, outcome, words):
    with clock.standing_at(at(11, 3)):
        made = order(begun)
        with pytest.raises(Conflict, match="under way"):
            begun.finish("acceptance", "window", outcome, **words)
        assert begun.case.status == "acceptance"
        enter_record(begun, made)
        begun.finish("acceptance", "window", outcome, **words)
    assert begun.case.status != "acceptance"


def test_a_correction_may_be_asked_for_meanwhile_and_then_every_step_waits(begun):
    with clock.standing_at(at(11, 3)):
        made = order(begun)
        begun.finish("acceptance", "window", "correct", items=("合同缺少签章。",))
        case = begun.case
        matters.submit(begun.world.actor("agent2"), matters.Submit(new_command_id(), case.id, case.draft.revision))
        with pytest.raises(Conflict, match="under way"):
            begun.finish("acceptance", "window", "accept")
        enter_record(begun, made)
        begun.finish("acceptance", "window", "accept")


def test_reviews_beside_the_one_that_waits_go_on(begun):
    with clock.standing_at(at(11, 3)):
        begun.through("acceptance")
        order(begun, "safety", kind="expert_review")
        begun.through("quality_review", "market_review")
        with pytest.raises(Conflict, match="under way"):
            begun.through("safety_review")


def test_calling_off_lets_the_clock_run_on(begun):
    with clock.standing_at(at(11, 3)):
        made = order(begun)
    with clock.standing_at(at(11, 4)):
        proceedings.call_off(
            begun.world.actor("window"), proceedings.CallOff(new_command_id(), made.id, "已现场核实。")
        )
    assert due(begun) == (on(11, 6), on(11, 10))
    made.refresh_from_db()
    assert (made.state, made.why_called_off) == (State.CALLED_OFF, "已现场核实。")


def test_the_clock_is_explained_by_its_reason(begun):
    with clock.standing_at(at(11, 3)):
        order(begun)
    with clock.standing_at(at(11, 5)):
        said = " ".join(str(line.why) for story in matters.clocks_of(begun.case) for line in story.days)
    assert "Stopped since 2026-11-03: survey." in said


def test_ordering_twice_with_one_command_orders_once(begun):
    with clock.standing_at(at(11, 3)):
        window = begun.world.actor("window")
        command = proceedings.Order(new_command_id(), begun.case_id, "survey", "核实。", "条件。", 5)
        assert proceedings.order(window, command) == proceedings.order(window, command)
    assert Proceeding.objects.count() == ClockStop.objects.count() == 1
    assert Notice.objects.filter(dedup_key__startswith="proceeding:").count() == 1


def test_one_of_a_kind_at_a_time(begun):
    with clock.standing_at(at(11, 3)):
        order(begun)
        with pytest.raises(Conflict, match="already"):
            order(begun)
    assert ClockStop.objects.count() == 1


def test_the_record_is_entered_once(begun):
    with clock.standing_at(at(11, 3)):
        made = order(begun)
        enter_record(begun, made)
        with pytest.raises(Conflict, match="closed already"):
            enter_record(begun, made)


@pytest.mark.parametrize("username", ["market", "head", "approver"])
def test_who_has_no_open_step_orders_nothing(begun, username):
    with clock.standing_at(at(11, 3)), pytest.raises(Forbidden, match="open step"):
        order(begun, username)


@pytest.mark.parametrize("username", ["agent", "agent2", "registrar"])
def test_strangers_and_applicants_order_nothing(begun, username):
    with clock.standing_at(at(11, 3)), pytest.raises((NotFound, Forbidden)):
        order(begun, username)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "picnic"}, "kind"),
        ({"reason": " "}, "reason"),
        ({"asked": ""}, "asked"),
        ({"expected_days": 0}, "expected_days"),
        ({"expected_days": 251}, "expected_days"),
        ({"planned_on": on(11, 2)}, "planned_on"),
    ],
)
def test_an_order_that_lacks_something_is_refused_at_its_field(begun, changes, field):
    with clock.standing_at(at(11, 3)), pytest.raises(Refusal) as refusal:
        order(begun, **changes)
    assert list(refusal.value.fields) == [field]
    assert begun.case.due_on == on(11, 5)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": on(11, 2)}, "held_on"),
        ({"held_on": on(11, 5)}, "held_on"),
        ({"participants": ""}, "participants"),
        ({"findings": " "}, "findings"),
    ],
)
def test_a_record_that_lacks_something_is_refused_and_the_clock_stands(begun, changes, field):
    with clock.standing_at(at(11, 3)):
        made = order(begun)
    with clock.standing_at(at(11, 4)), pytest.raises(Refusal) as refusal:
        enter_record(begun, made, **changes)
    assert list(refusal.value.fields) == [field]
    assert begun.case.due_on is None


def test_a_decided_case_has_no_procedures(begun):
    with clock.standing_at(at(11, 3)):
        begun.to_approval()
        begun.finish("approval", "approver", "deny", opinion="不符合条件。", clause="某条")
        with pytest.raises((Conflict, Forbidden)):
            order(begun, "approver")


def test_a_case_that_is_withdrawn_ends_what_is_under_way(begun):
    with clock.standing_at(at(11, 3)):
        made = order(begun)
        agent = begun.world.actor("agent2")
        matters.withdraw(agent, matters.Withdraw(new_command_id(), begun.case_id, "项目调整。"))
        timeline.settle()
    made.refresh_from_db()
    assert (made.state, made.closed_by) == (State.CALLED_OFF, None)
    assert begun.case.due_on is None


def test_the_journal_and_the_applicant_are_told(begun):
    with clock.standing_at(at(11, 3)):
        enter_record(begun, order(begun))
    facts = journal.facts(journal.about("case", begun.case_id).filter(kind__startswith="proceeding."))
    assert [fact.kind for fact in facts] == ["proceeding.ordered", "proceeding.recorded"]
    assert facts[0].data["expected_days"] == 5
    told = [
        str(n.template) % n.params for n in Notice.objects.filter(dedup_key__startswith="proceeding:").order_by("id")
    ]
    assert "5 working days" in told[0]
    assert "runs on" in told[1]


def test_only_who_ordered_it_or_has_an_open_step_closes_it(begun):
    with clock.standing_at(at(11, 3)):
        made = order(begun)
        with pytest.raises(Forbidden, match="other hands"):
            enter_record(begun, made, "head")
        begun.finish("acceptance", "window", "correct", items=("合同缺少签章。",))
        enter_record(begun, made, "window")
